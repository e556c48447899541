@0xadd27462421193ec;
# The values that predicates are made of, each spelt one way in JSON (S4). A value is a struct of
# its own, so that "absent", "undisclosed" and zero are three different things: in Cap'n Proto
# only pointers can be absent.

using Cxx = import "/capnp/c++.capnp";
$Cxx.namespace("carnet::wire");

annotation required @0xd5e2b9f3a1c40711 (field) :Void;
# Its absence is refused. An empty list counts as present; see `notEmpty`.

annotation undisclosable @0xb1c7f0d2943e6a55 (field) :Void;
# The string "undisclosed" is accepted, and means "declined to state". Elsewhere it is refused, even
# in text fields. Here its other spellings, such as "Undisclosed", are.

annotation notEmpty @0xa8f1143bd0925c17 (field) :Void;
# An empty list is refused, and so is text that is empty or only spaces.

annotation maxValue @0xe0b6a4c83d7f1229 (field) :UInt64;
# Maximum of a count.

annotation multiLine @0xc94d1f7be8a35063 (field) :Void;
# Text that may contain LF, up to 64 KiB long (`seen`); other text is one line of <= 4,096 bytes.

annotation maxItems @0x9f5b2c6e017ad381 (field) :UInt32;
# Maximum number of elements of a list; 100,000 without it. Bounds the memory a hostile line takes.

annotation jsonName @0xf3a09ce5d4178b2d (field) :Text;
# The name in JSON where it does not follow the one rule (camelCase to snake_case).

annotation foreign @0x8d21b7e96cf4a035 (struct) :Void;
# A predicate that others define (SLSA): names stay camelCase, unknown fields are skipped.

struct Count {
  # JSON integer up to 2^53-1, above that a decimal string up to 2^64-1; the other spelling is
  # refused.
  union {
    value @0 :UInt64;
    undisclosed @1 :Void;
  }
}

struct FlopAmount {
  # Decimal string without leading zero, below 2^128. high * 2^64 + low.
  union {
    value :group {
      high @0 :UInt64;
      low @1 :UInt64;
    }
    undisclosed @2 :Void;
  }
}

struct Digest {
  # 32 bytes, 64 lowercase hex digits: a statement id, model digest, root, commitment, …
  union {
    bytes @0 :Data;
    undisclosed @1 :Void;
  }
}

struct SignerRef {
  bytes @0 :Data;
  # Signer id, 33 bytes (core/signer_id.h): "key:" or "identity:" and 64 lowercase hex digits (S1).
}

struct Nonce {
  text @0 :Text;
  # 32 lowercase hex digits, kept as text because ids are hashed over the text (S3).
}

struct Time {
  ms @0 :UInt64;
  # Milliseconds since 1970-01-01 UTC: `YYYY-MM-DDThh:mm:ss.mmmZ`.
}

struct Flag {
  value @0 :Bool;
}

struct Span {
  # A half-open range of steps.
  from @0 :Count $required;  # first step
  to @1 :Count $required;  # step after the last
}

struct Period {
  from @0 :Time $required;  # start, YYYY-MM-DDThh:mm:ss.mmmZ
  to @1 :Time $required;  # end, YYYY-MM-DDThh:mm:ss.mmmZ
}

struct Head {
  # S1: added by the signer, first in every predicate of ours.
  signer @0 :SignerRef $required;  # who signs (S1)
  ledger @1 :Digest $required;
  # The 32-byte log id that the statement is meant for.
  created @2 :Time $required;  # when
  nonce @3 :Nonce $required;  # 32 random hex digits
}

struct After {
  # S10: log index of the predecessor, and the root of the tree of size index + 1.
  index @0 :Count $required;  # log index of the predecessor
  root @1 :Digest $required;  # of the tree of size index + 1
}

struct FileEntry {
  path @0 :Text $required;  # relative, with `/`
  sha256 @1 :Digest $required;  # of its bytes
  bytes @2 :Count $required;  # its size
}

struct WeightSetRoot {
  # S6: the tensor root of one weight set, named by the path of its index, file or first shard.
  set @0 :Text $required $notEmpty;  # path of its index, file or first shard
  root @1 :Digest $required;  # tensor root (S6)
}

enum Precision {
  unset @0;
  fp64 @1;
  fp32 @2;
  tf32 @3;
  bf16 @4;
  fp16 @5;
  fp8 @6;
  fp6 @7;
  fp4 @8;
  int8 @9;
}

enum EdgeType {
  # All except distilledFrom and syntheticDataFrom carry weights.
  unset @0;
  fineTunedFrom @1;
  initialisedFrom @2;
  mergedFrom @3;
  adapterOn @4;
  quantisedFrom @5;
  distilledFrom @6;
  syntheticDataFrom @7;
  ablatedFrom @8;
}

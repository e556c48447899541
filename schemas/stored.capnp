@0xe5bef89c7dbe4a48;
# What the ledger keeps of one attestation, beside its leaf. Persistent: do not change numbers or
# defaults.

using Cxx = import "/capnp/c++.capnp";
$Cxx.namespace("carnet::wire");

struct StoredAttestation {
  statement @0 :Data;  # statement id, 32 bytes: what the leaf commits to
  signature @1 :Data;  # DER, as in the DSSE envelope
  # The signer's part of the leaf. The second form takes no more room in this struct than the first,
  # so that records of keys are the same bytes as before it was there.
  credential :union {
    spki @2 :Data;     # SubjectPublicKeyInfo, DER
    full @6 :Credential;
  }
  signer @3 :Data;     # signer id, 33 bytes (core/signer_id.h)
  union {
    payload @4 :Data;  # the in-toto Statement, the bytes that were signed
    absent @5 :Absence;
  }
}

# Of a signer with a certificate, or of a signature with time stamps.
struct Credential {
  spki @0 :Data;               # SubjectPublicKeyInfo, DER; empty with a certificate
  certificate @1 :Data;        # X.509, DER; empty without
  timestamps @2 :List(Data);   # RFC 3161 responses over the signature, DER; not judged
}

# The statement is logged, and its text is not here.
struct Absence {
  cause @0 :Cause;
  since @1 :UInt64;  # milliseconds since 1970-01-01T00:00:00Z
  reason @2 :Text;
  terms @3 :Data;    # what the index has of it (ledger/index_terms.h)

  enum Cause {
    withheld @0;  # never stored
    erased @1;
  }
}

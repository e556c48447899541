@0x9274457de8a0f4a7;
# The verdict: SLSA Verification Summary Attestation v1
# (https://slsa.dev/verification_summary/v1), with fields of ours (carnet_) beside SLSA's.

using Cxx = import "/capnp/c++.capnp";
$Cxx.namespace("carnet::wire");

using V = import "values.capnp";

struct DigestSet $V.foreign {
  sha256 @0 :V.Digest;
}

struct Verifier $V.foreign {
  id @0 :Text $V.required;
}

struct ResourceRef $V.foreign {
  uri @0 :Text;
  digest @1 :DigestSet;
}

struct JudgedCheckpoint $V.foreign {
  size @0 :V.Count $V.required;
  root @1 :V.Digest $V.required;
}

struct Verdict $V.foreign {
  verifier @0 :Verifier $V.required;
  timeVerified @1 :V.Time $V.required;  # time of the verification
  resourceUri @2 :Text $V.required;
  policy @3 :ResourceRef $V.required;
  inputAttestations @4 :List(ResourceRef) $V.required $V.notEmpty;  # [0]: the passport
  verificationResult @5 :Text $V.required;  # PASSED or FAILED
  verifiedLevels @6 :List(Text) $V.required;  # CARNET_LEVEL_1, … (docs/levels.md), or FAILED
  slsaVersion @7 :Text;
  carnetAt @8 :V.Time $V.jsonName("carnet_at");
  carnetCheckpoint @9 :JudgedCheckpoint $V.jsonName("carnet_checkpoint");
  carnetIncluded @10 :List(ResourceRef) $V.jsonName("carnet_included");
  # Policies that were part of the one named: the trust directory's own hub-default.
  carnetChips @11 :List(ResourceRef) $V.jsonName("carnet_chips");
  # Chip catalogues that went before the shipped one, the last before all others.
}

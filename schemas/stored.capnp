@0xe5bef89c7dbe4a48;
# What the ledger keeps of one attestation, beside its leaf. Persistent: do not change numbers or
# defaults.

using Cxx = import "/capnp/c++.capnp";
$Cxx.namespace("carnet::wire");

struct StoredAttestation {
  payload @0 :Data;    # the in-toto Statement, the bytes that were signed
  signature @1 :Data;  # DER, as in the DSSE envelope
  spki @2 :Data;       # SubjectPublicKeyInfo of the signer, DER
  signer @3 :Data;     # signer id, 33 bytes (core/signer_id.h)
}

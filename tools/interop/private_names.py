"""Who signs, and what, in the private Sigstore: for its maker and for those who ask about it."""
IDENTITY, ISSUER = "builder@interop.test", "https://issuer.interop.test"
PREDICATE_TYPE = "https://interop.test/predicate/v1"

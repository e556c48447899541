#include "tests/support/statement_text.h"

#include "core/base64.h"
#include "crypto/sha256.h"
#include "tests/support/drafts.h"

namespace carnet::test {

std::string WithHead(const HeadTerms& head, const std::string& draft) {
  return With(R"("head":{"signer":)" + Quoted(head.signer) + R"(,"ledger":)" + Quoted(head.ledger) +
                  R"(,"created":"2026-01-01T00:00:00.000Z",)" + R"("nonce":)" + Quoted(head.nonce) +
                  "}",
              draft);
}

Subjects IdSubject(std::string_view kind, const std::string& made_from) {
  const std::string text = "carnet-" + std::string(kind) + "-id-v1\n" + made_from;
  return {{"id", drafts::Hex(crypto::Sha256Of(text))}};
}

std::string PredicateType(std::string_view kind) {
  return "urn:carnet:" + std::string(kind) + ":v1";
}

std::string StatementText(std::string_view predicate_type, const Subjects& subjects,
                          const std::string& predicate) {
  drafts::Texts list;
  for (const auto& [name, digest] : subjects) {
    list.push_back(R"({"name":)" + Quoted(name) + R"(,"digest":{"sha256":)" + Quoted(digest) +
                   "}}");
  }
  return R"({"_type":"https://in-toto.io/Statement/v1","subject":)" + drafts::List(list) +
         R"(,"predicateType":)" + Quoted(predicate_type) + R"(,"predicate":)" + predicate + "}";
}

std::string HashedRekordText(ByteSpan payload_hash, ByteSpan signature, ByteSpan spki) {
  return R"({"apiVersion":"0.0.2","kind":"hashedrekord","spec":{"hashedRekordV002":{"data":)"
         R"({"algorithm":"SHA2_256","digest":")" +
         Base64Encode(payload_hash) + R"("},"signature":{"content":")" + Base64Encode(signature) +
         R"(","verifier":{"keyDetails":"PKIX_ECDSA_P256_SHA_256","publicKey":{"rawBytes":")" +
         Base64Encode(spki) + R"("}}}}}})";
}

}  // namespace carnet::test

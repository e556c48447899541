// A draft as the text that is signed and as the leaf that is logged, put together by hand from the
// specifications, without signer/, sigstore/ and the codec.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/bytes.h"

namespace carnet::test {

using Subjects = std::vector<std::pair<std::string, std::string>>;  // name, hex digest

struct HeadTerms {
  std::string signer;  // `key:<hex>`
  std::string ledger;
  std::string nonce = "00112233445566778899aabbccddeeff";
};
std::string WithHead(const HeadTerms& head, const std::string& draft);

// S3: the subject `id` of a statement of that kind, made from a device's id or else the nonce.
Subjects IdSubject(std::string_view kind, const std::string& made_from);
// `urn:carnet:<kind>:v1`.
std::string PredicateType(std::string_view kind);
std::string StatementText(std::string_view predicate_type, const Subjects& subjects,
                          const std::string& predicate);

// Rekor's hashedrekord 0.0.2 of a signed payload, in RFC 8785.
std::string HashedRekordText(ByteSpan payload_hash, ByteSpan signature, ByteSpan spki);

}  // namespace carnet::test

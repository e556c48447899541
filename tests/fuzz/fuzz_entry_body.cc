// A log entry's body is read as one kind at most, has signatures with a key or a certificate each,
// and a whole digest. A leaf of ours is read to the same.
#include <cstddef>
#include <cstdint>

#include "core/check.h"
#include "crypto/certificate.h"
#include "sigstore/entry_body.h"
#include "sigstore/hashedrekord.h"

using namespace carnet::sigstore;

namespace {

struct Stated {
  EntryKind kind;
  std::string_view name;
  std::string_view version;
};

constexpr Stated kStated[] = {{EntryKind::kHashedRekord001, "hashedrekord", "0.0.1"},
                              {EntryKind::kHashedRekord002, "hashedrekord", "0.0.2"},
                              {EntryKind::kDsse001, "dsse", "0.0.1"},
                              {EntryKind::kIntoto002, "intoto", "0.0.2"}};

// Only hashedrekord 0.0.2 leaves key and certificate to be parsed by whoever compares them.
void CheckSignature(const LoggedSignature& signature, EntryKind kind) {
  CARNET_CHECK(!signature.signature.empty());
  CARNET_CHECK(signature.spki.empty() != signature.certificate.empty());
  if (kind == EntryKind::kHashedRekord002) return;
  if (signature.spki.empty()) {
    CARNET_CHECK(carnet::crypto::Certificate::Parse(signature.certificate).has_value());
  } else {
    CARNET_CHECK(carnet::crypto::PublicKey::ParseSpki(signature.spki).has_value());
  }
}

void CheckBody(const EntryBody& body, EntryKind kind) {
  CARNET_CHECK(body.kind == kind);
  CARNET_CHECK(body.digest.digest.size() == carnet::crypto::DigestSize(body.digest.algorithm));
  CARNET_CHECK(!body.signatures.empty() && body.signatures.size() <= 8);
  CARNET_CHECK(body.key_kind.has_value() == (kind == EntryKind::kHashedRekord002));
  CARNET_CHECK(body.payload_type.has_value() == (kind == EntryKind::kIntoto002));
  for (const LoggedSignature& signature : body.signatures) CheckSignature(signature, kind);
}

void CheckOurs(const HashedRekord& ours, std::string_view text) {
  if (ours.signature.empty() || ours.spki.empty()) return;
  const auto body = ReadEntryBody(text, kEntryKind, kEntryVersion);
  CARNET_CHECK(body.has_value());
  CARNET_CHECK(body->digest.digest == carnet::ToBytes(ours.statement.span()));
  CARNET_CHECK(body->signatures.front().signature == ours.signature);
  CARNET_CHECK(body->signatures.front().spki == ours.spki);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view text = carnet::AsText({data, size});
  size_t read = 0;
  for (const Stated& stated : kStated) {
    const auto body = ReadEntryBody(text, stated.name, stated.version);
    if (!body) continue;
    ++read;
    CheckBody(*body, stated.kind);
  }
  CARNET_CHECK(read <= 1);
  if (const auto ours = ReadHashedRekord(text)) CheckOurs(*ours, text);
  return 0;
}

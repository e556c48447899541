// A certificate is exactly its bytes, in DER and in PEM; a path is made of what was given, is valid
// at its time, and ends where its leaf's signature is changed. Input: certificates behind their
// sizes, the leaf first, the anchor last.
#include <cstddef>
#include <cstdint>

#include <algorithm>

#include "core/check.h"
#include "crypto/certificate.h"
#include "crypto/pem.h"
#include "tests/fuzz/sized_parts.h"

using carnet::Bytes;
using carnet::ByteSpan;
using namespace carnet::crypto;

namespace {

void CheckOne(const Certificate& certificate, ByteSpan der) {
  CARNET_CHECK(std::ranges::equal(certificate.der(), der));
  const auto again = Certificate::ParsePem(WritePem("CERTIFICATE", der));
  CARNET_CHECK(again.has_value() && again->size() == 1 && again->front() == certificate);
  CARNET_CHECK(carnet::FormatTimestamp(certificate.not_after()).size() == 24);
  for (const AlternativeName& name : certificate.alternative_names()) {
    CARNET_CHECK(!name.text.empty());
  }
  certificate.SubjectText();
  static_cast<void>(certificate.Utf8Extension("1.3.6.1.4.1.57264.1.8"));
}

// The last byte is the signature's.
void CheckChangedLeaf(const Certificate& leaf, const std::vector<Certificate>& given) {
  Bytes der = leaf.der();
  der.back() ^= 1;
  const auto changed = Certificate::Parse(der);
  if (!changed || leaf == given.back()) return;
  CARNET_CHECK(!FindPath(*changed, given, std::span(given).last(1), leaf.not_before()));
}

void CheckPath(const std::vector<Certificate>& given) {
  const Certificate& leaf = given.front();
  const auto path = FindPath(leaf, given, std::span(given).last(1), leaf.not_before());
  if (!path) return;
  CARNET_CHECK(path->front() == leaf && path->back() == given.back());
  for (const Certificate& one : *path) {
    CARNET_CHECK(one.ValidAt(leaf.not_before()));
    CARNET_CHECK(one == leaf || one.is_ca());
  }
  CheckChangedLeaf(leaf, given);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  carnet::test::SizedParts parts({data, size});
  std::vector<Certificate> given;
  while (const auto der = parts.Next()) {
    const auto certificate = Certificate::Parse(*der);
    if (!certificate) return 0;
    CheckOne(*certificate, *der);
    given.push_back(*certificate);
    if (given.size() == 8) break;
  }
  if (!given.empty()) CheckPath(given);
  return 0;
}

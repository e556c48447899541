// Key files as PEM text, and as the JSON inside cosign's form. Costly derivations are left out:
// without one of the accepted costs in it, cosign's form must be refused before any is made.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "core/check.h"
#include "crypto/pem.h"
#include "sigstore/key_file.h"

using carnet::AsText;
using carnet::ByteSpan;
using carnet::crypto::SecretBytes;
using carnet::crypto::WritePem;
using namespace carnet::sigstore;

namespace {

void CheckPlain(std::string_view pem) {
  const auto form = DetectKeyFile(pem);
  if (!form || *form != KeyFileForm::kPkcs8) return;
  const auto first = OpenKeyFile(pem, SecretBytes(0));
  CARNET_CHECK(first.has_value());
  const auto second = OpenKeyFile(WritePem("PRIVATE KEY", first->Expose()), SecretBytes(0));
  CARNET_CHECK(second.has_value());
  CARNET_CHECK(std::ranges::equal(first->Expose(), second->Expose()));
}

void CheckPublic(std::string_view pem) {
  const auto first = ReadPublicKey(pem);
  if (!first) return;
  const auto second = ReadPublicKey(WritePublicKey(*first));
  CARNET_CHECK(second.has_value());
  CARNET_CHECK(*second == *first);
}

void CheckCosignBody(ByteSpan json) {
  for (std::string_view cost : {"32768", "65536", "131072"}) {
    if (AsText(json).find(cost) != std::string_view::npos) return;
  }
  const auto opened = OpenKeyFile(WritePem("ENCRYPTED SIGSTORE PRIVATE KEY", json), SecretBytes(0));
  CARNET_CHECK(!opened.has_value());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  CheckPlain(AsText({data, size}));
  CheckPublic(AsText({data, size}));
  CheckCosignBody({data, size});
  return 0;
}

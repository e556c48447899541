// A PEM block has one spelling, and whatever stands before it in the file is no part of it.
#include <cstddef>
#include <cstdint>
#include <string>

#include "core/check.h"
#include "crypto/pem.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  std::string text(carnet::AsText({data, size}));
  const auto block = carnet::crypto::ParsePem(text);
  if (!block) return 0;
  if (!text.ends_with('\n')) text += '\n';
  CARNET_CHECK(text.ends_with(carnet::crypto::WritePem(block->label, block->body.Expose())));
  return 0;
}

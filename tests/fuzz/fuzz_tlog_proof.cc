// A receipt file has one spelling, and its proof leads to a root or is refused.
#include <cstddef>
#include <cstdint>

#include "core/check.h"
#include "merkle/check_proof.h"
#include "merkle/checkpoint.h"
#include "merkle/hasher.h"
#include "merkle/tlog_proof.h"

using namespace carnet::merkle;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view text = carnet::AsText({data, size});
  const auto receipt = ParseTlogProof(text);
  if (!receipt) return 0;
  CARNET_CHECK(WriteTlogProof(*receipt) == text);
  const auto note = ParseUnverifiedNote(receipt->checkpoint);
  CARNET_CHECK(note.has_value());
  const auto checkpoint = ParseUnverifiedCheckpoint(note->text);
  if (!checkpoint) return 0;
  const auto leaf = HashLeaf({data, size});
  const auto root = RootFromInclusion(receipt->index, checkpoint->size, leaf, receipt->proof);
  const auto earlier = RootAtLeaf(receipt->index, checkpoint->size, leaf, receipt->proof);
  CARNET_CHECK(root.has_value() == earlier.has_value());
  if (root) CARNET_CHECK(checkpoint->size.Contains(receipt->index));
  return 0;
}

// A file that arrives in any pieces, of a size that nobody announced, says what it says when it
// comes whole; and its digest is that of its bytes. The first byte of the input chooses the name of
// the file, the second how it is cut.
#include <cstddef>
#include <cstdint>

#include "artifact/model_stream.h"
#include "core/check.h"
#include "crypto/sha256.h"

namespace carnet::artifact {
namespace {

constexpr const char* kPaths[] = {"model.safetensors",
                                  "model.gguf",
                                  "model.bin",
                                  "README.md",
                                  "picture.gif",
                                  "config.json",
                                  "model.safetensors.index.json",
                                  ".git/HEAD"};

Result<ModelFiles> Whole(const char* path, ByteSpan content) {
  ModelStream model({});
  CARNET_TRY(const auto file, model.Begin(path, content.size()));
  CARNET_TRY_VOID(file->Write(content));
  CARNET_TRY_VOID(file->Close());
  return model.Finish();
}

Result<ModelFiles> InPieces(const char* path, ByteSpan content, uint32_t seed) {
  ModelStream model({});
  CARNET_TRY(const auto file, model.Begin(path));
  while (!content.empty()) {
    seed = seed * 1'664'525 + 1'013'904'223;
    const size_t most = size_t{1} << (seed >> 28);
    const ByteSpan piece = content.first(std::min(content.size(), (seed >> 8) % most + 1));
    CARNET_TRY_VOID(file->Write(piece));
    content = content.subspan(piece.size());
  }
  CARNET_TRY_VOID(file->Close());
  return model.Finish();
}

void CheckSame(const ModelFiles& a, const ModelFiles& b) {
  CARNET_CHECK(a.files == b.files && a.digest == b.digest);
  CARNET_CHECK(a.weight_sets == b.weight_sets);
  CARNET_CHECK(a.warnings == b.warnings && a.not_covered == b.not_covered);
  CARNET_CHECK(a.executable_pickles == b.executable_pickles);
  CARNET_CHECK(a.unread_weights == b.unread_weights && a.leavable == b.leavable);
}

}  // namespace
}  // namespace carnet::artifact

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace carnet::artifact;
  if (size < 2) return 0;
  const char* const path = kPaths[data[0] % std::size(kPaths)];
  const carnet::ByteSpan content(data + 2, size - 2);
  const auto whole = Whole(path, content);
  const auto pieces = InPieces(path, content, data[1]);
  CARNET_CHECK(whole.has_value() == pieces.has_value());
  if (!whole) return 0;
  CheckSame(*whole, *pieces);
  CARNET_CHECK(whole->files[0].sha256 == carnet::crypto::Sha256Of(content));
  return 0;
}

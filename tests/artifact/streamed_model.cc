#include "tests/artifact/streamed_model.h"

#include <algorithm>
#include <filesystem>
#include <memory>
#include <random>
#include <vector>

#include "tests/support/test.h"
#include "tests/support/vectors.h"

namespace carnet::artifact {
namespace {

struct OpenFile {
  std::unique_ptr<StreamedFile> file;
  std::string_view rest;
};

class Sender {
 public:
  explicit Sender(const Way& way) : way_(way) {}

  size_t NextChunk() {
    if (way_.chunk == 0) return SIZE_MAX;
    if (way_.chunk != kRandomChunks) return way_.chunk;
    // Small ones often, large ones now and then, none at all sometimes.
    const size_t most = size_t{1} << (random_() % 19);
    return random_() % (most + 1);
  }

  // False when all of it is there.
  Result<bool> Advance(OpenFile& open) {
    const std::string_view chunk = open.rest.substr(0, NextChunk());
    CARNET_TRY_VOID(open.file->Write(AsBytes(chunk)));
    open.rest.remove_prefix(chunk.size());
    if (!open.rest.empty()) return true;
    CARNET_TRY_VOID(open.file->Close());
    return false;
  }

 private:
  const Way& way_;
  std::mt19937_64 random_{20'261'123};
};

}  // namespace

std::ostream& operator<<(std::ostream& out, const Way& way) { return out << way.name; }

std::map<std::string, std::string> FilesOf(const std::string& folder) {
  namespace fs = std::filesystem;
  std::map<std::string, std::string> files;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    if (!entry.is_regular_file()) continue;
    files[fs::relative(entry.path(), folder).string()] = test::Slurp(entry.path());
  }
  return files;
}

Result<ModelFiles> Stream(const std::map<std::string, std::string>& files, const Way& way,
                          StreamLimits limits) {
  ModelStream model(std::move(limits));
  Sender sender(way);
  std::vector<OpenFile> open;
  const auto begin = [&](const auto& file) -> Result<> {
    const uint64_t bytes = way.sizes_known ? file.second.size() : kUnknownBytes;
    CARNET_TRY(auto streamed, model.Begin(file.first, bytes));
    open.push_back({std::move(streamed), file.second});
    return Ok();
  };
  const auto send_all = [&]() -> Result<> {
    while (!open.empty()) {
      for (size_t i = open.size(); i > 0; --i) {
        CARNET_TRY(const bool more, sender.Advance(open[i - 1]));
        if (!more) open.erase(open.begin() + static_cast<std::ptrdiff_t>(i - 1));
      }
    }
    return Ok();
  };
  std::vector<std::map<std::string, std::string>::const_iterator> order;
  for (auto file = files.begin(); file != files.end(); ++file) order.push_back(file);
  if (way.backwards) std::reverse(order.begin(), order.end());
  for (const auto& file : order) {
    CARNET_TRY_VOID(begin(*file));
    if (!way.interleaved) CARNET_TRY_VOID(send_all());
  }
  CARNET_TRY_VOID(send_all());
  return model.Finish();
}

void CheckSame(const ModelFiles& streamed, const ModelFiles& on_disk) {
  BOOST_CHECK(streamed.files == on_disk.files);
  BOOST_CHECK(streamed.digest == on_disk.digest);
  BOOST_CHECK(streamed.weight_sets == on_disk.weight_sets);
  BOOST_TEST(streamed.not_covered == on_disk.not_covered, boost::test_tools::per_element());
  BOOST_TEST(streamed.warnings == on_disk.warnings, boost::test_tools::per_element());
  BOOST_CHECK_EQUAL(streamed.total_bytes, on_disk.total_bytes);
  BOOST_CHECK(streamed.adapter == on_disk.adapter);
  BOOST_TEST(streamed.executable_pickles == on_disk.executable_pickles,
             boost::test_tools::per_element());
  BOOST_CHECK(streamed.unread_weights == on_disk.unread_weights);
  BOOST_CHECK(streamed.leavable == on_disk.leavable);
}

}  // namespace carnet::artifact

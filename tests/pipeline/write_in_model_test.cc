#include "pipeline/write_in_model.h"

#include <sys/inotify.h>
#include <unistd.h>

#include <array>
#include <filesystem>
#include <set>

#include "tests/support/scratch_folder.h"
#include "tests/support/test.h"
#include "tests/support/vectors.h"

namespace carnet::pipeline {
namespace {

namespace fs = std::filesystem;
using test::ScratchFolder;
using Names = std::set<std::string>;

// The names that appear in a folder, as the kernel tells them.
class AppearingNames {
 public:
  explicit AppearingNames(const fs::path& folder) : fd_(::inotify_init1(IN_NONBLOCK)) {
    BOOST_REQUIRE(fd_ >= 0);
    BOOST_REQUIRE(::inotify_add_watch(fd_, folder.c_str(), IN_CREATE | IN_MOVED_TO) >= 0);
  }
  ~AppearingNames() { ::close(fd_); }

  Names Read() const {
    Names names;
    alignas(inotify_event) std::array<char, 16'384> buffer{};
    const ssize_t got = ::read(fd_, buffer.data(), buffer.size());
    for (ssize_t at = 0; at < got;) {
      const auto* event = reinterpret_cast<const inotify_event*>(&buffer[static_cast<size_t>(at)]);
      names.insert(event->name);
      at += static_cast<ssize_t>(sizeof(inotify_event) + event->len);
    }
    return names;
  }

 private:
  int fd_;
};

Names NamesIn(const fs::path& folder) {
  Names names;
  for (const auto& entry : fs::directory_iterator(folder)) names.insert(entry.path().filename());
  return names;
}

BOOST_AUTO_TEST_SUITE(write_in_model)

BOOST_AUTO_TEST_CASE(no_other_name_is_ever_seen_in_the_model) {
  const ScratchFolder folder;
  folder.Write("model/weights.bin", "w");
  const std::string model = folder / "model";
  const AppearingNames names(model);
  BOOST_REQUIRE(
      WriteInModel(model, model + "/claims.jsonl", "one", Overwrite::kForbid).has_value());
  BOOST_REQUIRE(WriteInModel(model + "/", model + "/claims.jsonl", "two", Overwrite::kReplace,
                             Readers::kAsBefore)
                    .has_value());
  BOOST_CHECK_EQUAL(test::Slurp(folder / "model/claims.jsonl"), "two");
  BOOST_CHECK(names.Read() == Names{"claims.jsonl"});
  BOOST_CHECK(NamesIn(folder.path()) == Names{"model"});
}

BOOST_AUTO_TEST_CASE(the_current_folder_may_be_the_model) {
  const ScratchFolder folder;
  folder.Write("model/weights.bin", "w");
  const fs::path before = fs::current_path();
  fs::current_path(folder / "model");
  const AppearingNames names(".");
  const auto written = WriteInModel(".", "model.sig", "s", Overwrite::kForbid);
  fs::current_path(before);
  BOOST_REQUIRE(written.has_value());
  BOOST_CHECK(names.Read() == Names{"model.sig"});
}

BOOST_AUTO_TEST_CASE(what_is_there_is_kept) {
  const ScratchFolder folder;
  folder.Write("model/model.sig", "mine");
  CHECK_ERROR(WriteInModel(folder / "model", folder / "model/model.sig", "s", Overwrite::kForbid),
              ErrorCode::kConflict, "model.sig");
  BOOST_CHECK_EQUAL(test::Slurp(folder / "model/model.sig"), "mine");
  BOOST_CHECK(NamesIn(folder.path()) == Names{"model"});
}

BOOST_AUTO_TEST_CASE(a_file_elsewhere_is_written_where_it_is) {
  const ScratchFolder folder;
  folder.Write("model/weights.bin", "w");
  folder.Write("out/other", "");
  const std::string model = folder / "model";
  BOOST_REQUIRE(WriteInModel(model, folder / "out/model.sig", "s", Overwrite::kForbid).has_value());
  BOOST_REQUIRE(
      WriteInModel(folder / "model/weights.bin", folder / "out/file.sig", "s", Overwrite::kForbid)
          .has_value());
  BOOST_CHECK(NamesIn(folder / "out") == (Names{"other", "model.sig", "file.sig"}));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace carnet::pipeline

#include "core/file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <string>

#include "tests/support/scratch_folder.h"
#include "tests/support/test.h"

namespace carnet {
namespace {

namespace fs = std::filesystem;

// An empty folder for one case.
class InFolder {
 public:
  std::string Path(const std::string& name) const { return folder_ / name; }
  void Put(const std::string& name, const std::string& content) const {
    folder_.Write(name, content);
  }
  size_t FileCount() const {
    return static_cast<size_t>(
        std::distance(fs::directory_iterator(folder_.path()), fs::directory_iterator()));
  }

 private:
  test::ScratchFolder folder_;
};

unsigned ModeOf(const std::string& path) {
  struct stat status {};
  BOOST_REQUIRE_EQUAL(::stat(path.c_str(), &status), 0);
  return status.st_mode & 0777;
}

BOOST_FIXTURE_TEST_SUITE(file, InFolder)

BOOST_AUTO_TEST_CASE(reads_a_file_up_to_its_bound) {
  const std::string content(100'000, 'a');
  Put("file", content);
  REQUIRE_VALUE(const std::string read, ReadFile(Path("file"), content.size()));
  BOOST_CHECK(read == content);
  CHECK_ERROR(ReadFile(Path("file"), content.size() - 1), ErrorCode::kMalformed,
              Path("file") + ": larger than the limit of 99999 bytes");
  Put("empty", "");
  REQUIRE_VALUE(const std::string empty, ReadFile(Path("empty"), 0));
  BOOST_CHECK(empty.empty());
}

BOOST_AUTO_TEST_CASE(reads_the_beginning_of_a_larger_file) {
  Put("file", "0123456789");
  for (const uint64_t bound : {0u, 1u, 9u, 10u, 11u}) {
    REQUIRE_VALUE(const std::string read, ReadFilePrefix(Path("file"), bound));
    BOOST_CHECK_EQUAL(read, std::string("0123456789").substr(0, bound));
  }
  REQUIRE_VALUE(const std::string zeros, ReadFilePrefix("/dev/zero", 100'000));
  BOOST_CHECK(zeros == std::string(100'000, '\0'));
}

BOOST_AUTO_TEST_CASE(bounds_files_that_do_not_report_their_size) {
  CHECK_ERROR(ReadFile("/dev/zero", 1000), ErrorCode::kMalformed, "larger than the limit");
  REQUIRE_VALUE(const std::string nothing, ReadFile("/dev/null", 1000));
  BOOST_CHECK(nothing.empty());
  BOOST_REQUIRE_EQUAL(::mkfifo(Path("pipe").c_str(), 0600), 0);
  const FileDescriptor both_ends(::open(Path("pipe").c_str(), O_RDWR | O_CLOEXEC));
  BOOST_REQUIRE_EQUAL(::write(both_ends.get(), "0123456789", 10), 10);
  CHECK_ERROR(ReadFile(Path("pipe"), 9), ErrorCode::kMalformed, "larger than the limit");
}

BOOST_AUTO_TEST_CASE(says_why_it_cannot_read) {
  CHECK_ERROR(ReadFile(Path("absent"), 10), ErrorCode::kNotFound,
              Path("absent") + ": open: No such");
  CHECK_ERROR(ReadFile(Path("."), 10), ErrorCode::kIo, "a folder, not a file");
}

BOOST_AUTO_TEST_CASE(writes_a_file_with_its_mode_and_nothing_else) {
  BOOST_CHECK(WriteFileAtomic(Path("key"), "secret", Overwrite::kForbid, 0600).has_value());
  REQUIRE_VALUE(const std::string read, ReadFile(Path("key"), 100));
  BOOST_CHECK_EQUAL(read, "secret");
  BOOST_CHECK_EQUAL(ModeOf(Path("key")), 0600u);
  BOOST_CHECK(WriteFileAtomic(Path("open"), "", Overwrite::kReplace).has_value());
  BOOST_CHECK_EQUAL(ModeOf(Path("open")), 0644u);
  BOOST_CHECK_EQUAL(FileCount(), 2u);
}

BOOST_AUTO_TEST_CASE(replaces_a_file_only_where_it_may) {
  Put("file", "old");
  CHECK_ERROR(WriteFileAtomic(Path("file"), "new", Overwrite::kForbid), ErrorCode::kConflict,
              Path("file") + ": the file exists");
  REQUIRE_VALUE(const std::string kept, ReadFile(Path("file"), 100));
  BOOST_CHECK_EQUAL(kept, "old");
  BOOST_CHECK(WriteFileAtomic(Path("file"), "new", Overwrite::kReplace).has_value());
  REQUIRE_VALUE(const std::string replaced, ReadFile(Path("file"), 100));
  BOOST_CHECK_EQUAL(replaced, "new");
  BOOST_CHECK_EQUAL(FileCount(), 1u);
}

BOOST_AUTO_TEST_CASE(does_not_write_through_a_link_to_nowhere) {
  fs::create_symlink(Path("elsewhere"), Path("link"));
  CHECK_ERROR(WriteFileAtomic(Path("link"), "new", Overwrite::kForbid), ErrorCode::kConflict,
              "exists");
  BOOST_CHECK(!PathExists(Path("elsewhere")));
  BOOST_CHECK(PathExists(Path("link")));
}

BOOST_AUTO_TEST_CASE(leaves_nothing_behind_when_it_fails) {
  fs::create_directories(Path("folder/full"));
  CHECK_ERROR(WriteFileAtomic(Path("folder"), "new", Overwrite::kReplace), ErrorCode::kIo,
              Path("folder") + ": rename");
  BOOST_CHECK_EQUAL(FileCount(), 1u);
  CHECK_ERROR(WriteFileAtomic(Path("absent/file"), "new", Overwrite::kReplace),
              ErrorCode::kNotFound, Path("absent/file") + ": create");
}

BOOST_AUTO_TEST_CASE(a_descriptor_is_closed_once) {
  Put("file", "content");
  FileDescriptor first(::open(Path("file").c_str(), O_RDONLY | O_CLOEXEC));
  const int fd = first.get();
  {
    const FileDescriptor second(std::move(first));
    BOOST_CHECK_EQUAL(second.get(), fd);
    BOOST_CHECK_EQUAL(first.get(), -1);  // NOLINT(bugprone-use-after-move): the claim
  }
  BOOST_CHECK_EQUAL(::fcntl(fd, F_GETFD), -1);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace carnet

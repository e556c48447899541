#include "core/file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <filesystem>
#include <string>
#include <thread>

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
}

BOOST_AUTO_TEST_CASE(reads_a_pipe_that_it_was_given_and_no_pipe_with_a_name) {
  std::array<int, 2> ends{};
  BOOST_REQUIRE_EQUAL(::pipe2(ends.data(), O_CLOEXEC), 0);
  const FileDescriptor out(ends[0]);
  FileDescriptor in(ends[1]);
  BOOST_REQUIRE_EQUAL(::write(in.get(), "0123456789", 10), 10);
  for (const std::string folder : {"/dev/fd/", "/proc/self/fd/"}) {
    REQUIRE_VALUE(const std::string read,
                  ReadFilePrefix(folder + std::to_string(out.get()), folder == "/dev/fd/" ? 4 : 3));
    BOOST_CHECK_EQUAL(read, folder == "/dev/fd/" ? "0123" : "456");
  }
  CHECK_ERROR(ReadFile("/dev/fd/" + std::to_string(out.get()), 2), ErrorCode::kMalformed,
              "larger than the limit");

  BOOST_REQUIRE_EQUAL(::mkfifo(Path("pipe").c_str(), 0600), 0);
  CHECK_ERROR(ReadFile(Path("pipe"), 9), ErrorCode::kIo, "pipe: a named pipe, not a file");
  const FileDescriptor both_ends(::open(Path("pipe").c_str(), O_RDWR | O_CLOEXEC));
  BOOST_REQUIRE_EQUAL(::write(both_ends.get(), "0123456789", 10), 10);
  CHECK_ERROR(ReadFile(Path("pipe"), 10), ErrorCode::kIo, "pipe: a named pipe, not a file");
}

BOOST_AUTO_TEST_CASE(waits_for_the_writer_of_a_pipe_that_it_was_given) {
  std::array<int, 2> ends{};
  BOOST_REQUIRE_EQUAL(::pipe2(ends.data(), O_CLOEXEC), 0);
  const FileDescriptor out(ends[0]);
  std::thread writer([in = FileDescriptor(ends[1])] {
    ::usleep(50'000);
    [[maybe_unused]] const ssize_t written = ::write(in.get(), "late", 4);
  });
  const auto read = ReadFilePrefix("/dev/fd/" + std::to_string(out.get()), 4);
  writer.join();
  REQUIRE_VALUE(const std::string late, read);
  BOOST_CHECK_EQUAL(late, "late");
}

BOOST_AUTO_TEST_CASE(knows_the_descriptors_that_paths_name) {
  const std::pair<const char*, int> paths[] = {
      {"/dev/stdin", 0},     {"/dev/stdout", 1},   {"/dev/stderr", 2}, {"/dev/fd/63", 63},
      {"/dev/fd/", -1},      {"/dev/fd/-1", -1},   {"/dev/fd/1x", -1}, {"/proc/self/fd/7", 7},
      {"/dev/fd/../fd", -1}, {"/dev/stdout/", -1}, {"dev/stdout", -1}, {"", -1}};
  for (const auto& [path, fd] : paths) BOOST_CHECK_EQUAL(GivenDescriptor(path), fd);
}

BOOST_AUTO_TEST_CASE(says_why_it_cannot_read) {
  CHECK_ERROR(ReadFile(Path("absent"), 10), ErrorCode::kNotFound,
              Path("absent") + ": open: No such");
  CHECK_ERROR(ReadFile(Path("."), 10), ErrorCode::kIo, "a folder, not a file");
}

BOOST_AUTO_TEST_CASE(writes_a_file_with_its_mode_and_nothing_else) {
  BOOST_CHECK(
      WriteFileAtomic(Path("key"), "secret", Overwrite::kForbid, Readers::kOwnerOnly).has_value());
  REQUIRE_VALUE(const std::string read, ReadFile(Path("key"), 100));
  BOOST_CHECK_EQUAL(read, "secret");
  BOOST_CHECK_EQUAL(FileCount(), 1u);
}

BOOST_AUTO_TEST_CASE(respects_the_umask_except_for_secrets) {
  const mode_t before = ::umask(0);
  for (const auto& [mask, mode] :
       {std::pair<mode_t, unsigned>{0000, 0666u}, {0022, 0644u}, {0027, 0640u}, {0077, 0600u}}) {
    ::umask(mask);
    const bool written = WriteFileAtomic(Path("open"), "", Overwrite::kReplace).has_value();
    BOOST_CHECK(written);
    BOOST_CHECK_EQUAL(ModeOf(Path("open")), mode);
  }
  for (const mode_t mask : {0000u, 0022u, 0277u}) {
    ::umask(mask);
    BOOST_CHECK(WriteFileAtomic(Path("key"), "secret", Overwrite::kReplace, Readers::kOwnerOnly)
                    .has_value());
    BOOST_CHECK_EQUAL(ModeOf(Path("key")), 0600u);
  }
  ::umask(before);
}

BOOST_AUTO_TEST_CASE(replaces_nothing_but_a_regular_file) {
  Put("file", "old");
  fs::create_symlink(Path("file"), Path("link"));
  BOOST_REQUIRE_EQUAL(::mkfifo(Path("pipe").c_str(), 0600), 0);
  for (const char* name : {"link", "pipe"}) {
    CHECK_ERROR(WriteFileAtomic(Path(name), "new", Overwrite::kReplace), ErrorCode::kIo,
                "is not a regular file, and nothing else is replaced");
  }
  BOOST_CHECK(fs::is_symlink(Path("link")));
  BOOST_CHECK(fs::is_fifo(Path("pipe")));
  REQUIRE_VALUE(const std::string kept, ReadFile(Path("file"), 100));
  BOOST_CHECK_EQUAL(kept, "old");
  BOOST_CHECK_EQUAL(FileCount(), 3u);
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
              Path("folder") + ": is not a regular file");
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

// WriteFileAtomic by its system calls: their order, and what is left behind when one of them fails.
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <string>

#include "core/file.h"
#include "tests/support/scratch_folder.h"
#include "tests/support/test.h"

namespace carnet {
namespace {

namespace fs = std::filesystem;

// What the calls below record, and where they behave differently from the system's.
struct Script {
  std::string calls;            // made so far, separated by spaces
  std::string failing;          // the call that fails, with EIO
  size_t bytes_a_write = 1000;  // taken by one call of write
  int interruptions = 0;        // writes still to fail with EINTR
  size_t bytes_that_fit = 1000;
};
Script script;

// Records a call; false if it is to fail.
bool Note(const std::string& name) {
  script.calls += (script.calls.empty() ? "" : " ") + name;
  errno = EIO;
  return name != script.failing;
}

std::string WithKind(const char* name, int fd) {
  struct stat status {};
  BOOST_REQUIRE_EQUAL(::fstat(fd, &status), 0);
  return std::string(name) + (S_ISDIR(status.st_mode) ? ":folder" : ":file");
}

ssize_t Write(int fd, const void* from, size_t count) {
  if (!Note("write")) return -1;
  if (script.interruptions > 0) {
    --script.interruptions;
    errno = EINTR;
    return -1;
  }
  const size_t taken = std::min({count, script.bytes_a_write, script.bytes_that_fit});
  errno = ENOSPC;
  if (taken == 0) return -1;
  script.bytes_that_fit -= taken;
  return ::write(fd, from, taken);
}

int Close(int fd) {
  const int closed = ::close(fd);  // the descriptor is gone even if close(2) fails
  return Note("close") ? closed : -1;
}

const FileCalls kScripted = {
    [](const char* path, mode_t mode) {
      return Note("create") ? ::open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode) : -1;
    },
    [](int fd, mode_t mode) { return Note("chmod") ? ::fchmod(fd, mode) : -1; },
    Write,
    [](int fd) { return Note(WithKind("fsync", fd)) ? ::fsync(fd) : -1; },
    Close,
    [](const char* from, const char* to) { return Note("rename") ? ::rename(from, to) : -1; },
    [](const char* from, const char* to) { return Note("link") ? ::link(from, to) : -1; },
    [](const char* path) { return Note("unlink") ? ::unlink(path) : -1; },
    [](const char* path, int flags) { return Note("open") ? ::open(path, flags) : -1; }};

size_t EntriesIn(const fs::path& folder) {
  return static_cast<size_t>(std::distance(fs::directory_iterator(folder), {}));
}

class Scripted {
 public:
  Scripted() { script = {}; }

  Result<> Write(Overwrite overwrite, std::string_view content = "new") const {
    return WriteFileAtomic(file(), content, overwrite, Readers::kOwnerOnly, kScripted);
  }
  std::string file() const { return folder / "file"; }
  std::string Content() const {
    const auto read = ReadFile(file(), 100);
    return read.has_value() ? *read : "absent";
  }

  test::ScratchFolder folder;
};

struct Failure {
  const char* call;
  const char* calls;  // all that are made when that one fails
  const char* reason;

  friend std::ostream& operator<<(std::ostream& out, const Failure& one) { return out << one.call; }
};

constexpr Failure kBeforeTheFileIsInPlace[] = {
    {"create", "create", "file: create: Input/output error"},
    {"chmod", "create chmod unlink", "file: chmod: Input/output error"},
    {"write", "create chmod write unlink", "file: write: Input/output error"},
    {"fsync:file", "create chmod write fsync:file unlink", "file: fsync: Input/output error"},
    {"close", "create chmod write fsync:file close unlink", "file: close: Input/output error"}};

constexpr Failure kAfterTheFileIsInPlace[] = {
    {"open", "open", ": open folder: Input/output error"},
    {"fsync:folder", "open fsync:folder", ": fsync of the folder: Input/output error"}};

BOOST_FIXTURE_TEST_SUITE(atomic_write, Scripted)

BOOST_AUTO_TEST_CASE(replaces_by_rename_between_fsync_of_the_file_and_of_its_folder) {
  BOOST_CHECK(Write(Overwrite::kReplace).has_value());
  BOOST_CHECK_EQUAL(script.calls, "create chmod write fsync:file close rename open fsync:folder");
}

BOOST_AUTO_TEST_CASE(creates_by_link_between_fsync_of_the_file_and_of_its_folder) {
  BOOST_CHECK(Write(Overwrite::kForbid).has_value());
  BOOST_CHECK_EQUAL(script.calls,
                    "create chmod write fsync:file close link unlink open fsync:folder");
  BOOST_CHECK_EQUAL(EntriesIn(folder.path()), 1u);
}

BOOST_DATA_TEST_CASE(keeps_the_old_file_when_a_call_fails_before,
                     boost::unit_test::data::make(kBeforeTheFileIsInPlace), one) {
  const size_t descriptors = EntriesIn("/proc/self/fd");
  for (const auto overwrite : {Overwrite::kForbid, Overwrite::kReplace}) {
    const bool replaces = overwrite == Overwrite::kReplace;
    if (replaces) folder.Write("file", "old");
    script = {.calls = "", .failing = one.call};
    CHECK_ERROR(Write(overwrite), ErrorCode::kIo, one.reason);
    BOOST_CHECK_EQUAL(script.calls, one.calls);
    BOOST_CHECK_EQUAL(Content(), replaces ? "old" : "absent");
    BOOST_CHECK_EQUAL(EntriesIn(folder.path()), replaces ? 1u : 0u);
  }
  BOOST_CHECK_EQUAL(EntriesIn("/proc/self/fd"), descriptors);
}

BOOST_AUTO_TEST_CASE(keeps_the_old_file_when_the_new_one_cannot_take_its_name) {
  script.failing = "link";
  CHECK_ERROR(Write(Overwrite::kForbid), ErrorCode::kIo, "file: link: Input/output error");
  BOOST_CHECK_EQUAL(EntriesIn(folder.path()), 0u);
  folder.Write("file", "old");
  script = {.calls = "", .failing = "rename"};
  CHECK_ERROR(Write(Overwrite::kReplace), ErrorCode::kIo, "file: rename: Input/output error");
  BOOST_CHECK_EQUAL(script.calls, "create chmod write fsync:file close rename unlink");
  BOOST_CHECK_EQUAL(Content(), "old");
  BOOST_CHECK_EQUAL(EntriesIn(folder.path()), 1u);
}

BOOST_DATA_TEST_CASE(reports_when_the_new_name_may_not_be_durable,
                     boost::unit_test::data::make(kAfterTheFileIsInPlace), one) {
  const size_t descriptors = EntriesIn("/proc/self/fd");
  folder.Write("file", "old");
  script.failing = one.call;
  CHECK_ERROR(Write(Overwrite::kReplace), ErrorCode::kIo, folder.str() + one.reason);
  BOOST_CHECK_EQUAL(script.calls,
                    std::string("create chmod write fsync:file close rename ") + one.calls);
  BOOST_CHECK_EQUAL(Content(), "new");
  BOOST_CHECK_EQUAL(EntriesIn(folder.path()), 1u);
  BOOST_CHECK_EQUAL(EntriesIn("/proc/self/fd"), descriptors);
}

BOOST_DATA_TEST_CASE(leaves_no_new_file_whose_name_may_not_be_durable,
                     boost::unit_test::data::make(kAfterTheFileIsInPlace), one) {
  script.failing = one.call;
  CHECK_ERROR(Write(Overwrite::kForbid), ErrorCode::kIo, folder.str() + one.reason);
  BOOST_CHECK_EQUAL(script.calls, std::string("create chmod write fsync:file close link unlink ") +
                                      one.calls + " unlink");
  BOOST_CHECK_EQUAL(EntriesIn(folder.path()), 0u);
}

BOOST_AUTO_TEST_CASE(continues_after_short_and_interrupted_writes) {
  script.bytes_a_write = 2;
  script.interruptions = 3;
  BOOST_CHECK(Write(Overwrite::kReplace, "01234").has_value());
  BOOST_CHECK_EQUAL(Content(), "01234");
  BOOST_CHECK_EQUAL(script.calls,
                    "create chmod write write write write write write fsync:file close rename "
                    "open fsync:folder");
}

BOOST_AUTO_TEST_CASE(keeps_the_old_file_when_the_disk_fills_up) {
  folder.Write("file", "old");
  script.bytes_a_write = 2;
  script.bytes_that_fit = 3;
  CHECK_ERROR(Write(Overwrite::kReplace, "01234"), ErrorCode::kIo,
              "file: write: No space left on device");
  BOOST_CHECK_EQUAL(Content(), "old");
  BOOST_CHECK_EQUAL(EntriesIn(folder.path()), 1u);
}

BOOST_AUTO_TEST_CASE(takes_another_name_where_the_temporary_file_has_one_already) {
  static int taken;
  taken = 3;
  FileCalls calls = kScripted;
  calls.create = [](const char* path, mode_t mode) {
    Note("create");
    errno = EEXIST;
    return taken-- > 0 ? -1 : ::open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
  };
  BOOST_CHECK(
      WriteFileAtomic(file(), "new", Overwrite::kForbid, Readers::kOwnerOnly, calls).has_value());
  BOOST_CHECK_EQUAL(Content(), "new");
  taken = 1000;
  CHECK_ERROR(WriteFileAtomic(file(), "new", Overwrite::kReplace, Readers::kOwnerOnly, calls),
              ErrorCode::kIo, "file: create: File exists");
}

BOOST_AUTO_TEST_CASE(syncs_a_folder) {
  BOOST_CHECK(SyncFolder(folder.str(), kScripted).has_value());
  BOOST_CHECK_EQUAL(script.calls, "open fsync:folder");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace carnet

#include "pipeline/find_project.h"

#include <fcntl.h>
#include <fmt/core.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <filesystem>

#include "core/file.h"
#include "core/utf8.h"
#include "trust/toml_table.h"

namespace carnet::pipeline {
namespace {

namespace fs = std::filesystem;

constexpr size_t kMaxShownPath = 300;
constexpr std::string_view kStandardInput = "-";

enum class Search { kNamed, kOnTheWay };

Result<std::string> ReadOpened(int fd, const std::string& path) {
  std::string text(trust::kMaxTomlBytes + 1, '\0');
  size_t used = 0;
  while (used < text.size()) {
    const ssize_t got = ::read(fd, text.data() + used, text.size() - used);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return SystemError(path, "read");
    if (got == 0) break;
    used += static_cast<size_t>(got);
  }
  text.resize(used);
  return text;
}

// Why nobody goes by this file; empty: it may be read.
std::string WhyNot(const struct stat& status, Search search) {
  const bool named_of_root = search == Search::kNamed && status.st_uid == 0;
  if (!S_ISREG(status.st_mode)) return "it is not a regular file";
  if (status.st_uid != ::geteuid() && !named_of_root) return "it belongs to another user";
  if ((status.st_mode & S_IWOTH) == 0) return "";
  return fmt::format("everybody may change it (mode {:04o})", status.st_mode & 07777);
}

struct OpenedProject {
  std::string text;
  std::string why_not;
};

// The owner and mode are those of the file that is read, not of what has its name a moment later.
// Errors: not_found, io.
Result<OpenedProject> OpenProject(const std::string& path, Search search) {
  const int follow = search == Search::kNamed ? 0 : O_NOFOLLOW;
  const FileDescriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | follow));
  if (file.get() < 0 && errno == ELOOP) return OpenedProject{"", "it is a link"};
  if (file.get() < 0) return SystemError(path, "open");
  struct stat status {};
  if (::fstat(file.get(), &status) != 0) return SystemError(path, "stat");
  OpenedProject opened{"", WhyNot(status, search)};
  if (!opened.why_not.empty()) return opened;
  CARNET_TRY(opened.text, ReadOpened(file.get(), path));
  return opened;
}

fs::path Canonical(const fs::path& path) {
  std::error_code failed;
  const fs::path absolute = fs::absolute(path, failed);
  fs::path canonical = fs::weakly_canonical(absolute, failed);
  return failed ? absolute : canonical;
}

// The folder of the model itself; of one file, the folder that it was downloaded to, and where the
// links lead that it may be. None, of what is not there: nothing came with it.
std::vector<fs::path> FoldersOfModel(const std::string& model) {
  constexpr int kMostLinks = 40;  // as many as the system follows
  std::error_code failed;
  if (model == kStandardInput) return {Canonical(".")};  // where it is from nobody can say
  if (!fs::exists(model, failed)) return {};
  if (fs::is_directory(model, failed)) return {Canonical(model)};
  std::vector<fs::path> folders;
  fs::path path = fs::absolute(model, failed);
  for (int links = 0; links < kMostLinks; ++links) {
    folders.push_back(Canonical(path.parent_path()));
    if (!fs::is_symlink(path, failed)) break;
    path = path.parent_path() / fs::read_symlink(path, failed);
  }
  return folders;
}

bool LiesIn(const fs::path& folder, const fs::path& path) {
  const auto [end, ignored] = std::mismatch(folder.begin(), folder.end(), path.begin(), path.end());
  return end == folder.end();
}

// Where it lies, and where a link that was named leads to.
bool LiesBeside(const fs::path& file, const std::vector<std::string>& judged) {
  std::error_code failed;
  const fs::path folder = Canonical(fs::absolute(file, failed).parent_path());
  const fs::path target = Canonical(file);
  return std::any_of(judged.begin(), judged.end(), [&](const std::string& model) {
    const std::vector<fs::path> folders = FoldersOfModel(model);
    return std::any_of(folders.begin(), folders.end(), [&](const fs::path& of_model) {
      return LiesIn(of_model, folder) || LiesIn(of_model, target);
    });
  });
}

// Whose it may be; empty: it is nobody's that is judged.
std::string_view WhoseElse(const fs::path& file, const Judged& judged) {
  if (LiesBeside(file, judged.models))
    return "it lies in or beside the model that is judged, and may have come with it";
  if (LiesBeside(file, judged.proofs))
    return "it lies in the folder of the proof, and may have come with it";
  return "";
}

Result<FoundProject> ReadFound(const std::string& text, const std::string& path) {
  CARNET_TRY(Project project, ReadProject(text, Printable(path, kMaxShownPath)));
  const std::string folder = fs::path(path).parent_path().string();
  return FoundProject{Printable(Canonical(path).string(), kMaxShownPath),
                      At(folder, std::move(project))};
}

Result<std::optional<FoundProject>> ReadNamed(const std::string& path, const Judged& judged) {
  CARNET_TRY(OpenedProject opened, OpenProject(path, Search::kNamed));
  if (const auto whose = WhoseElse(path, judged); !whose.empty()) opened.why_not = whose;
  if (!opened.why_not.empty())
    return Io(Printable(path, kMaxShownPath) + ": is not read: " + opened.why_not);
  CARNET_TRY(FoundProject found, ReadFound(opened.text, path));
  return std::optional(std::move(found));
}

// The working directory and those above it, the nearest first.
std::vector<fs::path> Folders() {
  std::vector<fs::path> folders;
  std::error_code failed;
  fs::path folder = fs::current_path(failed);
  const char* home = std::getenv("HOME");
  const fs::path last = home != nullptr && *home != '\0' ? Canonical(home) : fs::path();
  struct stat here {};
  if (failed || ::stat(folder.c_str(), &here) != 0) return folders;
  const dev_t file_system = here.st_dev;
  while (::stat(folder.c_str(), &here) == 0 && here.st_dev == file_system) {
    folders.push_back(folder);
    if (folder == last || folder == folder.parent_path()) break;
    folder = folder.parent_path();
  }
  return folders;
}

}  // namespace

ProjectChoice ChoiceOf(const std::string& option) {
  if (!option.empty()) return {option};
  const char* named = std::getenv("CARNET_CONFIG");
  return {named == nullptr ? "" : named};
}

Result<std::optional<FoundProject>> FindProject(
    const ProjectChoice& choice, const Judged& judged,
    const std::function<void(const std::string&)>& warn) {
  if (choice.named == "none") return std::optional<FoundProject>();
  if (!choice.named.empty()) return ReadNamed(choice.named, judged);
  const std::vector<fs::path> folders = Folders();
  for (const fs::path& folder : folders) {
    // In the working directory itself paths stay short.
    const bool here = &folder == &folders.front();
    const std::string path = (here ? fs::path(kProjectFile) : folder / kProjectFile).string();
    auto opened = OpenProject(path, Search::kOnTheWay);
    if (!opened && opened.error().code == ErrorCode::kNotFound) continue;
    if (opened && opened->why_not.empty()) opened->why_not = WhoseElse(path, judged);
    if (!opened || !opened->why_not.empty()) {
      warn(opened
               ? fmt::format("{} is not read: {}", Printable(path, kMaxShownPath), opened->why_not)
               : opened.error().message);
      continue;
    }
    CARNET_TRY(FoundProject found, ReadFound(opened->text, path));
    return std::optional(std::move(found));
  }
  return std::optional<FoundProject>();
}

}  // namespace carnet::pipeline

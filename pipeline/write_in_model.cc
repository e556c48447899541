#include "pipeline/write_in_model.h"

#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>

#include "artifact/oms_files.h"

namespace carnet::pipeline {
namespace {

namespace fs = std::filesystem;

bool OnOneFileSystem(const fs::path& one, const fs::path& other) {
  struct stat a {};
  struct stat b {};
  return ::stat(one.c_str(), &a) == 0 && ::stat(other.c_str(), &b) == 0 && a.st_dev == b.st_dev;
}

bool MayWriteIn(const fs::path& folder) { return ::access(folder.c_str(), W_OK | X_OK) == 0; }

// Empty: there is no such place.
std::string StemBeside(const std::string& model, const std::string& path) {
  std::error_code failed;
  const fs::path folder = fs::canonical(model, failed);
  if (failed || !fs::is_directory(folder, failed)) return "";
  const auto inside = artifact::PathInModel(model, path);
  if (!inside || inside->empty()) return "";
  const fs::path beside = folder.parent_path();
  fs::path target = fs::path(path).parent_path();
  if (target.empty()) target = ".";
  if (!OnOneFileSystem(beside, target) || !MayWriteIn(beside)) return "";
  return folder.string() + "." + fs::path(path).filename().string();
}

}  // namespace

Result<> WriteInModel(const std::string& model, const std::string& path, std::string_view content,
                      Overwrite overwrite, Readers readers) {
  const std::string stem = StemBeside(model, path);
  if (stem.empty()) return WriteFileAtomic(path, content, overwrite, readers);
  return WriteFileAtomicVia(stem, path, content, overwrite, readers);
}

}  // namespace carnet::pipeline

#include "trust/party_text.h"

#include <fcntl.h>
#include <fmt/core.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

#include "core/utf8.h"
#include "trust/plain_name.h"
#include "trust/toml_table.h"
#include "trust/toml_text.h"

namespace carnet::trust {
namespace {

size_t CountListed(const Party& party) { return party.keys.size() + party.identities.size(); }

// The party's file with the block at its end. Refused where it would not read back as that, such as
// after `key = [{…}]` on one line, which TOML does not let anybody continue.
Result<std::string> Continued(const std::string& path, const std::string& before,
                              const std::string& block) {
  std::string text = before;
  if (!text.ends_with('\n')) text += '\n';
  text += "\n" + block;
  CARNET_TRY(const Party old_party, ReadParty(before, path));
  const auto party = ReadParty(text, path);
  if (!party || CountListed(*party) != CountListed(old_party) + 1) {
    return Malformed(path + ": cannot be continued; list it by hand:\n" + block);
  }
  return text;
}

std::string DayText(const std::optional<TimestampMs>& time) {
  constexpr size_t kDay = 10;  // YYYY-MM-DD
  return time ? TomlString(FormatTimestamp(*time).substr(0, kDay)) : "";
}

}  // namespace

Result<FileDescriptor> LockParties(const std::string& folder) {
  if (::mkdir(folder.c_str(), 0777) != 0 && errno != EEXIST) return SystemError(folder, "mkdir");
  FileDescriptor lock(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (lock.get() < 0) return SystemError(folder, "open folder");
  if (::flock(lock.get(), LOCK_EX) != 0) return SystemError(folder, "lock");
  return lock;
}

Result<std::string> PartyFileOf(const std::string& party, const std::vector<PartyFile>& files) {
  for (const PartyFile& file : files) {
    if (file.party.name == party) return file.file;
  }
  if (!IsPlainName(party)) {
    return Malformed(fmt::format("a new party {}: expected {}", Quoted(party), kPlainNameRule));
  }
  std::string name = party + ".toml";
  for (const PartyFile& file : files) {
    if (file.file == name)
      return Conflict(fmt::format("{} is the file of party {}", name, Quoted(file.party.name)));
  }
  return name;
}

Result<> AppendBlock(const std::string& path, const std::string& party, const std::string& block) {
  if (!PathExists(path)) {
    const std::string text = "party = " + TomlString(party) + "\n\n" + block;
    CARNET_TRY_VOID(ReadParty(text, path));
    return WriteFileAtomic(path, text, Overwrite::kForbid);
  }
  CARNET_TRY(const std::string before, ReadFile(path, kMaxTomlBytes));
  CARNET_TRY(const std::string text, Continued(path, before, block));
  return WriteFileAtomic(path, text, Overwrite::kReplace);
}

std::string WindowLines(const std::string& from, const std::string& until) {
  return (from.empty() ? "" : "from = " + from + "\n") +
         (until.empty() ? "" : "until = " + until + "\n");
}

std::string DateLines(const DateWindow& dates) {
  return WindowLines(DayText(dates.from), DayText(dates.until));
}

std::string KindsLine(const std::set<schemas::Kind>& kinds) {
  std::vector<std::string> names;
  names.reserve(kinds.size());
  for (const schemas::Kind kind : kinds) names.emplace_back(schemas::KindName(kind));
  return "kinds = " + TomlStrings(names) + "\n";
}

}  // namespace carnet::trust

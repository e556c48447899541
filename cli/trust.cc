#include <fmt/core.h>
#include <sys/stat.h>

#include "cli/command.h"
#include "core/file.h"
#include "core/hex.h"
#include "core/utf8.h"
#include "trust/add_identity.h"
#include "trust/add_key.h"
#include "trust/add_logs.h"
#include "trust/load_trust.h"

namespace carnet::cli {
namespace {

Result<std::optional<TimestampMs>> DateOf(const std::string& text) {
  if (text.empty()) return std::optional<TimestampMs>();
  CARNET_TRY(const TimestampMs date, ParseDate(text));
  return std::optional(date);
}

// The log that tree sizes are of: the one named, or the only one there is.
Result<std::string> LogOfSizes(const TrustOptions& options) {
  if (!options.log.empty()) return options.log;
  const std::string path = options.trust + "/" + std::string(trust::kTrustedRootFile);
  CARNET_TRY(const auto logs, trust::ReadTrustedLogs(options.trust));
  if (logs.size() == 1) return logs[0].origin;
  return Rejected(
      fmt::format("{}: has {} logs: --log says which one the sizes are of", path, logs.size()));
}

Result<trust::KeyListing> ListingOf(const TrustOptions& options) {
  trust::KeyListing listing{options.party, {}, options.name, {}, {}};
  for (const std::string& name : options.kinds) {
    const auto kind = schemas::ParseKindName(name);
    CARNET_CHECK(kind.has_value());  // the command line accepts no other
    listing.kinds.insert(*kind);
  }
  CARNET_TRY(listing.dates.from, DateOf(options.from));
  CARNET_TRY(listing.dates.until, DateOf(options.until));
  if (!options.from_size && !options.until_size) return listing;
  CARNET_TRY(const std::string log, LogOfSizes(options));
  listing.sizes.emplace(log, trust::SizeWindow{options.from_size, options.until_size});
  return listing;
}

// A new directory gets its parts one after the other, in any order.
void SayWhetherItLoads(const std::string& folder, Terminal& terminal) {
  const auto loaded = trust::LoadTrust(folder);
  if (loaded) return;
  const bool has_log = PathExists(folder + "/" + std::string(trust::kTrustedRootFile));
  terminal.Note(
      "it does not load yet: " +
      (has_log ? loaded.error().message : std::string("it has no log (`carnet trust add-log`)")));
}

// So that a trust directory can begin with whatever is at hand.
Result<> MakeFolder(const std::string& folder, Terminal& terminal) {
  if (PathExists(folder)) return Ok();
  if (::mkdir(folder.c_str(), 0777) != 0) return SystemError(folder, "mkdir");
  terminal.Note("made the trust directory " + folder);
  return Ok();
}

Result<> AddListedKey(const TrustOptions& options, Terminal& terminal) {
  CARNET_TRY(const auto key, trust::ReadPublicKeyFile(options.file));
  CARNET_TRY(const auto listing, ListingOf(options));
  CARNET_TRY_VOID(MakeFolder(options.trust, terminal));
  CARNET_TRY(const auto added, trust::AddKey(options.trust, key, listing));
  terminal.Out(added.signer.ToString() + "\n");
  terminal.Note(fmt::format("{} {}, with {}", added.new_party ? "made" : "added to",
                            Printable(added.party_file, 300), Printable(added.key_file, 300)));
  SayWhetherItLoads(options.trust, terminal);
  return Ok();
}

Result<> AddListedIdentity(const TrustOptions& options, Terminal& terminal) {
  CARNET_TRY(const auto shared, ListingOf(options));
  const bool exact = !options.subject.empty();
  CARNET_TRY_VOID(MakeFolder(options.trust, terminal));
  CARNET_TRY(const auto added,
             trust::AddIdentity(
                 options.trust,
                 {.party = options.party,
                  .issuer = options.issuer,
                  .subject = exact ? options.subject : options.subject_regexp,
                  .subject_is = exact ? trust::SubjectIs::kText : trust::SubjectIs::kExpression,
                  .kinds = shared.kinds,
                  .authority = options.authority,
                  .name = options.name,
                  .dates = shared.dates}));
  terminal.Out(added.identity + "\n");
  terminal.Note(fmt::format("{} {}", added.new_party ? "made" : "added to",
                            Printable(added.party_file, 300)));
  SayWhetherItLoads(options.trust, terminal);
  return Ok();
}

std::string AddedLogText(const trust::AddedLog& log, bool said_here) {
  std::string text =
      fmt::format("{}  id {}\n", Printable(log.key.name()), HexEncode(log.key.id().span()));
  const std::string who = said_here ? "as you say" : "as the file says";
  text += log.operator_party.empty()
              ? "  nobody is named who runs it (--operator)\n"
              : fmt::format("  run by {}, {}\n", Quoted(log.operator_party), who);
  return text + (log.known ? "  was there already\n" : "");
}

Result<> AddTrustedLogs(const TrustOptions& options, Terminal& terminal) {
  CARNET_TRY(const std::string root, ReadFile(options.file, trust::kMaxTrustedRootBytes));
  CARNET_TRY_VOID(MakeFolder(options.trust, terminal));
  CARNET_TRY(const auto added,
             trust::AddLogs(options.trust, root, options.file, options.operator_name));
  std::string text;
  for (const trust::AddedLog& log : added)
    text += AddedLogText(log, options.operator_name.has_value());
  terminal.Out(text);
  terminal.Note("compare the id with the one that its operator publishes: `carnet ledger info`");
  SayWhetherItLoads(options.trust, terminal);
  return Ok();
}

}  // namespace

ExitCode TrustAdd(const TrustOptions& options, Terminal& terminal) {
  if (!options.log.empty() && !options.from_size && !options.until_size)
    return terminal.WrongUsage("--log requires --from-size or --until-size");
  return terminal.Done(AddListedKey(options, terminal));
}

ExitCode TrustAddIdentity(const TrustOptions& options, Terminal& terminal) {
  if (options.subject.empty() && options.subject_regexp.empty())
    return terminal.WrongUsage("expected --subject or --subject-regexp");
  return terminal.Done(AddListedIdentity(options, terminal));
}

ExitCode TrustAddLog(const TrustOptions& options, Terminal& terminal) {
  return terminal.Done(AddTrustedLogs(options, terminal));
}

}  // namespace carnet::cli

#include "trust/add_identity.h"

#include <fmt/core.h>

#include "core/file.h"
#include "core/utf8.h"
#include "trust/party_text.h"
#include "trust/toml_text.h"

namespace carnet::trust {
namespace {

std::string IdentityBlock(const IdentityListing& listing) {
  const bool exact = listing.subject_is == SubjectIs::kText;
  std::string text = "[[identity]]\nissuer = " + TomlString(listing.issuer) + "\n";
  text += (exact ? "subject = " : "subject_regexp = ") + TomlString(listing.subject) + "\n";
  if (!listing.authority.empty()) text += "authority = " + TomlString(listing.authority) + "\n";
  if (!listing.name.empty()) text += "name = " + TomlString(listing.name) + "\n";
  return text + KindsLine(listing.kinds) + DateLines(listing.dates);
}

// The identity that the block lists.
Result<TrustedIdentity> ReadBack(const IdentityListing& listing, const std::string& block) {
  CARNET_TRY(const Party party,
             ReadParty("party = " + TomlString(listing.party) + "\n" + block, "the identity"));
  CARNET_CHECK(party.identities.size() == 1);
  return party.identities.front();
}

}  // namespace

Result<AddedIdentity> AddIdentity(const std::string& folder, const IdentityListing& listing) {
  if (!PathExists(folder)) return NotFound(folder + ": no such folder");
  const DateWindow& dates = listing.dates;
  if (dates.from && dates.until && *dates.until <= *dates.from) {
    return Malformed("the identity's dates end before they begin");
  }
  const std::string block = IdentityBlock(listing);
  CARNET_TRY(const TrustedIdentity added, ReadBack(listing, block));
  const std::string parties = folder + "/parties";
  CARNET_TRY(const FileDescriptor lock, LockParties(parties));
  CARNET_TRY(const auto files, ReadParties(parties));
  for (const PartyFile& file : files) {
    for (const TrustedIdentity& identity : file.party.identities) {
      if (identity.AllDemands() != added.AllDemands()) continue;
      return Conflict(
          fmt::format("{} is listed already, of {}, in {}/{}; what else it may sign "
                      "goes into its `kinds` there",
                      added.ToString(), Quoted(file.party.name), parties, file.file));
    }
  }
  CARNET_TRY(const std::string party_file, PartyFileOf(listing.party, files));
  const std::string path = parties + "/" + party_file;
  const bool new_party = !PathExists(path);
  CARNET_TRY_VOID(AppendBlock(path, listing.party, block));
  return AddedIdentity{added.ToString(), path, new_party};
}

}  // namespace carnet::trust

// Lists an identity in a trust directory, as somebody would by hand: an `[[identity]]` at the end
// of its party's file. What else a certificate must say is added by hand.
#pragma once

#include <set>
#include <string>

#include "core/result.h"
#include "trust/trusted_signer.h"

namespace carnet::trust {

enum class SubjectIs { kText, kExpression };

struct IdentityListing {
  std::string party;
  std::string issuer;
  std::string subject;
  SubjectIs subject_is = SubjectIs::kText;
  std::set<schemas::Kind> kinds;  // at least one
  std::string authority = {};     // TrustedIdentity::authority
  std::string name = {};          // of the identity within the party; may be empty
  DateWindow dates = {};          // whole days, UTC
};

struct AddedIdentity {
  std::string identity;    // TrustedIdentity::ToString
  std::string party_file;  // path
  bool new_party;
};

// Requires texts that are UTF-8 without the characters that S4 refuses. The directory exists; it
// need not load. Nothing is changed on an error:
//   conflict   the identity is listed already, with this party or another
//   malformed  as AddKey; a subject that is no expression, where it is to be one
//   not_found, io
Result<AddedIdentity> AddIdentity(const std::string& folder, const IdentityListing& listing);

}  // namespace carnet::trust

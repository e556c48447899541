#include "trust/trust.h"

#include <fmt/core.h>

#include <algorithm>
#include <set>

#include "core/utf8.h"

namespace carnet::trust {
namespace {

bool IsEmpty(const std::optional<uint64_t>& from, const std::optional<uint64_t>& until) {
  return until && from.value_or(0) >= *until;
}

bool Overlap(const std::optional<uint64_t>& a_from, const std::optional<uint64_t>& a_until,
             const std::optional<uint64_t>& b_from, const std::optional<uint64_t>& b_until) {
  return !(a_until && b_from.value_or(0) >= *a_until) &&
         !(b_until && a_from.value_or(0) >= *b_until);
}

std::optional<uint64_t> Ms(const std::optional<TimestampMs>& time) {
  return time ? std::optional(time->value()) : std::nullopt;
}

Result<> CheckSigner(const TrustedSigner& key, const std::string& where) {
  if (key.party.empty()) return Malformed(where + ": has no party");
  if (key.kinds.empty()) return Malformed(where + ": has no kind that it may sign");
  if (IsEmpty(Ms(key.dates.from), Ms(key.dates.until))) {
    return Malformed(where + ": dates end before they begin");
  }
  for (const auto& [origin, window] : key.sizes) {
    if (!window.IsGiven()) {
      return Malformed(
          fmt::format("{}: tree sizes of {} have neither end", where, Printable(origin)));
    }
    if (IsEmpty(window.from, window.until)) {
      return Malformed(
          fmt::format("{}: tree sizes of {} end before they begin", where, Printable(origin)));
    }
  }
  return Ok();
}

Result<> CheckLogKey(const TrustedLog& log, const TrustedLogKey& key) {
  const std::string where = "log " + Printable(log.origin);
  if (key.key.name() != log.origin) {
    return Malformed(fmt::format("{}: has a key of {}", where, Printable(key.key.name())));
  }
  if (IsEmpty(Ms(key.dates.from), Ms(key.dates.until)) ||
      IsEmpty(key.sizes.from, key.sizes.until)) {
    return Malformed(where + ": validity of a key ends before it begins");
  }
  return Ok();
}

// Where trust gives tree sizes, they alone say which key is in force (R10): so either all keys of a
// log have them, or none.
Result<> CheckLogKeys(const TrustedLog& log) {
  const std::string where = "log " + Printable(log.origin);
  if (log.keys.empty()) return Malformed(where + ": has no key");
  for (size_t i = 0; i < log.keys.size(); ++i) {
    const TrustedLogKey& a = log.keys[i];
    CARNET_TRY_VOID(CheckLogKey(log, a));
    for (size_t j = 0; j < i; ++j) {
      const TrustedLogKey& b = log.keys[j];
      if (a.sizes.IsGiven() != b.sizes.IsGiven()) {
        return Malformed(where + ": has tree sizes for only some of its keys");
      }
      const bool overlap =
          a.sizes.IsGiven()
              ? Overlap(a.sizes.from, a.sizes.until, b.sizes.from, b.sizes.until)
              : Overlap(Ms(a.dates.from), Ms(a.dates.until), Ms(b.dates.from), Ms(b.dates.until));
      if (overlap) return Malformed(where + ": has two keys with overlapping validity");
    }
  }
  return Ok();
}

Result<> CheckPins(const TrustedLog& log) {
  const std::string where = "log " + Printable(log.origin);
  std::unordered_map<uint64_t, RootHash> roots;
  for (const merkle::Checkpoint& pin : log.pins) {
    if (pin.origin != log.origin) {
      return Malformed(fmt::format("{}: pinned checkpoint is of {}", where, Printable(pin.origin)));
    }
    const auto [found, added] = roots.emplace(pin.size.value(), pin.root);
    if (!added && found->second != pin.root) {
      return Malformed(fmt::format("{}: two pinned checkpoints of size {} with different roots",
                                   where, pin.size.value()));
    }
  }
  return Ok();
}

Result<> CheckIdentities(const std::vector<TrustedIdentity>& identities) {
  std::set<TrustedIdentity::Demands> seen;
  for (const TrustedIdentity& identity : identities) {
    const std::string where = identity.ToString();
    CARNET_TRY_VOID(CheckSigner(identity, where));
    if (!seen.insert(identity.AllDemands()).second)
      return Malformed(where + ": listed more than once");
  }
  return Ok();
}

// An authority can certify any name of any issuer, another's too, so where there are several each
// identity says whose word counts.
Result<> CheckAuthorities(const CertificateTrust& certificates) {
  std::set<std::string> names;
  for (const sigstore::Authority& authority : certificates.authorities)
    names.insert(authority.name);
  for (const TrustedIdentity& identity : certificates.identities) {
    if (identity.authority.empty() && names.size() > 1) {
      return Malformed(
          fmt::format("{}: there are {} certificate authorities, and each could certify it: "
                      "`authority` says which one counts, by its uri",
                      identity.ToString(), names.size()));
    }
    if (!identity.authority.empty() && !names.contains(identity.authority)) {
      return Malformed(identity.ToString() + ": no certificate authority of that uri is listed");
    }
  }
  return Ok();
}

}  // namespace

Result<Trust> Trust::Create(std::vector<TrustedKey> keys, std::vector<TrustedLog> logs,
                            std::string hub_default, std::string chips,
                            CertificateTrust certificates) {
  Trust trust;
  trust.hub_default_ = std::move(hub_default);
  trust.chips_ = std::move(chips);
  for (size_t i = 0; i < keys.size(); ++i) {
    CARNET_TRY_VOID(CheckSigner(keys[i], keys[i].signer().ToString()));
    if (!trust.signer_index_.emplace(keys[i].signer(), i).second) {
      return Malformed(keys[i].signer().ToString() + ": listed more than once");
    }
  }
  std::set<std::string> origins;
  for (size_t i = 0; i < logs.size(); ++i) {
    CARNET_TRY_VOID(CheckLogKeys(logs[i]));
    CARNET_TRY_VOID(CheckPins(logs[i]));
    if (!origins.insert(logs[i].origin).second) {
      return Malformed("log " + Printable(logs[i].origin) + ": listed more than once");
    }
    for (const TrustedLogKey& key : logs[i].keys) {
      if (!trust.log_index_.emplace(key.key.id(), i).second) {
        return Malformed("log " + Printable(logs[i].origin) + ": a log id appears more than once");
      }
    }
  }
  CARNET_TRY_VOID(CheckIdentities(certificates.identities));
  CARNET_TRY_VOID(CheckAuthorities(certificates));
  trust.certificates_ = std::move(certificates);
  trust.keys_ = std::move(keys);
  trust.logs_ = std::move(logs);
  return trust;
}

const TrustedKey* Trust::FindSigner(const SignerId& id) const {
  const auto found = signer_index_.find(id);
  return found == signer_index_.end() ? nullptr : &keys_[found->second];
}

std::vector<const TrustedIdentity*> Trust::FindIdentities(
    const sigstore::SignerCertificate& certificate) const {
  std::vector<const TrustedIdentity*> found;
  for (const TrustedIdentity& identity : certificates_.identities) {
    if (identity.Matches(certificate)) found.push_back(&identity);
  }
  return found;
}

const TrustedLog* Trust::FindLog(const LogId& id) const {
  const auto found = log_index_.find(id);
  return found == log_index_.end() ? nullptr : &logs_[found->second];
}

}  // namespace carnet::trust

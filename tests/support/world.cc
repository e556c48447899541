#include "tests/support/world.h"

#include <algorithm>
#include <boost/json.hpp>

#include "core/hex.h"
#include "crypto/sha256.h"
#include "tests/support/issuer.h"
#include "tests/support/memory_model.h"
#include "tests/support/party_keys.h"

namespace carnet::test {
namespace {

using schemas::Kind;

constexpr uint64_t kNow = 1'795'176'000'000;  // 2026-11-20T12:00:00.000Z

KeyTrust LabKey(const std::string& party) {
  return {party, {Kind::kDataset, Kind::kRun, Kind::kSegment, Kind::kCompletion, Kind::kPassport}};
}

boost::json::string_view AsBoost(std::string_view text) { return {text.data(), text.size()}; }

// The last step of a JSON pointer.
struct Place {
  boost::json::value& parent;
  std::string_view key;

  size_t index() const { return std::stoul(std::string(key)); }
};

Place PlaceOf(boost::json::value& draft, std::string_view pointer) {
  const size_t slash = pointer.rfind('/');
  return {draft.at_pointer(AsBoost(pointer.substr(0, slash))), pointer.substr(slash + 1)};
}

}  // namespace

World::World() : clock(kNow - 30 * kDayMs), now(kNow) {
  AddLog("main", "ledger.example");
  trusted_keys = {{"lab", LabKey("lab")},
                  {"lab.2", LabKey("lab")},
                  {"lab2", LabKey("lab2")},
                  {"cloud", {"cloud", {Kind::kDevice, Kind::kAllocation}}},
                  {"hub", {"hub", {Kind::kVerdict}}}};
}

Statement& World::Add(std::string name, Kind kind, std::string draft, std::string key) {
  const std::string nonce = HexEncode(crypto::Sha256Of(name).span()).substr(0, 32);
  story.push_back({.name = std::move(name),
                   .kind = kind,
                   .draft = std::move(draft),
                   .key = std::move(key),
                   .created = clock,
                   .nonce = nonce});
  clock += 1000;
  return story.back();
}

Statement& World::At(std::string_view name) {
  const auto found = std::find_if(story.begin(), story.end(),
                                  [name](const Statement& s) { return s.name == name; });
  if (found == story.end()) GiveUp("no statement " + std::string(name));
  return *found;
}

void World::Remove(std::string_view name) {
  std::erase_if(story, [name](const Statement& s) { return s.name == name; });
}

void World::MoveToFront(std::string_view name) {
  Statement moved = At(name);
  Remove(name);
  story.push_front(std::move(moved));
}

void World::Set(std::string_view name, std::string_view pointer, std::string_view json) {
  Statement& statement = At(name);
  boost::json::value draft = boost::json::parse(AsBoost(statement.draft));
  const Place place = PlaceOf(draft, pointer);
  if (auto* object = place.parent.if_object()) {
    (*object)[AsBoost(place.key)] = boost::json::parse(AsBoost(json));
  } else {
    place.parent.as_array().at(place.index()) = boost::json::parse(AsBoost(json));
  }
  statement.draft = boost::json::serialize(draft);
}

void World::Drop(std::string_view name, std::string_view pointer) {
  Statement& statement = At(name);
  boost::json::value draft = boost::json::parse(AsBoost(statement.draft));
  const Place place = PlaceOf(draft, pointer);
  if (auto* object = place.parent.if_object()) {
    if (object->erase(AsBoost(place.key)) != 1) GiveUp("no " + std::string(pointer));
  } else {
    auto& array = place.parent.as_array();
    array.erase(array.begin() + static_cast<std::ptrdiff_t>(place.index()));
  }
  statement.draft = boost::json::serialize(draft);
}

MemoryLog& World::AddLog(const std::string& name, const std::string& origin) {
  return logs.emplace(name, MemoryLog(origin)).first->second;
}

const artifact::ModelFiles& World::model(const std::string& name) {
  auto found = models.find(name);
  if (found == models.end()) found = models.emplace(name, MakeModel(name)).first;
  return found->second;
}

std::string World::Issue() { return Issuer(*this).Issue(); }

std::string World::HexIdOf(const std::string& name) const { return HexEncode(IdOf(name).span()); }

trust::Trust World::MakeTrust() const {
  std::vector<trust::TrustedKey> keys;
  for (const auto& [name, trust] : trusted_keys) {
    keys.push_back({ValueOf(crypto::P256PublicKey::ParseSpki(KeyNamed(name).spki()), name),
                    trust.party, name, trust.kinds, trust.dates, trust.sizes});
  }
  std::vector<trust::TrustedLog> trusted;
  for (const auto& [name, log] : logs) {
    if (untrusted_logs.contains(name)) continue;
    trusted.push_back(log.Trusted());
    if (const auto found = pins.find(name); found != pins.end()) {
      trusted.back().pins = found->second;
    }
    if (const auto found = log_expiry.find(name); found != log_expiry.end()) {
      trusted.back().keys.front().dates.until = found->second;
    }
    if (const auto found = operators.find(name); found != operators.end()) {
      trusted.back().operator_party = found->second;
    }
  }
  return ValueOf(
      trust::Trust::Create(std::move(keys), std::move(trusted), own_hub_default, {}, certificates),
      "trust");
}

verifier::Verdict World::Judge(std::string_view passport, unsigned threads) const {
  if (!given) GiveUp("no model is given");
  const trust::Trust trust = MakeTrust();
  const auto policy = policy_toml.empty()
                          ? verifier::policy::ShippedPolicy("hub-default", TimestampMs(now))
                          : verifier::policy::ReadPolicy(policy_toml, "policy", TimestampMs(now));
  const verifier::policy::Policy value = ValueOf(policy, "policy");
  const verifier::Gate gate(trust, value, threads);
  return ValueOf(gate.Check(passport, *given, TimestampMs(now)), "gate");
}

TextEdit Replacing(std::string from, std::string to) {
  return [from = std::move(from), to = std::move(to)](std::string& text) {
    const size_t at = text.find(from);
    if (at == text.npos || text.find(from, at + 1) != text.npos) {
      GiveUp("\"" + from + "\" does not appear exactly once in " + text);
    }
    text.replace(at, from.size(), to);
  };
}

std::vector<std::string> LinesOf(std::string_view passport) {
  std::vector<std::string> lines;
  while (!passport.empty()) {
    const size_t end = passport.find('\n');
    lines.emplace_back(passport.substr(0, end));
    passport.remove_prefix(std::min(passport.size(), lines.back().size() + 1));
  }
  return lines;
}

std::string Joined(const std::vector<std::string>& lines) {
  std::string text;
  for (const std::string& line : lines) text += line + "\n";
  return text;
}

}  // namespace carnet::test

#include "pipeline/uses.h"

#include <fmt/core.h>

#include <algorithm>
#include <deque>
#include <unordered_map>
#include <unordered_set>

#include "ledger/index_terms.h"
#include "pipeline/logged_statement.h"
#include "pipeline/statements_about.h"
#include "schemas/limits.h"
#include "sigstore/statement.h"

namespace carnet::pipeline {
namespace {

using schemas::Kind;

constexpr size_t kRowsAtOnce = 1'000;          // against memory
constexpr uint64_t kMaxStrangers = 1'000'000;  // against time: each is opened once

// A run or dataset that was made with a model takes the way to the next model.
bool LeadsToAnotherModel(Kind used, Kind user) {
  return IsAboutModel(used) && (user == Kind::kRun || user == Kind::kDataset);
}

// A breadth-first walk over references backwards, in which the way from one model to the next
// counts one and every other reference nothing.
class Walk {
 public:
  Walk(const ledger::Reader& reader, const UsesOf& of) : reader_(reader), of_(of) {}

  Result<Uses> Go() {
    for (const StatementId& start : of_.starts) {
      CARNET_TRY(const ledger::StatementRow row, reader_.Find(start));
      starts_.insert(row.index.value());
    }
    for (const StatementId& start : of_.starts) {
      CARNET_TRY(const ledger::StatementRow row, reader_.Find(start));
      CARNET_TRY_VOID(VisitReferrers({start, row.kind, 0, true}));
    }
    if (of_.model) CARNET_TRY_VOID(VisitRunsFrom(*of_.model));
    while (!queue_.empty()) {
      const auto [place, distance] = queue_.front();
      queue_.pop_front();
      const User& user = users_[place];
      if (user.models_between != distance) continue;  // a shorter way was found meanwhile
      CARNET_TRY_VOID(VisitReferrers({user.id, user.kind, distance, false}));
    }
    return Uses{InOrder(), strangers_.size()};
  }

 private:
  struct Used {
    StatementId id;
    Kind kind;
    uint64_t distance;
    bool is_start;
  };

  Result<> VisitReferrers(const Used& used) {
    LeafIndex from(0);
    for (bool more = true; more;) {
      CARNET_TRY(const auto page, reader_.ReferrersOf(used.id, kRowsAtOnce, from));
      for (const LeafIndex index : page) CARNET_TRY_VOID(Visit(used, index));
      more = page.size() == kRowsAtOnce;
      if (more) from = LeafIndex(page.back().value() + 1);
    }
    return Ok();
  }

  Result<> VisitRunsFrom(const ModelDigest& model) {
    LeafIndex from(0);
    const Used start{StatementId(model.span()), Kind::kPassport, 0, true};
    for (bool more = true; more;) {
      CARNET_TRY(const auto page, reader_.RunsFromModel(model, kRowsAtOnce, from));
      for (const LeafIndex index : page) CARNET_TRY_VOID(Visit(start, index));
      more = page.size() == kRowsAtOnce;
      if (more) from = LeafIndex(page.back().value() + 1);
    }
    return Ok();
  }

  Result<> Visit(const Used& used, LeafIndex index) {
    if (starts_.contains(index.value()) || strangers_.contains(index.value())) return Ok();
    auto place = places_.find(index.value());
    if (place == places_.end()) {
      CARNET_TRY(const bool is_user, Open(index));
      if (!is_user) return Ok();
      place = places_.find(index.value());
    }
    User& user = users_[place->second];
    if (of_.follow != nullptr && !of_.follow(used.kind, user.kind)) return Ok();
    const bool farther = !used.is_start && LeadsToAnotherModel(used.kind, user.kind);
    const uint64_t distance = used.distance + (farther ? 1 : 0);
    if (user.models_between <= distance) return Ok();
    user.models_between = distance;
    if (farther) {
      queue_.emplace_back(place->second, distance);
    } else {
      queue_.emplace_front(place->second, distance);
    }
    return Ok();
  }

  // False where trust leaves it out.
  Result<bool> Open(LeafIndex index) {
    CARNET_TRY(const ledger::StoredEntry entry, reader_.EntryAt(index));
    CARNET_TRY(ledger::StatementRow row, reader_.Find(entry.id));
    if (of_.trust != nullptr && !IsTrusted(of_.trust, entry.signer, row.kind)) {
      strangers_.insert(index.value());
      if (strangers_.size() <= kMaxStrangers) return false;
      return Rejected(
          fmt::format("more than {} statements by strangers refer to it or to what "
                      "uses it",
                      kMaxStrangers));
    }
    references_ += row.references.size();
    if (users_.size() == of_.max_users || references_ > schemas::kMaxReferences)
      return Rejected(fmt::format(
          "more than {} statements use it, or {} references lead to it: anyone can log those; "
          "--trust leaves strangers out",
          of_.max_users, schemas::kMaxReferences));
    places_.emplace(index.value(), users_.size());
    users_.push_back(
        {entry.id, index, row.kind, entry.signer, std::move(row.references), kUnreached});
    return true;
  }

  // Without those that were opened and not followed to.
  std::vector<User> InOrder() {
    std::erase_if(users_, [](const User& user) { return user.models_between == kUnreached; });
    std::stable_sort(users_.begin(), users_.end(), [](const User& one, const User& other) {
      return one.models_between < other.models_between;
    });
    return std::move(users_);
  }

  static constexpr uint64_t kUnreached = UINT64_MAX;

  const ledger::Reader& reader_;
  const UsesOf& of_;
  std::vector<User> users_;
  uint64_t references_ = 0;
  std::unordered_map<uint64_t, size_t> places_;  // of users, by log index
  std::unordered_set<uint64_t> starts_;
  std::unordered_set<uint64_t> strangers_;
  std::deque<std::pair<size_t, uint64_t>> queue_;
};

Result<SubjectDigest> FirstSubject(const ledger::StoredEntry& entry) {
  if (const auto* absence = std::get_if<schemas::Absence>(&entry.content)) {
    CARNET_TRY(const ledger::IndexTerms terms, ledger::DecodeTerms(absence->terms));
    if (!terms.subjects.empty()) return terms.subjects.front();
    return Corruption("statement " + LongId(entry.id) + " has no subject");
  }
  const auto read = sigstore::ReadStatement(*entry.payload());
  const auto* statement = std::get_if<sigstore::Statement>(&read);
  if (statement == nullptr || statement->subjects.empty())
    return Corruption("statement " + LongId(entry.id) + " cannot be read back");
  return statement->subjects.front().digest;
}

}  // namespace

bool IsAboutModel(Kind kind) {
  return kind == Kind::kPassport || kind == Kind::kCompletion || kind == Kind::kSegment;
}

Result<SubjectDigest> SubjectOf(const ledger::Reader& reader, LeafIndex index) {
  CARNET_TRY(const ledger::StoredEntry entry, reader.EntryAt(index));
  return FirstSubject(entry);
}

Result<Uses> FindUses(const ledger::Reader& reader, const UsesOf& of) {
  return Walk(reader, of).Go();
}

Result<std::vector<StatementId>> StatementsAbout(const ledger::Reader& reader,
                                                 const SubjectDigest& digest,
                                                 const KindChoice& wanted,
                                                 const trust::Trust* trust) {
  std::vector<StatementId> ids;
  std::unordered_set<StatementId> seen;  // one without a head may be logged by several signers
  size_t visited = 0;
  const auto visit = [&](LeafIndex index) -> Result<bool> {
    if (++visited > kMaxUsers)
      return Rejected(fmt::format("more than {} statements are about this digest", kMaxUsers));
    CARNET_TRY(const ledger::StoredEntry entry, reader.EntryAt(index));
    CARNET_TRY(const ledger::StatementRow row, reader.Find(entry.id));
    if (!wanted(row.kind) || (trust != nullptr && !IsTrusted(trust, entry.signer, row.kind)))
      return true;
    if (IsAboutModel(row.kind)) {
      CARNET_TRY(const auto subject, FirstSubject(entry));
      if (subject != digest) return true;
    }
    if (seen.insert(entry.id).second) ids.push_back(entry.id);
    return true;
  };
  CARNET_TRY_VOID(VisitAbout(reader, digest, visit));
  return ids;
}

}  // namespace carnet::pipeline

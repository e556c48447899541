#include "pipeline/find_statements.h"

#include <fmt/core.h>

#include <algorithm>
#include <map>

#include "core/hex.h"
#include "pipeline/statements_about.h"
#include "pipeline/uses.h"

namespace carnet::pipeline {
namespace {

using schemas::Kind;

// FoundAt in the order of the log, with how many models are between them and what they use.
using FoundAt = std::map<uint64_t, std::optional<uint64_t>>;

std::optional<Kind> WantedKind(const FindRequest& request) {
  if (request.kind || request.by == FindBy::kAll) return request.kind;
  return Kind::kPassport;
}

// Reads candidates one after the other and keeps those that the request wants.
class Sieve {
 public:
  Sieve(const ledger::Reader& reader, const FindRequest& request)
      : reader_(reader), request_(request), kind_(WantedKind(request)) {}

  // False once there are more than the limit: the last one is where to go on.
  Result<bool> Take(LeafIndex index, std::optional<uint64_t> models_between = {}) {
    if (index < request_.from) return true;
    if (kind_) {
      CARNET_TRY(const ledger::StoredEntry entry, reader_.EntryAt(index));
      CARNET_TRY(const ledger::StatementRow row, reader_.Find(entry.id));
      if (row.kind != *kind_) return true;
    }
    CARNET_TRY(LoggedStatement statement, ReadLogged(reader_, index, request_.trust));
    const auto& since = request_.created_since;
    if (since && statement.created && *statement.created < *since) return true;
    kept_.push_back({std::move(statement), models_between});
    return kept_.size() <= request_.limit;
  }

  std::vector<FoundStatement> TakeKept() { return std::move(kept_); }

 private:
  const ledger::Reader& reader_;
  const FindRequest& request_;
  std::optional<Kind> kind_;
  std::vector<FoundStatement> kept_;
};

Found Cut(std::vector<FoundStatement> kept, TreeSize size, size_t limit, uint64_t strangers) {
  std::sort(kept.begin(), kept.end(), [](const FoundStatement& one, const FoundStatement& other) {
    return one.statement.index < other.statement.index;
  });
  Found found{{}, size, {}, strangers};
  if (kept.size() > limit) found.next = kept[limit].statement.index;
  kept.erase(kept.begin() + static_cast<std::ptrdiff_t>(std::min(limit, kept.size())), kept.end());
  found.statements = std::move(kept);
  return found;
}

Result<Found> FindAll(const ledger::Reader& reader, const FindRequest& request) {
  Sieve sieve(reader, request);
  for (uint64_t i = request.from.value(); i < reader.size().value(); ++i) {
    CARNET_TRY(const bool more, sieve.Take(LeafIndex(i)));
    if (!more) break;
  }
  return Cut(sieve.TakeKept(), reader.size(), request.limit, 0);
}

// Of each signer as many as are wanted of all: the first ones are among them.
Result<Found> FindSigned(const ledger::Reader& reader, const FindRequest& request) {
  std::vector<FoundStatement> kept;
  for (const SignerId& signer : request.signers) {
    Sieve sieve(reader, request);
    CARNET_TRY_VOID(VisitSignedBy(reader, signer, request.from,
                                  [&](LeafIndex index) { return sieve.Take(index); }));
    for (FoundStatement& found : sieve.TakeKept()) kept.push_back(std::move(found));
  }
  return Cut(std::move(kept), reader.size(), request.limit, 0);
}

bool IsThing(FindBy by, Kind kind) {
  switch (by) {
    case FindBy::kDataset:
      return kind == Kind::kDataset;
    case FindBy::kDevice:
      return kind == Kind::kDevice;
    case FindBy::kAllocation:
      return kind == Kind::kAllocation;
    case FindBy::kParent:
      return IsAboutModel(kind);
    case FindBy::kAll:
    case FindBy::kSigners:
      return false;
  }
  return false;
}

std::string_view ThingName(FindBy by) {
  switch (by) {
    case FindBy::kDataset:
      return "dataset";
    case FindBy::kDevice:
      return "device";
    case FindBy::kAllocation:
      return "allocation";
    case FindBy::kParent:
      return "model";
    case FindBy::kAll:
    case FindBy::kSigners:
      return "statement";
  }
  return "";
}

// What the walk begins with. Of a statement about a model it is the model that counts: its runs may
// name another statement about it, or none.
Result<UsesOf> StartOf(const ledger::Reader& reader, const FindRequest& request) {
  UsesOf of;
  of.trust = request.trust;
  SubjectDigest digest = *request.digest;
  const auto row = reader.Find(Retag<StatementId>(digest));
  if (!row && row.error().code != ErrorCode::kNotFound) return row.error();
  if (row && !IsThing(request.by, row->kind))
    return Rejected(fmt::format("sha256:{} is a {}, not a {}", HexEncode(digest.span()),
                                schemas::KindName(row->kind), ThingName(request.by)));
  if (row && request.by != FindBy::kParent) {
    of.starts = {row->id};
    return of;
  }
  if (row) {
    CARNET_TRY(digest, SubjectOf(reader, row->index));
  }
  const auto wanted = [&](Kind kind) { return IsThing(request.by, kind); };
  // Who attested the thing is of no matter: strangers are left out among those who use it.
  CARNET_TRY(of.starts, StatementsAbout(reader, digest, wanted, nullptr));
  bool known = !of.starts.empty();
  if (request.by == FindBy::kParent) {
    of.model = Retag<ModelDigest>(digest);
    CARNET_TRY(const auto runs, reader.RunsFromModel(*of.model, 1));
    known = known || !runs.empty();
  }
  if (known) return of;
  return NotFound(fmt::format("sha256:{} is no {} in this ledger", HexEncode(digest.span()),
                              ThingName(request.by)));
}

// That an allocation lists a device does not mean that whoever holds it used this one.
bool IsUse(Kind used, Kind user) { return used != Kind::kDevice || user != Kind::kAllocation; }

// The run that a segment names first.
Result<> AddRunOf(const ledger::Reader& reader, const User& segment, const trust::Trust* trust,
                  FoundAt& to) {
  if (segment.references.empty()) return Ok();
  const auto run = reader.Find(segment.references.front());
  if (!run && run.error().code == ErrorCode::kNotFound) return Ok();
  if (!run) return run.error();
  if (run->kind != Kind::kRun || to.contains(run->index.value())) return Ok();
  CARNET_TRY(const ledger::StoredEntry entry, reader.EntryAt(run->index));
  if (trust == nullptr || IsTrusted(trust, entry.signer, run->kind))
    to.emplace(run->index.value(), 0);
  return Ok();
}

Result<Found> FindUsers(const ledger::Reader& reader, const FindRequest& request) {
  CARNET_TRY(UsesOf of, StartOf(reader, request));
  const Kind kind = *WantedKind(request);
  if (request.by == FindBy::kDevice && kind != Kind::kAllocation) of.follow = &IsUse;
  CARNET_TRY(const Uses uses, FindUses(reader, of));
  // A run does not refer to the devices of its segments: these refer to both.
  const bool by_segment = kind == Kind::kRun && request.by != FindBy::kParent;
  FoundAt candidates;
  for (const User& user : uses.users) {
    if (kind != Kind::kPassport && user.models_between > 0) continue;
    if (user.kind == kind) candidates.emplace(user.index.value(), user.models_between);
    if (by_segment && user.kind == Kind::kSegment)
      CARNET_TRY_VOID(AddRunOf(reader, user, request.trust, candidates));
  }
  Sieve sieve(reader, request);
  for (const auto& [index, models_between] : candidates) {
    CARNET_TRY(const bool more, sieve.Take(LeafIndex(index), models_between));
    if (!more) break;
  }
  return Cut(sieve.TakeKept(), reader.size(), request.limit, uses.strangers);
}

}  // namespace

Result<Found> FindStatements(const ledger::Reader& reader, const FindRequest& request) {
  switch (request.by) {
    case FindBy::kAll:
      return FindAll(reader, request);
    case FindBy::kSigners:
      return FindSigned(reader, request);
    case FindBy::kDataset:
    case FindBy::kDevice:
    case FindBy::kAllocation:
    case FindBy::kParent:
      CARNET_CHECK(request.digest.has_value());
      return FindUsers(reader, request);
  }
  CARNET_CHECK(false);
}

}  // namespace carnet::pipeline

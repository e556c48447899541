#include "verifier/claims.h"

#include <fmt/core.h>

#include <algorithm>
#include <optional>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <variant>

#include "core/hex.h"
#include "core/utf8.h"
#include "schemas/limits.h"
#include "schemas/readers.h"
#include "statements/graph.h"
#include "statements/set_builder.h"
#include "verifier/bundle/verify.h"
#include "verifier/describe.h"
#include "verifier/lineage/coverings.h"
#include "verifier/name_claim.h"
#include "verifier/passport_file.h"

namespace carnet::verifier {
namespace {

using schemas::Kind;

constexpr size_t kMaxCandidates = 1'024;  // against signatures that only name a trusted key
constexpr size_t kMaxNamedClaims = 20;

struct ClaimLine {
  std::string_view text;  // without LF
  size_t number;
};

// One of ours.
struct CarnetClaim {
  ClaimLine line;
  Statement statement;
  sigstore::Bundle bundle;

  bool IsPassport() const { return statement.kind() == Kind::kPassport; }
};

std::optional<CarnetClaim> ReadCarnetClaim(const ClaimLine& line) {
  if (line.text.size() > schemas::kMaxLineBytes) return std::nullopt;
  if (line.text.find('\r') != line.text.npos) return std::nullopt;
  auto bundle = sigstore::ReadBundle(line.text);
  if (!bundle) return std::nullopt;
  auto read = statements::ReadStatementOf(*bundle, line.number);
  auto* statement = std::get_if<Statement>(&read);
  if (statement == nullptr) return std::nullopt;
  return CarnetClaim{line, std::move(*statement), *std::move(bundle)};
}

class Claims {
 public:
  // False where the file is over a limit.
  bool Read(std::string_view bytes) {
    if (bytes.size() > schemas::kMaxPassportBytes) return false;
    uint64_t references = 0;
    for (size_t number = 1; !bytes.empty(); ++number) {
      if (number > schemas::kMaxPassportLines) return false;
      const size_t end = bytes.find('\n');
      const ClaimLine line{bytes.substr(0, end), number};
      bytes.remove_prefix(end == bytes.npos ? bytes.size() : end + 1);
      if (line.text.empty()) continue;
      auto claim = ReadCarnetClaim(line);
      if (!claim) {
        foreign_.push_back(line);
        continue;
      }
      references += claim->statement.references.size();
      if (references > schemas::kMaxReferences) return false;
      places_[claim->statement.id].push_back(ours_.size());
      ours_.push_back(*std::move(claim));
    }
    return true;
  }

  const std::vector<CarnetClaim>& ours() const { return ours_; }
  const std::vector<ClaimLine>& foreign() const { return foreign_; }

  // The last place of a passport; absent: it is not there.
  std::optional<size_t> LastPlaceOf(const StatementId& id) const {
    const auto found = places_.find(id);
    if (found == places_.end()) return std::nullopt;
    return found->second.back();
  }

  // Places, the root's first. The walk is iterative, each statement once.
  std::vector<size_t> ClosureOf(size_t root) const {
    std::vector<size_t> closure = {root};
    std::unordered_set<StatementId> seen = {ours_[root].statement.id};
    for (size_t next = 0; next < closure.size(); ++next) {
      for (const auto& reference : ours_[closure[next]].statement.references) {
        const auto found = places_.find(reference.target);
        if (found == places_.end() || !seen.insert(reference.target).second) continue;
        closure.push_back(NearestFrom(root, found->second));
      }
    }
    return closure;
  }

 private:
  static size_t NearestFrom(size_t root, const std::vector<size_t>& places) {
    const auto from = std::lower_bound(places.begin(), places.end(), root);
    return from == places.end() ? places.back() : *from;
  }

  std::vector<CarnetClaim> ours_;
  std::vector<ClaimLine> foreign_;
  std::unordered_map<StatementId, std::vector<size_t>> places_;  // each list ascends
};

std::string LinesAt(const Claims& claims, const std::vector<size_t>& places) {
  std::string text;
  for (const size_t place : places) {
    text += claims.ours()[place].line.text;
    text += '\n';
  }
  return text;
}

// In the order of the file; a passport may be there more than once.
std::vector<size_t> PassportsAbout(const Claims& claims, const artifact::ModelFiles& model) {
  lineage::Coverings coverings(model);
  std::vector<size_t> about;
  for (size_t place = 0; place < claims.ours().size(); ++place) {
    const Statement& statement = claims.ours()[place].statement;
    if (!claims.ours()[place].IsPassport()) continue;
    const auto digest = coverings.DigestUnder(statement);
    if (coverings.exhausted()) break;
    if (digest == statements::ModelOf(statement)) about.push_back(place);
  }
  if (about.size() > kMaxCandidates) about.erase(about.begin(), about.end() - kMaxCandidates);
  return about;
}

struct SignedPassport {
  size_t place;
  std::string party;
};

std::optional<StatementId> SupersededBy(const Statement& passport) {
  const auto fields = schemas::ReaderOf<wire::Passport>(passport.predicate);
  if (!fields.hasSupersedes()) return std::nullopt;
  return schemas::DigestOf<StatementId>(fields.getSupersedes());
}

// Those whose signature counts: of each passport the last line.
std::vector<SignedPassport> Authentic(const Claims& claims, const std::vector<size_t>& about,
                                      const trust::Trust& trust, TimestampMs now) {
  std::vector<SignedPassport> authentic;
  for (const size_t place : about) {
    const CarnetClaim& claim = claims.ours()[place];
    PassportFile file;
    auto read = statements::ReadStatementOf(claim.bundle, claim.line.number);
    file.lines.Add(std::get<Statement>(std::move(read)));
    file.attestations.push_back({.bundle = claim.bundle, .position = {}, .place = {}});
    Findings findings;
    bundle::VerifySignatures(file, trust, now, 1, findings);
    const Attestation& attestation = file.attestations.front();
    if (!findings.empty() || !attestation.signer || !attestation.signature_good) continue;
    if (!attestation.signer->listed().kinds.contains(Kind::kPassport)) continue;
    std::erase_if(authentic, [&](const SignedPassport& earlier) {
      return claims.ours()[earlier.place].statement.id == claim.statement.id;
    });
    authentic.push_back({place, attestation.signer->party()});
  }
  return authentic;
}

void DropSuperseded(const Claims& claims, std::vector<SignedPassport>& passports) {
  const std::vector<SignedPassport> all = passports;
  std::erase_if(passports, [&](const SignedPassport& each) {
    return std::any_of(all.begin(), all.end(), [&](const SignedPassport& by) {
      return by.party == each.party && SupersededBy(claims.ours()[by.place].statement) ==
                                           claims.ours()[each.place].statement.id;
    });
  });
}

Error SeveralCount(const Claims& claims, const std::vector<SignedPassport>& passports) {
  std::string list;
  for (size_t i = 0; i < passports.size() && i < kMaxNamedClaims; ++i) {
    const Statement& statement = claims.ours()[passports[i].place].statement;
    list +=
        fmt::format("{}{} of {} (line {})", i == 0 ? "" : ", ", ShortDigest(statement.id.span()),
                    Printable(passports[i].party), claims.ours()[passports[i].place].line.number);
  }
  return Conflict(
      fmt::format("{} passports of these files, none of which supersedes the others: {}",
                  passports.size(), list));
}

// Of passports about other files: the last that no other statement names, as a parent's are.
std::optional<size_t> LikelyPassport(const Claims& claims) {
  std::unordered_set<StatementId> named;
  for (const CarnetClaim& claim : claims.ours()) {
    for (const auto& reference : claim.statement.references) named.insert(reference.target);
  }
  std::optional<size_t> likely;
  for (size_t place = 0; place < claims.ours().size(); ++place) {
    const CarnetClaim& claim = claims.ours()[place];
    if (claim.IsPassport() && !named.contains(claim.statement.id)) likely = place;
  }
  return likely;
}

Result<size_t> ChoosePassport(const Claims& claims, const artifact::ModelFiles& model,
                              const trust::Trust& trust, TimestampMs now) {
  const std::vector<size_t> about = PassportsAbout(claims, model);
  std::vector<SignedPassport> authentic = Authentic(claims, about, trust, now);
  DropSuperseded(claims, authentic);
  if (authentic.size() > 1) return SeveralCount(claims, authentic);
  if (!authentic.empty()) return authentic.front().place;
  if (!about.empty()) return about.back();
  if (const auto likely = LikelyPassport(claims)) return *likely;
  return NotFound(fmt::format("no passport among {} and {} that Carnet does not read",
                              Counted(claims.ours().size(), "Carnet statement"),
                              Counted(claims.foreign().size(), "line")));
}

// Each once, with how many there are of it.
std::string ListOf(const std::vector<std::string>& names) {
  std::vector<std::pair<std::string, size_t>> distinct;
  std::unordered_map<std::string, size_t> places;
  for (const std::string& name : names) {
    const auto [found, added] = places.emplace(name, distinct.size());
    if (added) distinct.emplace_back(name, 0);
    ++distinct[found->second].second;
  }
  std::string text;
  for (size_t i = 0; i < distinct.size() && i < kMaxNamedClaims; ++i) {
    if (i > 0) text += ", ";
    if (distinct[i].second > 1) text += fmt::format("{} × ", distinct[i].second);
    text += distinct[i].first;
  }
  if (distinct.size() > kMaxNamedClaims) {
    text += fmt::format(" and {} more", distinct.size() - kMaxNamedClaims);
  }
  return text;
}

// Ours that the passport does not need; the same statement with another receipt is no other.
std::vector<std::string> NamesOfUnused(const Claims& claims, const std::vector<size_t>& closure) {
  std::unordered_set<StatementId> used;
  for (const size_t place : closure) used.insert(claims.ours()[place].statement.id);
  std::vector<std::string> names;
  for (const CarnetClaim& claim : claims.ours()) {
    if (used.contains(claim.statement.id)) continue;
    names.push_back(NameClaim(claim.statement.kind(), claim.bundle));
  }
  return names;
}

std::vector<std::string> NameOthers(const Claims& claims, const std::vector<size_t>& closure) {
  std::vector<std::string> foreign, unreadable;
  for (const ClaimLine& line : claims.foreign()) {
    const auto name = NameClaim(line.text);
    if (name) {
      foreign.push_back(*name);
    } else {
      unreadable.push_back(
          fmt::format("line {} ({})", line.number, Printable(name.error().message, 100)));
    }
  }
  const std::vector<std::string> unused = NamesOfUnused(claims, closure);
  std::vector<std::string> others;
  const auto add = [&others](const std::vector<std::string>& names, std::string_view one,
                             std::string_view several) {
    if (names.empty()) return;
    others.push_back(fmt::format("{} {}, not judged: {}", names.size(),
                                 names.size() == 1 ? one : several, ListOf(names)));
  };
  add(foreign, "claim of another kind", "claims of other kinds");
  add(unused, "Carnet statement that this passport does not rest on",
      "Carnet statements that this passport does not rest on");
  add(unreadable, "unreadable line", "unreadable lines");
  return others;
}

}  // namespace

Result<SelectedClaims> SelectClaims(std::string_view claims, const artifact::ModelFiles& model,
                                    const trust::Trust& trust, TimestampMs now) {
  Claims read;
  if (!read.Read(claims)) return SelectedClaims{std::string(claims), {}};
  CARNET_TRY(const size_t root, ChoosePassport(read, model, trust, now));
  const std::vector<size_t> closure = read.ClosureOf(root);
  return SelectedClaims{LinesAt(read, closure), NameOthers(read, closure)};
}

std::string LinesOfPassport(std::string_view claims, const StatementId& passport) {
  Claims read;
  if (!read.Read(claims)) return "";
  const auto place = read.LastPlaceOf(passport);
  return place ? LinesAt(read, read.ClosureOf(*place)) : "";
}

}  // namespace carnet::verifier

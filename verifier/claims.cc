#include "verifier/claims.h"

#include <fmt/core.h>

#include <algorithm>
#include <functional>
#include <iterator>
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
#include "verifier/identity/verify.h"
#include "verifier/lineage/coverings.h"
#include "verifier/name_claim.h"
#include "verifier/passport_file.h"

namespace carnet::verifier {
namespace {

using schemas::Kind;

constexpr size_t kMaxVerified = 4'096;  // lines, against signatures that only name a trusted key
constexpr size_t kMaxTried = 16;        // copies of the passport
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
    size_t lines = 0;
    for (size_t number = 1; !bytes.empty(); ++number) {
      const size_t end = bytes.find('\n');
      const ClaimLine line{bytes.substr(0, end), number};
      bytes.remove_prefix(end == bytes.npos ? bytes.size() : end + 1);
      if (line.text.empty()) continue;
      if (++lines > schemas::kMaxPassportLines) return false;
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

  // Of several places of one statement the one to take.
  using Choice = std::function<size_t(size_t root, const std::vector<size_t>& places)>;

  // Places, the root's first. The walk is iterative, each statement once.
  std::vector<size_t> ClosureOf(size_t root, const Choice& choose) const {
    std::vector<size_t> closure = {root};
    std::unordered_set<StatementId> seen = {ours_[root].statement.id};
    for (size_t next = 0; next < closure.size(); ++next) {
      for (const auto& reference : ours_[closure[next]].statement.references) {
        const auto found = places_.find(reference.target);
        if (found == places_.end() || !seen.insert(reference.target).second) continue;
        const auto& places = found->second;
        closure.push_back(places.size() == 1 ? places.front() : choose(root, places));
      }
    }
    return closure;
  }

 private:
  std::vector<CarnetClaim> ours_;
  std::vector<ClaimLine> foreign_;
  std::unordered_map<StatementId, std::vector<size_t>> places_;  // each list ascends
};

// From the root on, then before it: the lines of one passport are appended together.
std::vector<size_t> NearestFirst(size_t root, const std::vector<size_t>& places) {
  const auto from = std::lower_bound(places.begin(), places.end(), root);
  std::vector<size_t> order(from, places.end());
  order.insert(order.end(), std::make_reverse_iterator(from), places.rend());
  return order;
}

size_t Nearest(size_t root, const std::vector<size_t>& places) {
  return NearestFirst(root, places).front();
}

// Whether two lines show one checkpoint of one log, as those of one passport do (R10).
bool ShowOneView(const CarnetClaim& a, const CarnetClaim& b) {
  for (const auto& one : a.bundle.entries) {
    for (const auto& other : b.bundle.entries) {
      if (one.log_id == other.log_id && one.checkpoint == other.checkpoint) return true;
    }
  }
  return false;
}

// Whether a line counts by itself: its signer, its signature, its receipt and when they were in
// force (R5 to R11, R15). Nothing signs a receipt, so whoever may append can add a copy of a line
// with a false one, and a key whose time is over could sign that a passport is superseded.
class Standing {
 public:
  Standing(const Claims& claims, const trust::Trust& trust, TimestampMs now)
      : claims_(claims), trust_(trust), now_(now) {}

  // Null: it does not.
  const LineSigner* SignerOf(size_t place) {
    const auto [found, added] = signers_.emplace(place, std::nullopt);
    if (added && signers_.size() <= kMaxVerified) found->second = Judge(claims_.ours()[place]);
    return found->second ? &*found->second : nullptr;
  }

  size_t Choose(size_t root, const std::vector<size_t>& places) {
    const CarnetClaim& passport = claims_.ours()[root];
    std::optional<size_t> standing;
    for (const size_t place : NearestFirst(root, places)) {
      if (SignerOf(place) == nullptr) continue;
      if (ShowOneView(passport, claims_.ours()[place])) return place;
      if (!standing) standing = place;
    }
    return standing ? *standing : Nearest(root, places);
  }

 private:
  std::optional<LineSigner> Judge(const CarnetClaim& claim) const {
    PassportFile file;
    auto read = statements::ReadStatementOf(claim.bundle, claim.line.number);
    file.lines.Add(std::get<Statement>(std::move(read)));
    file.attestations.push_back({.bundle = claim.bundle, .position = {}, .place = {}});
    Findings findings;
    bundle::VerifySignatures(file, trust_, now_, 1, findings);
    bundle::VerifyLogEntries(file, trust_, now_, 1, findings);
    identity::VerifyIdentity(file, trust_, now_, findings);
    Attestation& attestation = file.attestations.front();
    if (!findings.empty() || !attestation.signature_good) return std::nullopt;
    return std::move(attestation.signer);
  }

  const Claims& claims_;
  const trust::Trust& trust_;
  const TimestampMs now_;
  std::unordered_map<size_t, std::optional<LineSigner>> signers_;
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
  return about;
}

struct SignedPassport {
  std::vector<size_t> places;  // of its copies that count
  std::string party;
};

std::optional<StatementId> SupersededBy(const Statement& passport) {
  const auto fields = schemas::ReaderOf<wire::Passport>(passport.predicate);
  if (!fields.hasSupersedes()) return std::nullopt;
  return schemas::DigestOf<StatementId>(fields.getSupersedes());
}

const Statement& StatementOf(const Claims& claims, const SignedPassport& passport) {
  return claims.ours()[passport.places.front()].statement;
}

std::vector<SignedPassport> Authentic(const Claims& claims, const std::vector<size_t>& about,
                                      Standing& standing) {
  std::vector<SignedPassport> authentic;
  for (const size_t place : about) {
    const LineSigner* signer = standing.SignerOf(place);
    if (signer == nullptr) continue;
    const StatementId& id = claims.ours()[place].statement.id;
    const auto copy = std::find_if(authentic.begin(), authentic.end(), [&](const auto& each) {
      return StatementOf(claims, each).id == id;
    });
    if (copy == authentic.end()) {
      authentic.push_back({{place}, signer->party()});
    } else {
      copy->places.push_back(place);
    }
  }
  return authentic;
}

void DropSuperseded(const Claims& claims, std::vector<SignedPassport>& passports) {
  const std::vector<SignedPassport> all = passports;
  std::erase_if(passports, [&](const SignedPassport& each) {
    return std::any_of(all.begin(), all.end(), [&](const SignedPassport& by) {
      return by.party == each.party &&
             SupersededBy(StatementOf(claims, by)) == StatementOf(claims, each).id;
    });
  });
}

Error SeveralCount(const Claims& claims, const std::vector<SignedPassport>& passports) {
  std::string list;
  for (size_t i = 0; i < passports.size() && i < kMaxNamedClaims; ++i) {
    const Statement& statement = StatementOf(claims, passports[i]);
    list += fmt::format("{}{} of {} (line {})", i == 0 ? "" : ", ",
                        ShortDigest(statement.id.span()), Printable(passports[i].party),
                        claims.ours()[passports[i].places.front()].line.number);
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

bool ShowsOneView(const Claims& claims, const std::vector<size_t>& closure) {
  return std::all_of(closure.begin(), closure.end(), [&](size_t place) {
    return ShowOneView(claims.ours()[closure.front()], claims.ours()[place]);
  });
}

// The newest copy whose closure is under its checkpoint, or else the newest.
size_t ChooseCopy(const Claims& claims, const std::vector<size_t>& copies,
                  const Claims::Choice& choose) {
  if (copies.size() == 1) return copies.front();
  for (size_t tried = 0; tried < copies.size() && tried < kMaxTried; ++tried) {
    const size_t copy = copies[copies.size() - 1 - tried];
    if (ShowsOneView(claims, claims.ClosureOf(copy, choose))) return copy;
  }
  return copies.back();
}

Result<size_t> ChoosePassport(const Claims& claims, const artifact::ModelFiles& model,
                              Standing& standing, const Claims::Choice& choose) {
  const std::vector<size_t> about = PassportsAbout(claims, model);
  std::vector<SignedPassport> authentic = Authentic(claims, about, standing);
  DropSuperseded(claims, authentic);
  if (authentic.size() > 1) return SeveralCount(claims, authentic);
  if (!authentic.empty()) return ChooseCopy(claims, authentic.front().places, choose);
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
  Standing standing(read, trust, now);
  const auto choose = [&standing](size_t root, const std::vector<size_t>& places) {
    return standing.Choose(root, places);
  };
  CARNET_TRY(const size_t root, ChoosePassport(read, model, standing, choose));
  const std::vector<size_t> closure = read.ClosureOf(root, choose);
  return SelectedClaims{LinesAt(read, closure), NameOthers(read, closure)};
}

std::string LinesOfPassport(std::string_view claims, const StatementId& passport) {
  Claims read;
  if (!read.Read(claims)) return "";
  const auto place = read.LastPlaceOf(passport);
  return place ? LinesAt(read, read.ClosureOf(*place, &Nearest)) : "";
}

}  // namespace carnet::verifier

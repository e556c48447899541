#include "pipeline/resolve_digest.h"

#include <fmt/core.h>

#include <algorithm>
#include <map>
#include <vector>

#include "core/hex.h"
#include "core/utf8.h"

namespace carnet::pipeline {
namespace {

constexpr size_t kListed = 8;  // of several that begin alike
constexpr size_t kShownDigits = 16;
constexpr std::string_view kSha256 = "sha256:";

// What begins with the digits, in the order of the digests: hex, and what it is.
using Candidates = std::map<std::string, std::string>;

std::string_view DigitsOf(std::string_view text) {
  return text.starts_with(kSha256) ? text.substr(kSha256.size()) : text;
}

Error NotADigest(std::string_view text, std::string_view digits) {
  return Malformed(fmt::format(
      "\"{}\" is not a digest: expected {} lowercase hex digits, with or without `sha256:` before "
      "them",
      Printable(text), digits));
}

Result<> AddStatements(const ledger::Reader& reader, const ledger::DigestPrefix& prefix,
                       Candidates& to) {
  CARNET_TRY(const auto ids, reader.StatementsFrom(prefix, kListed + 1));
  for (const StatementId& id : ids) {
    CARNET_TRY(const ledger::StatementRow row, reader.Find(id));
    to.emplace(HexEncode(id.span()), schemas::KindName(row.kind));
  }
  return Ok();
}

Result<> AddSubjects(const ledger::Reader& reader, const ledger::DigestPrefix& prefix,
                     Candidates& to) {
  CARNET_TRY(const auto subjects, reader.SubjectsFrom(prefix, kListed + 1));
  for (const SubjectDigest& subject : subjects) {
    CARNET_TRY(const auto about, reader.BySubject(subject, 1));
    CARNET_TRY(const ledger::StoredEntry entry, reader.EntryAt(about[0]));
    CARNET_TRY(const ledger::StatementRow row, reader.Find(entry.id));
    to.emplace(HexEncode(subject.span()),
               "subject of a " + std::string(schemas::KindName(row.kind)));
  }
  CARNET_TRY(const auto models, reader.ParentModelsFrom(prefix, kListed + 1));
  for (const ModelDigest& model : models)
    to.emplace(HexEncode(model.span()), "parent model of a run");
  return Ok();
}

// As many digits as tell them apart.
size_t ShownDigits(const Candidates& candidates) {
  size_t digits = kShownDigits;
  const std::string* previous = nullptr;
  for (const auto& [hex, what] : candidates) {
    if (previous != nullptr) {
      const auto differ = std::mismatch(hex.begin(), hex.end(), previous->begin()).first;
      digits = std::max(digits, static_cast<size_t>(differ - hex.begin()) + 1);
    }
    previous = &hex;
  }
  return digits;
}

Error Several(std::string_view name, const Candidates& candidates) {
  std::string list;
  size_t listed = 0;
  const size_t digits = ShownDigits(candidates);
  for (const auto& [hex, what] : candidates) {
    if (listed++ == kListed) break;
    list += fmt::format("{}{} ({})", list.empty() ? "" : ", ", hex.substr(0, digits), what);
  }
  return NotFound(fmt::format("{} is not one digest: it begins {}{}", name, list,
                              candidates.size() > kListed ? " and more" : ""));
}

// The one candidate. `kind` says of what there is none.
Result<std::string> OnlyOne(std::string_view name, std::string_view kind,
                            const Candidates& candidates) {
  if (candidates.empty())
    return NotFound(fmt::format("no {} in this ledger begins with {}", kind, name));
  if (candidates.size() > 1) return Several(name, candidates);
  return candidates.begin()->first;
}

}  // namespace

Result<SubjectDigest> ParseWholeDigest(std::string_view text) {
  const auto digest = HexDecodeTo<SubjectDigest>(DigitsOf(text));
  if (!digest) return NotADigest(text, "64");
  return *digest;
}

Result<ledger::DigestPrefix> ParseDigest(std::string_view text) {
  auto prefix = ledger::DigestPrefix::Parse(DigitsOf(text));
  if (!prefix) return NotADigest(text, "6 to 64");
  return prefix;
}

Result<SubjectDigest> ResolveDigest(const ledger::Reader& reader,
                                    const ledger::DigestPrefix& prefix) {
  if (prefix.is_whole()) return *SubjectDigest::FromSpan(prefix.First());
  Candidates candidates;
  CARNET_TRY_VOID(AddStatements(reader, prefix, candidates));
  CARNET_TRY_VOID(AddSubjects(reader, prefix, candidates));
  CARNET_TRY(const std::string hex,
             OnlyOne("sha256:" + prefix.digits(), "statement or subject", candidates));
  return *HexDecodeTo<SubjectDigest>(hex);
}

Result<StatementId> ResolveStatement(const ledger::Reader& reader,
                                     const ledger::DigestPrefix& prefix) {
  if (prefix.is_whole()) return *StatementId::FromSpan(prefix.First());
  Candidates candidates;
  CARNET_TRY_VOID(AddStatements(reader, prefix, candidates));
  CARNET_TRY(const std::string hex, OnlyOne("sha256:" + prefix.digits(), "statement", candidates));
  return *HexDecodeTo<StatementId>(hex);
}

Result<SignerId> ResolveSigner(const ledger::Reader& reader, std::string_view text) {
  constexpr std::string_view kKey = "key:", kIdentity = "identity:";
  const bool identity = text.starts_with(kIdentity);
  std::string_view digits = text;
  if (identity) digits.remove_prefix(kIdentity.size());
  if (text.starts_with(kKey)) digits.remove_prefix(kKey.size());
  const auto prefix = ledger::DigestPrefix::Parse(digits);
  if (!prefix)
    return Malformed(
        fmt::format("\"{}\" is not a signer: expected `key:` or `identity:` and 6 to "
                    "64 lowercase hex digits",
                    Printable(text)));
  const std::string form(identity ? kIdentity : kKey);
  if (prefix->is_whole()) return SignerId::Parse(form + prefix->digits());
  CARNET_TRY(const auto signers,
             reader.SignersFrom(identity ? SignerId::Form::kIdentity : SignerId::Form::kKey,
                                *prefix, kListed + 1));
  Candidates candidates;
  for (const SignerId& signer : signers)
    candidates.emplace(signer.ToString().substr(form.size()), "signer");
  CARNET_TRY(const std::string hex, OnlyOne(form + prefix->digits(), "signer", candidates));
  return SignerId::Parse(form + hex);
}

}  // namespace carnet::pipeline

#include "cli/argument_checks.h"

#include <string_view>
#include <vector>

#include "core/digests.h"
#include "core/hex.h"
#include "core/not_covered.h"
#include "core/timestamp.h"
#include "core/utf8.h"
#include "pipeline/placeholder.h"
#include "pipeline/resolve_digest.h"
#include "pipeline/set_values.h"
#include "schemas/stored.h"

namespace carnet::cli {
namespace {

std::string CheckCharacters(const std::string& text) {
  if (IsValidUtf8(text) && !FindForbiddenCharacter(text)) return "";
  return "expected UTF-8 without control or invisible characters, found: " + Printable(text);
}

}  // namespace

std::string CheckDate(const std::string& text) {
  return ParseDate(text) ? "" : "not a date (YYYY-MM-DD): " + Printable(text);
}
std::string ReadStatementId(std::string& text) {
  const auto id = pipeline::ParseWholeDigest(text);
  if (!id) return id.error().message;
  text = HexEncode(id->span());
  return "";
}
std::string CheckNonce(const std::string& text) {
  return HexDecodeTo<FixedBytes<struct NonceTag, 16>>(text)
             ? ""
             : "not 32 lowercase hex digits: " + Printable(text);
}
std::string CheckDigest(const std::string& text) {
  const auto digest = pipeline::ParseDigest(text);
  return digest ? "" : digest.error().message;
}
std::string CheckKeyName(const std::string& text) {
  return text.empty() ? "expected a name" : CheckCharacters(text);
}
std::string CheckText(const std::string& text) {
  if (pipeline::IsPlaceholder(text)) return "a placeholder, not filled in: " + Printable(text);
  return CheckCharacters(text);
}
std::string CheckAssignment(const std::string& text) {
  const auto assignment = pipeline::ParseAssignment(text);
  return assignment ? "" : assignment.error().message;
}
std::string CheckReason(const std::string& text) {
  if (text.empty()) return "expected a reason";
  if (text.size() > schemas::kMaxReasonBytes)
    return "longer than " + std::to_string(schemas::kMaxReasonBytes) + " bytes";
  return CheckText(text);
}
std::string CheckOrigin(const std::string& text) {
  constexpr size_t kMaxHostname = 253;
  const bool bare = text.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789.-") == text.npos;
  if (bare && !text.empty() && text.size() <= kMaxHostname) return "";
  return "not a bare lowercase hostname: " + Printable(text);
}

std::string CheckNotCovered(const std::string& text) {
  const std::vector<std::string_view> one = {text};
  if (NotCovered::Of(one)) return "";
  std::string list;
  for (const std::string_view pattern : NotCovered::All().patterns()) {
    list += (list.empty() ? "" : " ") + std::string(pattern);
  }
  return "not a pattern of files that may be left out: " + Printable(text) + "; these are: " + list;
}
std::string CheckNotStandard(const std::string& text) {
  if (text != "-") return "";
  return "- is standard input, which this cannot be; a file of that name is ./-";
}

std::string CheckModel(const std::string& text) {
  if (text.ends_with(".passport.sigstore.jsonl"))
    return Quoted(text) + " is a passport, not a model: --passport";
  return CheckNotStandard(text);
}

}  // namespace carnet::cli

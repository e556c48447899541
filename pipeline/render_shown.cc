// How a whole statement is shown: its fields one a line, indented as they are nested, or JSON.
#include <fmt/core.h>

#include <algorithm>
#include <unordered_map>

#include "core/ascii.h"
#include "core/hex.h"
#include "core/utf8.h"
#include "json/reader.h"
#include "json/writer.h"
#include "pipeline/show_statement.h"
#include "schemas/limits.h"

namespace carnet::pipeline {
namespace {

constexpr size_t kNameColumn = 12;

// What digests in the text stand for, by their hex digits.
using Names = std::unordered_map<std::string, std::string>;

std::string Fact(std::string_view name, std::string_view value) {
  std::string line(name);
  line.resize(std::max(kNameColumn, line.size() + 1), ' ');
  return line.append(value) + "\n";
}

// Digests, times, names of our own and the like stand as they are; any other text is quoted, so
// that it cannot pass for what a digest was resolved to.
bool IsWord(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return IsLetterOrDigit(c) || c == '.' || c == ':' || c == '-' || c == '_';
  });
}

// Fields as they are nested. Recursion is as deep as a statement may be (S4).
class FieldLines {
 public:
  explicit FieldLines(const Names& names) : names_(names) {}

  void AddMembers(json::Value object, size_t depth) {
    for (auto member = object.first_child(); member; member = member->next())
      AddField(*member, depth, Printable(member->key()) + ":");
  }
  std::string Take() { return std::move(text_); }

 private:
  void AddField(json::Value value, size_t depth, const std::string& name) {
    const std::string indent(2 * depth, ' ');
    if (value.is(json::Type::kObject)) return AddObject(value, depth, indent + name + "\n");
    if (value.is(json::Type::kArray)) return AddItems(value, depth, indent + name);
    if (value.is(json::Type::kString) && value.string().find('\n') != std::string_view::npos)
      return AddLines(value.string(), depth + 1, indent + name + "\n");
    text_ += indent + name + " " + Scalar(value) + "\n";
  }

  void AddObject(json::Value object, size_t depth, const std::string& head) {
    text_ += head;
    AddMembers(object, depth + 1);
  }

  void AddItems(json::Value items, size_t depth, const std::string& head) {
    text_ += head + (items.size() == 0 ? " none\n" : "\n");
    for (auto item = items.first_child(); item; item = item->next()) {
      if (item->is(json::Type::kObject)) {
        AddObject(*item, depth + 1, std::string(2 * depth + 2, ' ') + "-\n");
      } else {
        AddField(*item, depth + 1, "-");
      }
    }
  }

  // A checkpoint.
  void AddLines(std::string_view lines, size_t depth, const std::string& head) {
    text_ += head;
    while (!lines.empty()) {
      const size_t end = std::min(lines.find('\n'), lines.size());
      text_ += std::string(2 * depth, ' ') + "| " +
               Printable(lines.substr(0, end), schemas::kMaxMultiLineBytes) + "\n";
      lines.remove_prefix(std::min(end + 1, lines.size()));
    }
  }

  std::string Scalar(json::Value value) const {
    if (value.is(json::Type::kBool)) return value.boolean() ? "true" : "false";
    if (value.is(json::Type::kNumber)) return std::string(value.number_text());
    if (!IsWord(value.string())) return Quoted(value.string(), schemas::kMaxTextBytes);
    std::string text(value.string());
    const auto name = names_.find(text);
    return name == names_.end() ? text : text + "  (" + name->second + ")";
  }

  const Names& names_;
  std::string text_;
};

Names NamesOf(const ShownStatement& shown) {
  Names names;
  for (const LoggedStatement& reference : shown.references)
    names.emplace(HexEncode(reference.id.span()), TextOf(reference));
  return names;
}

std::string SignerText(const ShownStatement& shown) {
  const std::string id = shown.statement.signer.ToString();
  if (!shown.statement.party.empty()) return shown.statement.party + ", " + id;
  return id + (shown.names_parties ? " (a stranger: not in the trust directory)" : "");
}

std::string IndexText(const ShownStatement& shown) {
  std::string text;
  for (const LeafIndex index : shown.indices)
    text += (text.empty() ? "" : ", ") + std::to_string(index.value());
  return text + " of a ledger of " + std::to_string(shown.size.value());
}

std::string AbsenceText(const schemas::Absence& absence) {
  const bool erased = absence.cause == schemas::AbsenceCause::kErased;
  return fmt::format("{} since {}: {}", erased ? "erased" : "withheld",
                     FormatTimestamp(absence.since),
                     Quoted(absence.reason, schemas::kMaxReasonBytes));
}

std::string FieldsText(const ShownStatement& shown, const Bytes& payload) {
  const auto tree = json::Parse(AsText(payload));
  const auto predicate = tree ? tree->root().Find("predicate") : std::nullopt;
  CARNET_CHECK(predicate.has_value());  // it was read as a statement before
  const Names names = NamesOf(shown);
  FieldLines lines(names);
  lines.AddMembers(*predicate, 1);
  return lines.Take();
}

std::string RelationLines(const ShownStatement& shown) {
  std::string text;
  if (std::holds_alternative<schemas::Absence>(shown.content))
    for (const LoggedStatement& reference : shown.references)
      text += Fact("refers to", TextOf(reference) + "  " + LongId(reference.id));
  for (const LoggedStatement& referrer : shown.referrers) {
    const bool named = !referrer.label.empty() && !referrer.label_is_ours;
    text += Fact("referred by", TextOf(referrer) + (named ? "" : ", by " + SpeakerOf(referrer)) +
                                    "  " + LongId(referrer.id));
  }
  if (shown.more_referrers)
    text += fmt::format("and more: `carnet trace {} --direction descendants`\n",
                        LongId(shown.statement.id));
  return text;
}

void WriteContent(const ShownStatement& shown, json::Writer& writer) {
  if (const auto* absence = std::get_if<schemas::Absence>(&shown.content)) {
    const bool erased = absence->cause == schemas::AbsenceCause::kErased;
    writer.Key("absent")
        .BeginObject()
        .Member("cause", erased ? "erased" : "withheld")
        .Member("since", FormatTimestamp(absence->since))
        .Member("reason", Printable(absence->reason, schemas::kMaxReasonBytes))
        .EndObject();
    return;
  }
  const auto tree = json::Parse(AsText(std::get<Bytes>(shown.content)));
  CARNET_CHECK(tree.has_value());  // it was read as a statement before
  writer.Key("text").Copy(tree->root());
}

void WriteList(std::string_view name, const std::vector<LoggedStatement>& statements,
               json::Writer& writer) {
  writer.Key(name).BeginArray();
  for (const LoggedStatement& statement : statements) {
    writer.BeginObject();
    WriteLogged(statement, writer);
    writer.EndObject();
  }
  writer.EndArray();
}

}  // namespace

std::string ShownText(const ShownStatement& shown) {
  const LoggedStatement& statement = shown.statement;
  std::string text = Fact("statement", LongId(statement.id)) +
                     Fact("kind", schemas::KindName(statement.kind)) +
                     Fact("index", IndexText(shown)) + Fact("signer", SignerText(shown));
  if (statement.created)
    text += Fact("created", FormatTimestamp(*statement.created) + " (self-declared)");
  for (const schemas::Subject& subject : shown.subjects)
    text += Fact("subject", Printable(subject.name, schemas::kMaxTextBytes) +
                                (subject.name.empty() ? "" : " ") +
                                "sha256:" + HexEncode(subject.digest.span()));
  if (const auto* absence = std::get_if<schemas::Absence>(&shown.content)) {
    text += Fact("text", AbsenceText(*absence));
  } else {
    text += "says\n" + FieldsText(shown, std::get<Bytes>(shown.content));
  }
  return text + RelationLines(shown) + "nothing was verified: this is what the ledger contains\n";
}

std::string ShownJson(const ShownStatement& shown) {
  json::Writer writer(json::Layout::kIndented);
  writer.BeginObject().Member("verified", false).Member("tree_size", shown.size.value());
  WriteLogged(shown.statement, writer);
  writer.Key("indices").BeginArray();
  for (const LeafIndex index : shown.indices) writer.Unsigned(index.value());
  writer.EndArray().Key("subjects").BeginArray();
  for (const schemas::Subject& subject : shown.subjects) {
    writer.BeginObject();
    if (!subject.name.empty()) writer.Member("name", subject.name);
    writer.Member("sha256", HexEncode(subject.digest.span())).EndObject();
  }
  writer.EndArray();
  WriteContent(shown, writer);
  WriteList("references", shown.references, writer);
  WriteList("referrers", shown.referrers, writer);
  return writer.Member("more_referrers", shown.more_referrers).EndObject().Take();
}

}  // namespace carnet::pipeline

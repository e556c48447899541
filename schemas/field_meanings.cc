#include "schemas/field_meanings.h"

#include <algorithm>

#include "core/ascii.h"

namespace carnet::schemas {

std::string_view FlopCapnp();
std::string_view PredicateCapnp();
std::string_view ValuesCapnp();
std::string_view VerdictCapnp();

namespace {

std::string_view WordAt(std::string_view text) {
  const auto end = std::find_if_not(text.begin(), text.end(), IsLetterOrDigit);
  return text.substr(0, static_cast<size_t>(end - text.begin()));
}

std::string_view WithoutSpaces(std::string_view text) {
  const size_t first = text.find_first_not_of(' ');
  return first == text.npos ? "" : text.substr(first);
}

std::string_view TakeLine(std::string_view& text) {
  const size_t end = std::min(text.find('\n'), text.size());
  const std::string_view line = text.substr(0, end);
  text.remove_prefix(std::min(end + 1, text.size()));
  return line;
}

// "# words" as "words"; empty where it is no comment.
std::string_view CommentIn(std::string_view text) {
  return text.starts_with("# ") ? text.substr(2) : "";
}

// The name in `name @0 :Type …;`; empty for any other line.
std::string_view FieldIn(std::string_view line) {
  const std::string_view name = WordAt(line);
  const bool is_field = !name.empty() && line.substr(name.size()).starts_with(" @") &&
                        line.find(" :") != line.npos && line.find(';') != line.npos;
  return is_field ? name : "";
}

void AddComment(std::string_view comment, std::string& meaning) {
  if (!comment.empty() && !meaning.empty()) meaning += ' ';
  meaning += comment;
}

}  // namespace

void AddMeanings(std::string_view capnp, FieldMeanings& meanings) {
  std::string current;
  std::string* open = nullptr;  // the meaning of the field that the last line belongs to
  while (!capnp.empty()) {
    const std::string_view line = TakeLine(capnp);
    const std::string_view text = WithoutSpaces(line);
    if (open != nullptr && !CommentIn(text).empty()) {
      AddComment(CommentIn(text), *open);
      continue;
    }
    open = nullptr;
    if (line.starts_with("struct ")) current = WordAt(line.substr(7));
    if (line.starts_with("}")) current.clear();
    const std::string_view field = FieldIn(text);
    if (current.empty() || field.empty()) continue;
    open = &meanings[{current, std::string(field)}];
    AddComment(CommentIn(WithoutSpaces(text.substr(text.find(';') + 1))), *open);
  }
}

FieldMeanings EmbeddedMeanings() {
  FieldMeanings meanings;
  for (const auto text : {ValuesCapnp(), FlopCapnp(), PredicateCapnp(), VerdictCapnp()}) {
    AddMeanings(text, meanings);
  }
  return meanings;
}

}  // namespace carnet::schemas

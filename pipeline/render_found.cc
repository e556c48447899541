// How what was found is shown: a line for each statement, or JSON.
#include <fmt/core.h>

#include <algorithm>
#include <array>

#include "core/hex.h"
#include "core/utf8.h"
#include "json/writer.h"
#include "pipeline/find_statements.h"

namespace carnet::pipeline {
namespace {

// The last column is not padded: what a statement calls itself can be long.
using Line = std::array<std::string, 6>;

// Characters, as a terminal counts most of them.
size_t WidthOf(std::string_view text) {
  return static_cast<size_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return (c & 0xc0) != 0x80; }));
}

std::string WhatOf(const FoundStatement& found) {
  const LoggedStatement& statement = found.statement;
  std::string text = statement.label_is_ours || statement.label.empty() ? statement.label
                                                                        : Quoted(statement.label);
  const uint64_t between = found.models_between.value_or(0);
  if (between == 0) return text;
  return text + fmt::format("{}through {} other {}", text.empty() ? "" : "  ", between,
                            between == 1 ? "model" : "models");
}

Line LineOf(const FoundStatement& found) {
  const LoggedStatement& statement = found.statement;
  return {ShortId(statement.id),
          std::string(schemas::KindName(statement.kind)),
          std::to_string(statement.index.value()),
          statement.created ? FormatTimestamp(*statement.created) : "unknown",
          SpeakerOf(statement),
          WhatOf(found)};
}

std::string Table(const std::vector<Line>& lines) {
  std::array<size_t, 6> widths{};
  for (const Line& line : lines)
    for (size_t i = 0; i < line.size(); ++i) widths[i] = std::max(widths[i], WidthOf(line[i]));
  std::string text;
  for (const Line& line : lines) {
    std::string shown;
    for (size_t i = 0; i + 1 < line.size(); ++i)
      shown += line[i] + std::string(widths[i] - WidthOf(line[i]) + 2, ' ');
    shown += line.back();
    text += shown.substr(0, shown.find_last_not_of(' ') + 1) + "\n";
  }
  return text;
}

std::string_view Plural(uint64_t count) { return count == 1 ? "statement" : "statements"; }

}  // namespace

std::string FoundText(const Found& found) {
  std::vector<Line> lines = {{"statement", "kind", "index", "created", "by", "what"}};
  for (const FoundStatement& each : found.statements) lines.push_back(LineOf(each));
  std::string text = found.statements.empty() ? "" : Table(lines);
  text += fmt::format("{} {} in a ledger of {}\n", found.statements.size(),
                      Plural(found.statements.size()), found.size.value());
  if (found.next) text += fmt::format("there are more: --since-size {}\n", found.next->value());
  if (found.strangers > 0)
    text += fmt::format("{} {} by strangers left out\n", found.strangers, Plural(found.strangers));
  return text +
         "nothing was verified: this is what the ledger contains, and when it was created "
         "is what each signer says\n";
}

std::string FoundJson(const Found& found) {
  json::Writer writer(json::Layout::kIndented);
  writer.BeginObject()
      .Member("verified", false)
      .Member("tree_size", found.size.value())
      .Key("statements")
      .BeginArray();
  for (const FoundStatement& each : found.statements) {
    writer.BeginObject();
    WriteLogged(each.statement, writer);
    if (each.models_between) writer.Member("models_between", *each.models_between);
    writer.EndObject();
  }
  writer.EndArray();
  if (found.next) writer.Member("next", found.next->value());
  return writer.Member("strangers", found.strangers).EndObject().Take();
}

}  // namespace carnet::pipeline

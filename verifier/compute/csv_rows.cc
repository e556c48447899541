#include "verifier/compute/csv_rows.h"

#include <fmt/core.h>

#include <algorithm>

#include "core/utf8.h"

namespace carnet::verifier::compute {
namespace {

std::vector<std::string_view> NamesIn(std::string_view header) {
  std::vector<std::string_view> names;
  for (size_t end = 0; end != std::string_view::npos;) {
    end = header.find(',');
    names.push_back(header.substr(0, end));
    if (end != std::string_view::npos) header.remove_prefix(end + 1);
  }
  return names;
}

Error Quote(size_t column, std::string_view field) {
  return Malformed(fmt::format("column {}: misplaced quotation mark in {}", column, Quoted(field)));
}

// The field that `line` begins with, taken off together with the comma after it; `more` says
// whether there was one.
Result<std::string> TakeField(std::string_view& line, size_t column, bool& more) {
  std::string field;
  if (!line.starts_with('"')) {
    const size_t end = std::min(line.find(','), line.size());
    field = line.substr(0, end);
    if (field.find('"') != std::string::npos) return Quote(column, field);
    line.remove_prefix(end);
  } else {
    do {  // from quote to quote; two of them in a row mean one
      const size_t end = line.find('"', 1);
      if (end == std::string_view::npos) return Quote(column, line);
      field += line.substr(1, end - 1);
      line.remove_prefix(end + 1);
      if (line.starts_with('"')) field += '"';
    } while (line.starts_with('"'));
  }
  more = line.starts_with(',');
  if (!more && !line.empty()) return Quote(column, field);
  if (more) line.remove_prefix(1);
  return field;
}

Result<CsvRow> SplitRow(std::string_view line, const std::vector<std::string_view>& names) {
  const size_t size = line.size();
  std::vector<CsvRow::Field> fields;
  bool more = true;
  while (more && fields.size() < names.size()) {
    const size_t column = size - line.size() + 1;
    CARNET_TRY(std::string text, TakeField(line, column, more));
    fields.push_back({std::move(text), column});
  }
  if (more || fields.size() != names.size()) {
    return Malformed(fmt::format("expected {} fields", names.size()));
  }
  return CsvRow(names, std::move(fields));
}

}  // namespace

Error CsvRow::Refuse(size_t index, std::string_view why) const {
  return Malformed(fmt::format("column {}: {}: {}", fields_[index].column, names_[index], why));
}

Result<> ReadCsv(std::string_view csv, std::string_view name, std::string_view header,
                 const std::function<Result<>(const CsvRow&)>& take) {
  if (csv.size() > kMaxCsvBytes) return Malformed(std::string(name) + ": larger than 1 MiB");
  if (!IsValidUtf8(csv)) return Malformed(std::string(name) + ": not UTF-8");
  const std::vector<std::string_view> names = NamesIn(header);
  for (size_t number = 1; !csv.empty(); ++number) {
    const std::string where = fmt::format("{}: line {}", name, number);
    const size_t end = csv.find('\n');
    if (end == std::string_view::npos) return Malformed(where + ": does not end in LF");
    const std::string_view line = csv.substr(0, end);
    csv.remove_prefix(end + 1);
    if (number == 1) {
      if (line != header) return Malformed(fmt::format("{}: expected \"{}\"", where, header));
      continue;
    }
    if (const auto at = FindForbiddenCharacter(line)) {
      return Malformed(fmt::format("{}: column {}: a control character", where, *at + 1));
    }
    const auto row = SplitRow(line, names);
    if (!row) return row.error().In(where);
    if (const auto taken = take(*row); !taken) return taken.error().In(where);
  }
  return Ok();
}

}  // namespace carnet::verifier::compute

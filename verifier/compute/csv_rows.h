// Rows of a CSV file as in RFC 4180, but lines end in LF and no field contains a line break. For
// chip catalogues, which people write by hand: an error names file, line and, where it is about a
// field, the column at which the field begins. Private to compute/, for its .cc files.
#pragma once

#include <cstddef>
#include <functional>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/result.h"

namespace carnet::verifier::compute {

inline constexpr size_t kMaxCsvBytes = 1 << 20;  // against memory spent on a hostile file

class CsvRow {
 public:
  struct Field {
    std::string text;
    size_t column;  // in bytes, from 1
  };
  // Requires as many names as fields.
  CsvRow(std::vector<std::string_view> names, std::vector<Field> fields)
      : names_(std::move(names)), fields_(std::move(fields)) {}

  const std::string& operator[](size_t index) const { return fields_[index].text; }
  // "column 14: precision: why". Malformed.
  Error Refuse(size_t index, std::string_view why) const;

 private:
  std::vector<std::string_view> names_;
  std::vector<Field> fields_;
};

// Calls `take` for each row after the first, which has to be `header`: names without quotation
// marks. Errors: malformed, with `name` and the line; those of `take`, likewise.
Result<> ReadCsv(std::string_view csv, std::string_view name, std::string_view header,
                 const std::function<Result<>(const CsvRow&)>& take);

}  // namespace carnet::verifier::compute

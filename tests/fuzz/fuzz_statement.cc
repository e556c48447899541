// A statement that is read, written and read again has the same subjects and the same text; what
// is refused has a reason.
#include <cstddef>
#include <cstdint>
#include <variant>

#include "core/check.h"
#include "sigstore/statement.h"

using carnet::sigstore::ReadStatement;
using carnet::sigstore::Statement;
using carnet::sigstore::StatementError;
using carnet::sigstore::WriteStatement;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const auto first = ReadStatement({data, size});
  if (const auto* error = std::get_if<StatementError>(&first)) {
    CARNET_CHECK(!error->message.empty());
    return 0;
  }
  const auto& statement = std::get<Statement>(first);
  const std::string text = WriteStatement(statement.predicate, statement.subjects);
  const auto second = ReadStatement(carnet::AsBytes(text));
  const auto* again = std::get_if<Statement>(&second);
  CARNET_CHECK(again != nullptr);
  CARNET_CHECK(again->subjects == statement.subjects);
  CARNET_CHECK(WriteStatement(again->predicate, again->subjects) == text);
  return 0;
}

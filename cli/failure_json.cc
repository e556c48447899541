#include "cli/failure_json.h"

#include "json/writer.h"

namespace carnet::cli {

std::string FailureJson(const Failure& failure, ExitCode status) {
  json::Writer writer(json::Layout::kIndented);
  writer.BeginObject().Key("error").BeginObject();
  writer.Member("code", failure.code).Member("message", failure.message);
  if (!failure.hint.empty()) writer.Member("hint", failure.hint);
  return writer.EndObject().Member("exit", static_cast<uint64_t>(status)).EndObject().Take();
}

}  // namespace carnet::cli

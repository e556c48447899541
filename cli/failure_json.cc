#include "cli/failure_json.h"

namespace carnet::cli {

std::string FailureJson(const Failure& failure, ExitCode status, json::Layout layout) {
  json::Writer writer(layout);
  writer.BeginObject().Key("error").BeginObject();
  writer.Member("code", failure.code).Member("message", failure.message);
  if (!failure.hint.empty()) writer.Member("hint", failure.hint);
  writer.EndObject().Member("exit", static_cast<uint64_t>(status)).EndObject();
  return writer.Take() + (layout == json::Layout::kCompact ? "\n" : "");
}

}  // namespace carnet::cli

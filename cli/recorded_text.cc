#include "cli/recorded_text.h"

#include "core/hex.h"
#include "json/writer.h"

namespace carnet::cli {

std::string RecordedText(const pipeline::Recorded& recorded, bool json) {
  const std::string id = HexEncode(recorded.id.span());
  if (!json) return id + "\n";
  return json::Writer(json::Layout::kIndented)
      .BeginObject()
      .Member("step", recorded.step)
      .Member("statement", id)
      .Member("index", recorded.index.value())
      .Member("repeated", recorded.repeated)
      .EndObject()
      .Take();
}

}  // namespace carnet::cli

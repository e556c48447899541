#include "cli/recorded_text.h"

#include "core/hex.h"
#include "json/reader.h"
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

void PrintDryRun(const sigstore::ParsedStatement& statement, const std::vector<std::string>& notes,
                 Terminal& terminal) {
  for (const std::string& note : notes) terminal.Note(note);
  terminal.Note("dry run: nothing was signed or logged");
  const auto tree = json::Parse(AsText(statement.payload()));
  CARNET_CHECK(tree.has_value());  // it was read as a statement
  terminal.Out(json::Writer(json::Layout::kIndented).Copy(tree->root()).Take());
}

}  // namespace carnet::cli

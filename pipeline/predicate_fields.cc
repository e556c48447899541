#include "pipeline/predicate_fields.h"

#include "json/writer.h"

namespace carnet::pipeline {
std::string Quoted(std::string_view text) { return json::Writer().String(text).Take(); }

std::string FilesJson(const std::vector<artifact::FileEntry>& files) {
  json::Writer writer;
  writer.BeginArray();
  for (const artifact::FileEntry& file : files) {
    writer.BeginObject()
        .Member("path", file.path)
        .Member("sha256", HexEncode(file.sha256.span()))
        .Member("bytes", file.bytes)
        .EndObject();
  }
  return writer.EndArray().Take();
}

void AddModel(const artifact::ModelFiles& files, AddedFields& added) {
  added.emplace_back("model", QuotedHex(files.digest));
  if (files.weight_sets.empty()) return;
  json::Writer writer;
  writer.BeginArray();
  for (const artifact::WeightSet& set : files.weight_sets) {
    writer.BeginObject()
        .Member("set", set.name)
        .Member("root", HexEncode(set.root.span()))
        .EndObject();
  }
  added.emplace_back("tensor_roots", writer.EndArray().Take());
}

Result<std::string> AfterJson(const ledger::Reader& reader, LeafIndex predecessor) {
  CARNET_TRY(const RootHash root, reader.RootAt(TreeSize(predecessor.value() + 1)));
  return json::Writer()
      .BeginObject()
      .Member("index", predecessor.value())
      .Member("root", HexEncode(root.span()))
      .EndObject()
      .Take();
}

}  // namespace carnet::pipeline

#include <limits.h>

#include <map>

#include "artifact/model_files.h"
#include "artifact/oms_root.h"
#include "cli/command.h"
#include "cli/quantity_text.h"
#include "core/hex.h"
#include "core/utf8.h"
#include "json/writer.h"

namespace carnet::cli {
namespace {

// dtype -> elements.
std::map<std::string, uint64_t> Dtypes(const artifact::WeightSet& set) {
  std::map<std::string, uint64_t> dtypes;
  for (const artifact::TensorSummary& tensor : set.tensors) dtypes[tensor.dtype] += tensor.elements;
  return dtypes;
}

void WriteWeightSets(const artifact::ModelFiles& model, json::Writer& writer) {
  writer.Key("weight_sets").BeginArray();
  for (const artifact::WeightSet& set : model.weight_sets) {
    writer.BeginObject()
        .Member("set", set.name)
        .Member("root", HexEncode(set.root.span()))
        .Member("tensors", uint64_t{set.tensors.size()})
        .Member("elements", set.elements)
        .Member("packed", set.packed)
        .Key("parameters")
        .BeginObject()
        .Member("least", set.parameters.least)
        .Member("most", set.parameters.most)
        .Member("basis", set.parameters.basis)
        .EndObject()
        .Key("dtypes")
        .BeginObject();
    for (const auto& [dtype, elements] : Dtypes(set)) writer.Member(dtype, elements);
    writer.EndObject().EndObject();
  }
  writer.EndArray();
}

void WriteAdapter(const artifact::Adapter& adapter, json::Writer& writer) {
  writer.Key("adapter")
      .BeginObject()
      .Member("set", adapter.weight_set)
      .Member("least_base_parameters", adapter.least_base_parameters)
      .Member("pairs", adapter.pairs)
      .Key("unmatched")
      .BeginArray();
  for (const std::string& name : adapter.unmatched) writer.String(name);
  writer.EndArray().EndObject();
}

void WriteTexts(std::string_view key, const std::vector<std::string>& texts, json::Writer& writer) {
  writer.Key(key).BeginArray();
  // Paths that are not covered may contain any bytes.
  for (const std::string& text : texts) writer.String(Printable(text, PATH_MAX));
  writer.EndArray();
}

void WriteUnread(const artifact::ModelFiles& model, json::Writer& writer) {
  writer.Key("unread_weights").BeginArray();
  for (const artifact::UnreadWeights& unread : model.unread_weights) {
    writer.BeginObject()
        .Member("path", unread.path)
        .Member("bytes", unread.bytes)
        .Member("reason", unread.reason)
        .EndObject();
  }
  writer.EndArray();
  WriteTexts("executable_pickles", model.executable_pickles, writer);
}

std::string Json(const artifact::ModelFiles& model, bool tensors) {
  json::Writer writer(json::Layout::kIndented);
  writer.BeginObject()
      .Member("model", HexEncode(model.digest.span()))
      .Member("bytes", model.total_bytes)
      .Key("files")
      .BeginArray();
  for (const artifact::FileEntry& file : model.files) {
    writer.BeginObject()
        .Member("path", file.path)
        .Member("sha256", HexEncode(file.sha256.span()))
        .Member("bytes", file.bytes)
        .EndObject();
  }
  writer.EndArray();
  if (const auto oms = artifact::OmsRootOf(model.files)) {
    writer.Member("oms_root", HexEncode(oms->span()));
  }
  if (tensors) WriteWeightSets(model, writer);
  if (tensors && model.adapter) WriteAdapter(*model.adapter, writer);
  if (tensors) WriteUnread(model, writer);
  WriteTexts("not_covered", model.not_covered, writer);
  WriteTexts("warnings", model.warnings, writer);
  return writer.EndObject().Take();
}

// `76 parameters (element counts of the header: F32)`
std::string ParametersText(const artifact::WeightSet& set) {
  const artifact::ParameterCount& count = set.parameters;
  std::string text =
      count.exact() ? GroupedText(count.least)
                    : "between " + GroupedText(count.least) + " and " + GroupedText(count.most);
  text += " parameters (" + count.basis;
  std::string separator = ": ";
  for (const auto& [dtype, elements] : Dtypes(set)) {
    text += separator + dtype;
    separator = ", ";
  }
  return text + ")";
}

std::string AdapterText(const artifact::Adapter& adapter) {
  std::string text = "adapter     " + adapter.weight_set + ": " + GroupedText(adapter.pairs) +
                     " pairs, for a base of at least " +
                     GroupedText(adapter.least_base_parameters) + " parameters";
  if (!adapter.unmatched.empty()) {
    text += "; " + GroupedText(adapter.unmatched.size()) + " halves without a match, such as " +
            Printable(adapter.unmatched.front());
  }
  return text + "\n";
}

std::string UnreadText(const artifact::ModelFiles& model) {
  std::string text;
  for (const artifact::UnreadWeights& unread : model.unread_weights) {
    text +=
        "not read    " + unread.path + ", " + BytesText(unread.bytes) + ": " + unread.reason + "\n";
  }
  for (const std::string& pickle : model.executable_pickles) {
    text += "executable  " + pickle + " when it is loaded\n";
  }
  return text;
}

std::string Text(const artifact::ModelFiles& model, bool tensors) {
  std::string text = "model       sha256:" + HexEncode(model.digest.span()) + "\n";
  text += "files       " + std::to_string(model.files.size()) + ", " +
          BytesText(model.total_bytes) + "\n";
  if (tensors) {
    for (const artifact::WeightSet& set : model.weight_sets) {
      text += "tensors     sha256:" + HexEncode(set.root.span()) + "  " + set.name + ": " +
              GroupedText(set.tensors.size()) + " tensors, " + ParametersText(set) + "\n";
    }
    if (model.adapter) text += AdapterText(*model.adapter);
    text += UnreadText(model);
  }
  for (const std::string& path : model.not_covered)
    text += "not covered " + Printable(path, PATH_MAX) + "\n";
  for (const artifact::FileEntry& file : model.files) {
    text += HexEncode(file.sha256.span()) + "  " + file.path + "\n";
  }
  return text;
}

}  // namespace

ExitCode Digest(const DigestOptions& options, Terminal& terminal) {
  artifact::ReadOptions read;
  read.follow_links = options.follow;
  read.tensors = options.tensors;
  read.progress = terminal.Progress("digest");
  const auto model = artifact::ReadModel(options.path, read);
  terminal.EndProgress();
  if (!model) return terminal.Fail(model.error());
  if (!options.json) {
    for (const std::string& warning : model->warnings) terminal.Warn(warning);
  }
  terminal.Out(options.json ? Json(*model, options.tensors) : Text(*model, options.tensors));
  return ExitCode::kYes;
}

}  // namespace carnet::cli

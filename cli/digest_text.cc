#include "cli/digest_text.h"

#include <fmt/core.h>
#include <limits.h>

#include <map>

#include "artifact/covered_files.h"
#include "artifact/oms_root.h"
#include "cli/open_inputs.h"
#include "cli/quantity_text.h"
#include "core/hex.h"
#include "core/utf8.h"

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

void WriteFiles(const artifact::CoveredFiles& covered, json::Writer& writer) {
  writer.Key("files").BeginArray();
  for (const artifact::FileEntry& file : covered.files()) {
    writer.BeginObject()
        .Member("path", file.path)
        .Member("sha256", HexEncode(file.sha256.span()))
        .Member("bytes", file.bytes)
        .EndObject();
  }
  writer.EndArray();
}

// Paths that S5 never counts, then those that the patterns leave out.
std::vector<std::string> LeftOut(const artifact::ModelFiles& model,
                                 const artifact::CoveredFiles& covered) {
  std::vector<std::string> paths = model.not_covered;
  for (const artifact::FileEntry& file : covered.left_out()) paths.push_back(file.path);
  return paths;
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

// S5 in the words of a shell, in the model's folder. sha256sum gets each path with `./` before it,
// as it would take a bare `-t` for an option and `-` for its standard input, and hash another file.
std::string SumsCommand(const DigestOptions& options) {
  std::string text = options.follow ? "LC_ALL=C find -L . -type f" : "LC_ALL=C find . -type f";
  text +=
      " ! -path './.git/*' ! -path './.cache/huggingface/*' ! -path ./model.sig "
      "! -path ./claims.jsonl ! -regex '\\./[^/]*\\.passport\\.sigstore\\.jsonl'";
  for (const std::string_view pattern : PatternsOf(options.covering).patterns()) {
    text += fmt::format(" ! -name '{}'", pattern);
  }
  return text + " | LC_ALL=C sort | xargs -d '\\n' sha256sum | sed 's|  \\./|  |' | sha256sum";
}

}  // namespace

void WriteDigest(const artifact::ModelFiles& model, bool tensors, json::Writer& writer) {
  const artifact::CoveredFiles covered(model, model.leaves_out);
  writer.Member("model", HexEncode(model.digest.span())).Member("bytes", covered.bytes());
  WriteFiles(covered, writer);
  if (const auto oms = artifact::OmsRootOf(covered.files())) {
    writer.Member("oms_root", HexEncode(oms->span()));
  }
  if (tensors) WriteWeightSets(model, writer);
  if (tensors && model.adapter) WriteAdapter(*model.adapter, writer);
  if (tensors) WriteUnread(model, writer);
  WriteTexts("not_covered", LeftOut(model, covered), writer);
  if (!covered.left_out().empty()) {
    const artifact::CoveredFiles all(model, NotCovered());
    writer.Member("all_files", HexEncode(all.digest()->span()));
  }
  WriteTexts("warnings", model.warnings, writer);
}

std::string DigestText(const artifact::ModelFiles& model, bool folder,
                       const DigestOptions& options) {
  const artifact::CoveredFiles covered(model, model.leaves_out);
  std::string text = "model       sha256:" + HexEncode(model.digest.span()) + "\n";
  text += "files       " + std::to_string(covered.files().size()) + ", " +
          BytesText(covered.bytes()) + "\n";
  if (options.tensors) {
    for (const artifact::WeightSet& set : model.weight_sets) {
      text += "tensors     sha256:" + HexEncode(set.root.span()) + "  " + set.name + ": " +
              GroupedText(set.tensors.size()) + " tensors, " + ParametersText(set) + "\n";
    }
    if (model.adapter) text += AdapterText(*model.adapter);
    text += UnreadText(model);
  }
  for (const std::string& path : model.not_covered) {
    text += "not covered " + Printable(path, PATH_MAX) + "\n";
  }
  for (const artifact::FileEntry& file : covered.left_out()) {
    text += "not covered " + file.path + ", " + BytesText(file.bytes) + "\n";
  }
  if (!covered.left_out().empty()) {
    const artifact::CoveredFiles all(model, NotCovered());
    text += "all files   sha256:" + HexEncode(all.digest()->span()) + " (--cover-all)\n";
  }
  if (folder) text += "by hand     " + SumsCommand(options) + "\n";
  for (const artifact::FileEntry& file : covered.files()) {
    text += HexEncode(file.sha256.span()) + "  " + file.path + "\n";
  }
  return text;
}

}  // namespace carnet::cli

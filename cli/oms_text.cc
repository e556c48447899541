#include "cli/oms_text.h"

#include <limits.h>

#include <string_view>

#include "core/hex.h"
#include "core/utf8.h"
#include "json/writer.h"

namespace carnet::cli {
namespace {

using verifier::model_signing::Problem;
using verifier::model_signing::ReasonName;

std::string RootText(const Sha256Digest& root) {
  return "root        sha256:" + HexEncode(root.span()) + "\n";
}

void WriteList(std::string_view key, const std::vector<std::string>& texts, json::Writer& writer) {
  writer.Key(key).BeginArray();
  // Of what is ignored nobody has looked at the names.
  for (const std::string& text : texts) writer.String(Printable(text, 2 * PATH_MAX));
  writer.EndArray();
}

std::string Lines(std::string_view label, const std::vector<std::string>& texts) {
  std::string lines;
  for (const std::string& text : texts) {
    lines += std::string(label) + Printable(text, PATH_MAX) + "\n";
  }
  return lines;
}

std::string CountText(size_t resources) {
  return std::to_string(resources) + (resources == 1 ? " file or shard" : " files or shards");
}

}  // namespace

ExitCode WrongInput(const Error& error, Terminal& terminal) {
  if (error.code != ErrorCode::kMalformed) return terminal.CouldNotTell(error);
  return terminal.WrongUsage("--ignore-paths: " + error.message);
}

std::string OmsVerdictText(const pipeline::ModelVerdict& verdict, const std::string& checked_at,
                           Terminal& terminal) {
  std::string text;
  for (const Problem& problem : verdict.files.problems) {
    text += "refused     " + std::string(ReasonName(problem.reason)) + ": " +
            Printable(problem.message, 2 * PATH_MAX) + "\n";
  }
  if (!verdict.signer.empty()) text += "signer      " + verdict.signer + "\n";
  if (!checked_at.empty()) text += "checked at  " + checked_at + "\n";
  if (verdict.root) {
    text += RootText(*verdict.root);
    text += "signed      " + CountText(verdict.resources) + "\n";
  }
  text += Lines("ignored     ", verdict.files.ignored);
  text += Lines("unsigned    ", verdict.files.uncovered);
  return text + (verdict.passed() ? terminal.Green("PASS") : terminal.Red("FAIL")) + "\n";
}

std::string OmsVerdictJson(const pipeline::ModelVerdict& verdict, const std::string& checked_at) {
  json::Writer writer(json::Layout::kIndented);
  writer.BeginObject().Member("decision", verdict.passed() ? "pass" : "fail");
  writer.Key("problems").BeginArray();
  for (const Problem& problem : verdict.files.problems) {
    writer.BeginObject()
        .Member("reason", ReasonName(problem.reason))
        .Member("message", Printable(problem.message, 2 * PATH_MAX))
        .EndObject();
  }
  writer.EndArray();
  if (!verdict.signer.empty()) writer.Member("signer", verdict.signer);
  if (!checked_at.empty()) writer.Member("checked_at", checked_at);
  if (verdict.root) {
    writer.Member("root", HexEncode(verdict.root->span()));
    writer.Member("signed", uint64_t{verdict.resources});
  }
  WriteList("ignored", verdict.files.ignored, writer);
  WriteList("unsigned", verdict.files.uncovered, writer);
  WriteList("warnings", verdict.files.warnings, writer);
  return writer.EndObject().Take();
}

std::string OmsSignedText(const pipeline::SignedModel& model) {
  return RootText(model.root) + "signed      " + CountText(model.resources) + "\n" +
         Lines("ignored     ", model.ignored);
}

std::string OmsSignedJson(const pipeline::SignedModel& model, const std::string& signature) {
  json::Writer writer(json::Layout::kIndented);
  writer.BeginObject().Member("signature", Printable(signature, PATH_MAX));
  writer.Member("root", HexEncode(model.root.span()));
  writer.Member("signed", uint64_t{model.resources});
  WriteList("ignored", model.ignored, writer);
  WriteList("warnings", model.warnings, writer);
  return writer.EndObject().Take();
}

std::string OmsDigestText(const artifact::OmsModel& model) {
  std::string text = RootText(OmsRootOf(model.manifest.resources));
  text += Lines("ignored     ", model.ignored);
  for (const artifact::OmsResource& resource : model.manifest.resources) {
    text += HexEncode(resource.digest) + "  " +
            Printable(OmsNameOf(resource, model.manifest.method), PATH_MAX) + "\n";
  }
  return text;
}

std::string OmsDigestJson(const artifact::OmsModel& model) {
  json::Writer writer(json::Layout::kIndented);
  writer.BeginObject().Member("root", HexEncode(OmsRootOf(model.manifest.resources).span()));
  writer.Key("resources").BeginArray();
  for (const artifact::OmsResource& resource : model.manifest.resources) {
    writer.BeginObject()
        .Member("name", OmsNameOf(resource, model.manifest.method))
        .Member("digest", HexEncode(resource.digest))
        .Member("algorithm", OmsHashName(model.manifest.method.hash))
        .EndObject();
  }
  writer.EndArray();
  WriteList("ignored", model.ignored, writer);
  return writer.EndObject().Take();
}

}  // namespace carnet::cli

#include <limits.h>

#include <algorithm>
#include <filesystem>

#include "artifact/covered_files.h"
#include "cli/command.h"
#include "cli/digest_text.h"
#include "cli/open_digest_cache.h"
#include "cli/open_inputs.h"
#include "core/utf8.h"

namespace carnet::cli {
namespace {

using Read = Result<artifact::ModelFiles>;

Read ReadOne(const std::string& path, const DigestOptions& options, artifact::DigestCache* cache,
             Terminal& terminal) {
  artifact::ReadOptions read;
  read.follow_links = options.follow;
  read.tensors = options.tensors;
  read.cache = cache;
  read.progress = terminal.Progress("digest");
  auto model = artifact::ReadModel(path, read);
  terminal.EndProgress();
  if (!model) return model;
  auto recorded = artifact::LeaveOut(std::move(*model), PatternsOf(options.covering));
  return recorded ? std::move(recorded) : recorded.error().In(Printable(path, PATH_MAX));
}

std::string JsonOf(const artifact::ModelFiles& model, bool tensors) {
  json::Writer writer(json::Layout::kIndented);
  writer.BeginObject();
  WriteDigest(model, tensors, writer);
  return writer.EndObject().Take();
}

void WriteOneOf(const std::string& path, const Read& model, bool tensors, json::Writer& writer) {
  writer.BeginObject().Member("path", Printable(path, PATH_MAX));
  if (model) {
    WriteDigest(*model, tensors, writer);
  } else {
    writer.Member("error", Printable(model.error().message, PATH_MAX));
  }
  writer.EndObject();
}

std::string TextOf(const std::string& path, const artifact::ModelFiles& model,
                   const DigestOptions& options) {
  std::error_code error;
  return DigestText(model, std::filesystem::is_directory(path, error), options);
}

void NoteWarnings(const artifact::ModelFiles& model, Terminal& terminal) {
  for (const std::string& warning : model.warnings) terminal.Warn(warning);
}

ExitCode DigestOne(const DigestOptions& options, OpenedDigestCache& cache, Terminal& terminal) {
  const std::string& path = options.paths.front();
  const auto model = ReadOne(path, options, cache.cache(), terminal);
  if (!model) return terminal.Fail(model.error());
  cache.Save(terminal);
  if (!options.json) NoteWarnings(*model, terminal);
  terminal.Out(options.json ? JsonOf(*model, options.tensors) : TextOf(path, *model, options));
  return ExitCode::kYes;
}

}  // namespace

// Each model by itself: one that cannot be read keeps none of the others back.
ExitCode Digest(const DigestOptions& options, Terminal& terminal) {
  auto cache = OpenedDigestCache::Open(options.digest_cache, options.paths, terminal);
  if (!cache) return terminal.Fail(cache.error());
  if (options.paths.size() == 1) return DigestOne(options, *cache, terminal);
  ExitCode worst = ExitCode::kYes;
  json::Writer writer(json::Layout::kIndented);
  writer.BeginObject().Key("models").BeginArray();
  for (const std::string& path : options.paths) {
    const auto model = ReadOne(path, options, cache->cache(), terminal);
    if (!model) worst = std::max(worst, terminal.Fail(model.error()));
    if (options.json) {
      WriteOneOf(path, model, options.tensors, writer);
    } else if (model) {
      NoteWarnings(*model, terminal);
      terminal.Out(Printable(path, PATH_MAX) + ":\n" + TextOf(path, *model, options) + "\n");
    }
  }
  cache->Save(terminal);
  if (options.json) terminal.Out(writer.EndArray().EndObject().Take());
  return worst;
}

}  // namespace carnet::cli

// What a caller states of a draft, and the draft that came of it.
#pragma once

#include <carnet/record.h>

#include <string_view>

#include "core/result.h"
#include "json/document.h"
#include "json/reader.h"
#include "pipeline/fill_draft.h"

namespace carnet::api {

// Errors: malformed.
inline Result<pipeline::GivenDraft> GivenOf(std::string_view given) {
  const auto parsed = json::Parse(given);
  if (!parsed) return parsed.error().In("given");
  if (!parsed->root().is(json::Type::kObject)) return Malformed("given: expected a JSON object");
  return pipeline::GivenDraft{.set = json::Document::CopyOf(parsed->root()), .how = ""};
}

inline Result<FilledDraft> FilledOf(Result<pipeline::ComposedDraft> composed) {
  if (!composed) return std::move(composed).error();
  return FilledDraft{std::move(composed->text), std::move(composed->notes)};
}

inline Result<FilledDraft> FilledOf(Result<pipeline::FilledRun> filled) {
  if (!filled) return std::move(filled).error();
  return FilledOf(std::move(filled->draft));
}

}  // namespace carnet::api

// The draft that a step takes, from what there is: a file, values for single fields (`--set`), and
// what can be derived.
//
// A file is the whole draft: values are put beside what it states and fill its placeholders, and
// one that contradicts it is refused. Without a file the draft is what was derived, over which
// values go; what its kind requires and nobody has said is named, field by field.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"
#include "json/document.h"
#include "pipeline/complete_flop.h"
#include "pipeline/derived_draft.h"
#include "pipeline/draft.h"
#include "schemas/kind.h"

namespace carnet::pipeline {

struct GivenDraft {
  std::string file = {};  // its name, for messages; empty: there is none
  std::string text = {};
  json::Document set = json::Document::Object();  // as ObjectOf makes it (pipeline/set_values.h)
  // The part of it that was given by `--set` and not by an option of its own.
  json::Document by_set = json::Document::Object();
  std::string_view how = "--set ";  // before a field that is still to be given, in messages
};

struct ComposedDraft {
  std::string text;
  DraftOrigin origin;
  std::vector<std::string> notes = {};  // of a segment's figures
};

// `set_by_carnet` is not asked for. Errors: malformed: a contradiction, a placeholder (file, line
// and column), what is not filled in. A text that is no JSON object is returned as it is: whoever
// reads it names what is wrong.
Result<ComposedDraft> ComposeDraft(schemas::Kind kind, const GivenDraft& given,
                                   const DerivedDraft& derived, const FieldNames& set_by_carnet);

// The same for a segment, whose figures are computed (pipeline/complete_flop.h). Also errors: those
// of CompleteFlop.
Result<ComposedDraft> ComposeSegment(const GivenDraft& given, const DerivedDraft& derived,
                                     const PeakOf& peak_of);

}  // namespace carnet::pipeline

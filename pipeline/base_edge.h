// The one input of a run whose base was judged before the run is opened: the edge names what was
// judged, and no draft adds to it.
#pragma once

#include <optional>
#include <string_view>

#include "core/digests.h"
#include "core/result.h"
#include "json/document.h"
#include "pipeline/compose_draft.h"
#include "schemas/enums.h"

namespace carnet::pipeline {

struct BaseEdge {
  schemas::EdgeType type;
  ModelDigest model;
  std::optional<StatementId> passport;  // absent: the base is named by its digest alone

  json::Document Json() const;
};

// `given` with the edge as its input, and, where there is no file and nothing states it, with the
// kind of run that such an edge fits (R25). Errors: malformed: `given.set` has inputs of its own.
Result<GivenDraft> WithBase(GivenDraft given, const BaseEdge& edge);

// Whether the draft that is about to be recorded has this input and no other: a file may state what
// nobody judged. Errors: malformed.
Result<> CheckOnlyInput(std::string_view draft, const BaseEdge& edge);

}  // namespace carnet::pipeline

// A draft that is taken holds what was added to it, and its canonical text stands for it: it is
// its own canonical text and is taken as well. The first byte picks the kind; JSON follows.
#include <cstddef>
#include <cstdint>

#include "core/check.h"
#include "json/writer.h"
#include "pipeline/draft.h"
#include "schemas/codec.h"

using carnet::pipeline::CanonicalDraft;
using carnet::pipeline::CompleteDraft;
using carnet::pipeline::DraftHas;

namespace {

std::string Written(const carnet::schemas::Predicate& predicate) {
  carnet::json::Writer writer;
  WritePredicate(predicate, writer);
  return writer.Take();
}

void CheckAdded(carnet::schemas::Kind kind, std::string_view draft) {
  const auto given = DraftHas(draft, "draft", "name");
  CARNET_CHECK(given.has_value());
  const auto completed = CompleteDraft(kind, draft, "draft", {{"name", "\"added\""}});
  if (!completed) return;
  CARNET_CHECK(!*given);
  CARNET_CHECK(Written(*completed).find("\"name\":\"added\"") != std::string::npos);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size == 0) return 0;
  const auto kind = static_cast<carnet::schemas::Kind>(data[0] & 7);
  const std::string_view draft = carnet::AsText({data + 1, size - 1});
  const auto canonical = CanonicalDraft(draft, "draft");
  const auto completed = CompleteDraft(kind, draft, "draft", {});
  if (!canonical) return 0;
  CARNET_CHECK(CanonicalDraft(*canonical, "draft").value() == *canonical);
  CheckAdded(kind, draft);
  if (!completed) return 0;
  const auto again = CompleteDraft(kind, *canonical, "draft", {});
  CARNET_CHECK(again.has_value());
  CARNET_CHECK(Written(*again) == Written(*completed));
  return 0;
}

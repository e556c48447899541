// A predicate that is read and written is the same when it is read again; what is derived from it
// never fails. The first byte picks the kind and whether there is a head; JSON follows.
#include <cstddef>
#include <cstdint>

#include "core/check.h"
#include "json/reader.h"
#include "schemas/codec.h"
#include "schemas/references.h"
#include "schemas/subjects.h"

using namespace carnet::schemas;

namespace {

carnet::Result<Predicate> Read(Kind kind, std::string_view text, HeadRule rule) {
  CARNET_TRY(const auto tree, carnet::json::Parse(text));
  return ReadPredicate(kind, tree.root(), rule);
}

std::string Written(const Predicate& predicate) {
  carnet::json::Writer writer;
  WritePredicate(predicate, writer);
  return writer.Take();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size == 0) return 0;
  const auto kind = static_cast<Kind>(data[0] & 7);
  const auto rule = (data[0] & 8) != 0 ? HeadRule::kForbidden : HeadRule::kRequired;
  const auto first = Read(kind, carnet::AsText({data + 1, size - 1}), rule);
  if (!first) {
    CARNET_CHECK(first.error().code == carnet::ErrorCode::kMalformed);
    return 0;
  }
  const std::string text = Written(*first);
  const auto second = Read(kind, text, rule);
  CARNET_CHECK(second.has_value());
  CARNET_CHECK(Written(*second) == text);
  CARNET_CHECK(second->head() == first->head());
  const auto references = StrongReferences(*first);
  const auto again = StrongReferences(*second);
  CARNET_CHECK(again.size() == references.size());
  CARNET_CHECK(ListsWithRepeatedTargets(again) == ListsWithRepeatedTargets(references));
  if (first->head()) CARNET_CHECK(SubjectsOf(*second) == SubjectsOf(*first));
  return 0;
}

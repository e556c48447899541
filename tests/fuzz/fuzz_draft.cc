// A draft that is taken is held to the same rules whether its fields were read at once or one of
// them was set afterwards, and its canonical text stands for it: it is its own canonical text and
// is taken as well. The first byte picks the kind; JSON follows.
#include <cstddef>
#include <cstdint>

#include "core/bytes.h"
#include "core/check.h"
#include "json/writer.h"
#include "pipeline/draft.h"
#include "schemas/codec.h"

using carnet::pipeline::Draft;
using carnet::pipeline::ReadWholeDraft;
using carnet::schemas::Predicate;

namespace {

std::string Written(const Predicate& predicate) {
  carnet::json::Writer writer;
  WritePredicate(predicate, writer);
  return writer.Take();
}

void CheckLeftOut(const Draft& draft, carnet::schemas::Kind kind, bool taken) {
  const bool given = draft.Find("name").has_value();
  auto without = draft.Read(kind, {"name"});
  CARNET_CHECK(!given || !without);
  if (!without || !taken) return;
  // It has no name and is taken without.
  CARNET_CHECK(draft.Complete(*std::move(without)).has_value());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size == 0) return 0;
  const auto kind = static_cast<carnet::schemas::Kind>(data[0] & 7);
  const std::string_view text = carnet::AsText({data + 1, size - 1});
  const auto draft = Draft::Parse(text, "draft");
  const auto whole = ReadWholeDraft(kind, text, "draft");
  CARNET_CHECK(draft || !whole);
  if (!draft) return 0;
  CheckLeftOut(*draft, kind, whole.has_value());
  const auto canonical = draft->Canonical();
  if (!canonical) return 0;
  CARNET_CHECK(Draft::Parse(*canonical, "draft").value().Canonical().value() == *canonical);
  if (!whole) return 0;
  const auto again = ReadWholeDraft(kind, *canonical, "draft");
  CARNET_CHECK(again.has_value());
  CARNET_CHECK(Written(*again) == Written(*whole));
  CARNET_CHECK(EqualIgnoringHead(*again, *whole));
  CARNET_CHECK(Written(whole->Clone()) == Written(*whole));
  return 0;
}

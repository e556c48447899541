// The generated readers of a Predicate's fields, and the conversion of their value structs to our
// types. For .cc files only: the generated headers are large.
#pragma once

#include <capnp/any.h>
#include <capnp/message.h>

#include <optional>
#include <string_view>
#include <type_traits>
#include <vector>

#include "core/check.h"
#include "core/digests.h"
#include "core/flop.h"
#include "core/signer_id.h"
#include "core/timestamp.h"
#include "schemas/enums.h"
#include "schemas/flop.capnp.h"
#include "schemas/predicate.capnp.h"
#include "schemas/predicate.h"
#include "schemas/values.capnp.h"
#include "schemas/verdict.capnp.h"

namespace carnet::schemas {

// A message and its root, looked up once: statements are read field by field, and going through the
// builder would cost more than most of those reads.
struct PredicateMessage {
  explicit PredicateMessage(unsigned first_segment_words) : builder(first_segment_words) {}

  capnp::MallocMessageBuilder builder;
  capnp::AnyStruct::Reader root;
};

// The kind whose predicate is T: the one at the position of T in the list.
template <typename T, typename... Structs>
consteval Kind KindOfStruct(wire::StructList<Structs...>) {
  static_assert((std::is_same_v<T, Structs> || ...), "not the struct of a kind");
  constexpr bool kIsT[] = {std::is_same_v<T, Structs>...};
  size_t at = 0;
  while (!kIsT[at]) ++at;
  return kKinds[at].kind;
}
template <typename T>
inline constexpr Kind kKindOf = KindOfStruct<T>(wire::KindStructs{});

// Requires T to be the struct of predicate.kind(): ReaderOf<wire::Run>(p) for a run.
template <typename T>
typename T::Reader ReaderOf(const Predicate& predicate) {
  CARNET_CHECK(predicate.kind() == kKindOf<T>);
  return predicate.message().root.as<T>();
}
template <typename T>
typename T::Builder BuilderOf(Predicate& predicate) {
  CARNET_CHECK(predicate.kind() == kKindOf<T>);
  return predicate.message().builder.getRoot<T>();
}

// Calls `visit` with the reader of the predicate's own kind: it must accept every one of them, or
// it does not compile.
template <typename Visit, typename... Structs>
auto VisitFieldsAmong(const Predicate& predicate, Visit& visit, wire::StructList<Structs...>) {
  using Answer = std::common_type_t<std::invoke_result_t<Visit&, typename Structs::Reader>...>;
  using Call = Answer (*)(const Predicate&, Visit&);
  static constexpr Call kCalls[] = {
      [](const Predicate& p, Visit& v) -> Answer { return v(ReaderOf<Structs>(p)); }...};
  return kCalls[static_cast<size_t>(predicate.kind())](predicate, visit);
}
template <typename Visit>
auto VisitFields(const Predicate& predicate, Visit visit) {
  return VisitFieldsAmong(predicate, visit, wire::KindStructs{});
}

inline std::string_view TextOf(capnp::Text::Reader text) { return {text.begin(), text.size()}; }

inline std::vector<std::string_view> TextsOf(capnp::List<capnp::Text>::Reader list) {
  std::vector<std::string_view> texts;
  for (const auto text : list) texts.push_back(TextOf(text));
  return texts;
}

// Requires a digest that is present and disclosed: the codec refuses any other length.
template <typename T>
T DigestOf(wire::Digest::Reader digest) {
  const auto bytes = digest.getBytes();
  const auto value = T::FromSpan({bytes.begin(), bytes.size()});
  CARNET_CHECK(value.has_value());
  return *value;
}
inline SignerId SignerIdOf(wire::SignerRef::Reader signer) {
  const auto bytes = signer.getBytes();
  const auto value = SignerId::Decode({bytes.begin(), bytes.size()});
  CARNET_CHECK(value.has_value());
  return *value;
}
inline TimestampMs TimeOf(wire::Time::Reader time) { return TimestampMs(time.getMs()); }
// Requires a disclosed amount.
inline Flop FlopOf(wire::FlopAmount::Reader amount) {
  const auto value = amount.getValue();
  return Flop(static_cast<Uint128>(value.getHigh()) << 64 | value.getLow());
}

// The generated enumeration that corresponds to one of schemas/enums.h.
template <typename Enum>
struct WireEnumOf;
template <>
struct WireEnumOf<EdgeType> {
  using Type = wire::EdgeType;
};
template <>
struct WireEnumOf<RunKind> {
  using Type = wire::RunKind;
};
template <>
struct WireEnumOf<Precision> {
  using Type = wire::Precision;
};
template <typename Enum>
using WireEnum = typename WireEnumOf<Enum>::Type;

// Requires a value that is set, as in every required field that the codec has read.
template <typename Enum>
Enum FromWire(WireEnum<Enum> value) {
  CARNET_CHECK(value != WireEnum<Enum>::UNSET);
  return static_cast<Enum>(value);
}
inline EdgeType EdgeTypeOf(wire::EdgeType value) { return FromWire<EdgeType>(value); }
inline RunKind RunKindOf(wire::RunKind value) { return FromWire<RunKind>(value); }
inline Precision PrecisionOf(wire::Precision value) { return FromWire<Precision>(value); }
template <typename Enum>
WireEnum<Enum> ToWire(Enum value) {
  return static_cast<WireEnum<Enum>>(value);
}

template <typename T>
void SetDigest(wire::Digest::Builder to, const T& digest) {
  to.setBytes(capnp::Data::Reader(digest.data(), T::kSize));
}
inline void SetSigner(wire::SignerRef::Builder to, const SignerId& signer) {
  to.setBytes(capnp::Data::Reader(signer.encoded().data(), SignerId::kSize));
}
inline void SetFlop(wire::FlopAmount::Builder to, Flop flop) {
  auto value = to.initValue();
  value.setHigh(static_cast<uint64_t>(flop.value() >> 64));
  value.setLow(static_cast<uint64_t>(flop.value()));
}

}  // namespace carnet::schemas

#include "schemas/codec.h"

#include <capnp/dynamic.h>
#include <capnp/message.h>

#include <algorithm>
#include <vector>

#include "core/closest.h"
#include "core/utf8.h"
#include "schemas/readers.h"
#include "schemas/struct_plan.h"
#include "schemas/validate.h"
#include "schemas/value_codec.h"

namespace carnet::schemas {
namespace {

using capnp::AnyPointer;
using capnp::AnyStruct;
using capnp::DynamicList;
using capnp::DynamicStruct;

// Cap'n Proto is little-endian.
void Write16(AnyStruct::Builder to, uint32_t at, uint16_t value) {
  auto data = to.getDataSection();
  data[2 * at] = static_cast<uint8_t>(value);
  data[2 * at + 1] = static_cast<uint8_t>(value >> 8);
}

void WriteTag(AnyStruct::Builder to, const std::optional<UnionTag>& tag) {
  if (tag) Write16(to, tag->at, tag->value);
}

AnyPointer::Builder PointerOf(AnyStruct::Builder to, const FieldPlan& field) {
  return to.getPointerSection()[field.slot];
}

template <typename TextBuilder>
void CopyText(std::string_view from, TextBuilder to) {
  std::copy(from.begin(), from.end(), to.begin());
}

// The walk from JSON into a message. It writes where the compiled shapes say, as the library's own
// reflection would look up the schema again for every field. Nothing here depends on bytes of Cap'n
// Proto from outside, so no call into the library can throw.
class FieldReader {
 public:
  explicit FieldReader(json::Value predicate) : predicate_(predicate) {}

  // Members named in `left_out` are skipped, and not required.
  Result<> Object(const StructPlan& plan, json::Value value, AnyStruct::Builder to,
                  std::span<const std::string_view> left_out = {});
  std::string Where(json::Value value) const;

 private:
  Result<> Field(const FieldPlan& field, json::Value value, AnyStruct::Builder to);
  Result<> Struct(const FieldPlan& rules, const TypePlan& type, json::Value value,
                  AnyStruct::Builder to);
  Result<std::string_view> Text(const FieldPlan& field, json::Value value) const;
  Result<> List(const FieldPlan& field, json::Value value, AnyPointer::Builder to);
  Result<> TextList(const FieldPlan& field, json::Value value, AnyPointer::Builder to);
  Result<> EnumList(const FieldPlan& field, json::Value value, AnyPointer::Builder to);
  Result<> StructList(const FieldPlan& field, json::Value value, AnyPointer::Builder to);
  Result<uint16_t> Enum(const EnumPlan& plan, json::Value value) const;
  Error At(json::Value value, std::string_view why) const {
    return Malformed(Where(value) + ": " + std::string(why));
  }

  const json::Value predicate_;  // its own path is cut off from those of its fields
};

std::string FieldReader::Where(json::Value value) const {
  std::string rest = value.Path().substr(predicate_.Path().size());
  if (!rest.empty() && rest.front() != '.' && rest.front() != '[') rest.insert(0, 1, '.');
  return "predicate" + rest;
}

std::vector<std::string> FieldNames(const StructPlan& plan) {
  std::vector<std::string> names;
  for (const FieldPlan& field : plan.fields) names.push_back(field.name);
  return names;
}

bool Contains(std::span<const std::string_view> names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

Result<> FieldReader::Object(const StructPlan& plan, json::Value value, AnyStruct::Builder to,
                             std::span<const std::string_view> left_out) {
  if (!value.is(json::Type::kObject)) return WrongType("an object", value).In(Where(value));
  uint64_t seen = 0;
  size_t next = 0;  // our own documents have the fields in the schema's order
  for (auto member = value.first_child(); member; member = member->next()) {
    size_t tried = 0;
    while (tried < plan.fields.size() && plan.fields[next].name != member->key()) {
      next = (next + 1) % plan.fields.size();
      ++tried;
    }
    if (tried == plan.fields.size()) {
      if (plan.foreign) continue;
      return At(*member, "unknown field" + DidYouMeanOf(member->key(), FieldNames(plan)));
    }
    if (!left_out.empty() && Contains(left_out, member->key())) continue;
    seen |= uint64_t{1} << next;
    CARNET_TRY_VOID(Field(plan.fields[next], *member, to));
    next = (next + 1) % plan.fields.size();
  }
  for (size_t i = 0; i < plan.fields.size(); ++i) {
    const bool absent = (seen >> i & 1) == 0;
    if (absent && plan.fields[i].required && !Contains(left_out, plan.fields[i].name)) {
      return Malformed(Where(value) + "." + plan.fields[i].name + ": required, but absent");
    }
  }
  return Ok();
}

Result<> FieldReader::Field(const FieldPlan& field, json::Value value, AnyStruct::Builder to) {
  WriteTag(to, field.tag);
  if (field.type.form == Form::kText) {
    CARNET_TRY(const std::string_view text, Text(field, value));
    CopyText(text, PointerOf(to, field).initAs<capnp::Text>(static_cast<uint32_t>(text.size())));
    return Ok();
  }
  if (field.type.form == Form::kList) return List(field, value, PointerOf(to, field));
  if (field.type.form == Form::kEnum) {
    CARNET_TRY(const uint16_t enumerant, Enum(*field.type.names, value));
    Write16(to, field.slot, enumerant);
    return Ok();
  }
  return Struct(field, field.type, value,
                PointerOf(to, field).initAsAnyStruct(field.type.data_words, field.type.pointers));
}

Result<> FieldReader::Struct(const FieldPlan& rules, const TypePlan& type, json::Value value,
                             AnyStruct::Builder to) {
  if (type.form == Form::kObject) return Object(*type.object, value, to);
  if (IsUndisclosed(value)) {
    if (!rules.undisclosable) return At(value, "may not be \"undisclosed\"");
    CARNET_CHECK(type.undisclosed.has_value());
    WriteTag(to, type.undisclosed);
    return Ok();
  }
  if (type.form == Form::kVariant) return Field(type.object->fields.front(), value, to);
  const auto read = ReadValue(rules, type.form, value, to);
  if (!read) return read.error().In(Where(value));
  return Ok();
}

Result<std::string_view> FieldReader::Text(const FieldPlan& field, json::Value value) const {
  if (IsUndisclosed(value) && !field.undisclosable) {
    return At(value, "may not be \"undisclosed\"");
  }
  const auto text = ReadText(field, value);
  if (!text) return text.error().In(Where(value));
  return *text;
}

Result<> FieldReader::List(const FieldPlan& field, json::Value value, AnyPointer::Builder to) {
  if (!value.is(json::Type::kArray)) return WrongType("an array", value).In(Where(value));
  if (value.size() == 0 && field.not_empty) return At(value, "empty");
  if (value.size() > field.max_items) {
    return At(value, "more than " + std::to_string(field.max_items) + " items");
  }
  if (field.type.element->form == Form::kText) return TextList(field, value, to);
  if (field.type.element->form == Form::kEnum) return EnumList(field, value, to);
  return StructList(field, value, to);
}

Result<> FieldReader::TextList(const FieldPlan& field, json::Value value, AnyPointer::Builder to) {
  auto list = to.initAs<capnp::List<capnp::Text>>(static_cast<uint32_t>(value.size()));
  uint32_t index = 0;
  for (auto element = value.first_child(); element; element = element->next()) {
    if (IsUndisclosed(*element)) return At(*element, "may not be \"undisclosed\"");
    const auto text = ReadText(field, *element);
    if (!text) return text.error().In(Where(*element));
    CopyText(*text, list.init(index++, static_cast<uint32_t>(text->size())));
  }
  return Ok();
}

// A list of enumerants is a list of 16-bit numbers.
Result<> FieldReader::EnumList(const FieldPlan& field, json::Value value, AnyPointer::Builder to) {
  auto list = to.initAs<capnp::List<uint16_t>>(static_cast<uint32_t>(value.size()));
  uint32_t index = 0;
  for (auto element = value.first_child(); element; element = element->next()) {
    CARNET_TRY(const uint16_t enumerant, Enum(*field.type.element->names, *element));
    list.set(index++, enumerant);
  }
  return Ok();
}

Result<> FieldReader::StructList(const FieldPlan& field, json::Value value,
                                 AnyPointer::Builder to) {
  const TypePlan& type = *field.type.element;
  auto list =
      to.initAsListOfAnyStruct(type.data_words, type.pointers, static_cast<uint32_t>(value.size()));
  uint32_t index = 0;
  for (auto element = value.first_child(); element; element = element->next()) {
    CARNET_TRY_VOID(Struct(field, type, *element, list[index++]));
  }
  return Ok();
}

Result<uint16_t> FieldReader::Enum(const EnumPlan& plan, json::Value value) const {
  if (!value.is(json::Type::kString)) return WrongType("a string", value).In(Where(value));
  for (size_t i = 1; i < plan.names.size(); ++i) {
    if (plan.names[i] == value.string()) return static_cast<uint16_t>(i);
  }
  const std::span<const std::string> names(plan.names.begin() + 1, plan.names.end());
  return At(value, "unknown value " + Quoted(value.string()) + DidYouMeanOf(value.string(), names));
}

void WriteObject(const StructPlan& plan, DynamicStruct::Reader from, json::Writer& writer);

void WriteEnum(const EnumPlan& plan, capnp::DynamicEnum value, json::Writer& writer) {
  CARNET_CHECK(value.getRaw() != 0 && value.getRaw() < plan.names.size());
  writer.String(plan.names[value.getRaw()]);
}

void WriteAny(const TypePlan& type, const capnp::DynamicValue::Reader& value,
              json::Writer& writer) {
  switch (type.form) {
    case Form::kText:
      writer.String(TextOf(value.as<capnp::Text>()));
      return;
    case Form::kEnum:
      return WriteEnum(*type.names, value.as<capnp::DynamicEnum>(), writer);
    case Form::kList:
      writer.BeginArray();
      for (const auto element : value.as<DynamicList>()) WriteAny(*type.element, element, writer);
      writer.EndArray();
      return;
    case Form::kObject:
      return WriteObject(*type.object, value.as<DynamicStruct>(), writer);
    case Form::kVariant: {
      const auto variant = value.as<DynamicStruct>();
      const FieldPlan& disclosed = type.object->fields.front();
      KJ_IF_MAYBE (active, variant.which()) {
        if (*active != disclosed.field) {
          writer.String(kUndisclosed);
          return;
        }
      }
      return WriteAny(disclosed.type, variant.get(disclosed.field), writer);
    }
    case Form::kCount:
    case Form::kFlop:
    case Form::kDigest:
    case Form::kSigner:
    case Form::kNonce:
    case Form::kTime:
    case Form::kFlag:
      return WriteValue(type.form, value.as<DynamicStruct>(), writer);
  }
  CARNET_CHECK(false);
}

void WriteObject(const StructPlan& plan, DynamicStruct::Reader from, json::Writer& writer) {
  writer.BeginObject();
  for (const FieldPlan& field : plan.fields) {
    if (!IsPresent(field, from)) continue;
    writer.Key(field.name);
    WriteAny(field.type, from.get(field.field), writer);
  }
  writer.EndObject();
}

Result<Predicate> ReadFields(Kind kind, json::Value value, HeadRule head_rule,
                             std::span<const std::string_view> left_out) {
  FieldReader reader(value);
  Predicate predicate = Predicate::New(kind);
  if (value.is(json::Type::kObject) && HasHead(kind)) {
    const auto head = value.Find("head");
    if (head && head_rule == HeadRule::kForbidden) {
      return Malformed(reader.Where(*head) + ": the signer adds it");
    }
    if (!head && head_rule == HeadRule::kRequired) {
      return Malformed(reader.Where(value) + ".head: required, but absent");
    }
  }
  const auto to = predicate.message().builder.getRoot<AnyStruct>();
  CARNET_TRY_VOID(reader.Object(PlanOf(kind), value, to, left_out));
  return predicate;
}

}  // namespace

Result<Predicate> ReadPredicate(Kind kind, json::Value value, HeadRule head_rule) {
  CARNET_TRY(Predicate predicate, ReadFields(kind, value, head_rule, {}));
  CARNET_TRY_VOID(Validate(predicate));
  return predicate;
}

Result<Predicate> ReadDraft(Kind kind, json::Value value,
                            std::span<const std::string_view> left_out) {
  return ReadFields(kind, value, HeadRule::kForbidden, left_out);
}

void WritePredicate(const Predicate& predicate, json::Writer& writer) {
  const Kind kind = predicate.kind();
  const auto root = predicate.message().builder.getRoot<DynamicStruct>(SchemaOf(kind));
  WriteObject(PlanOf(kind), root.asReader(), writer);
}

}  // namespace carnet::schemas

#include "schemas/check_fields.h"

#include <capnp/dynamic.h>

#include "core/utf8.h"
#include "schemas/readers.h"
#include "schemas/struct_plan.h"
#include "schemas/validate.h"
#include "schemas/value_codec.h"

namespace carnet::schemas {
namespace {

using capnp::DynamicEnum;
using capnp::DynamicList;
using capnp::DynamicStruct;
using capnp::DynamicValue;

// Where a value is; spelt out in messages only, as lists are long.
struct Place {
  const Place* parent;     // null: the predicate itself
  std::string_view field;  // empty: an item of the parent
  size_t item = 0;
};

std::string PathOf(const Place& place) {
  if (place.parent == nullptr) return "predicate";
  const std::string parent = PathOf(*place.parent);
  return place.field.empty() ? parent + "[" + std::to_string(place.item) + "]"
                             : parent + "." + std::string(place.field);
}

Error At(const Place& place, std::string_view why) {
  return Malformed(PathOf(place) + ": " + std::string(why));
}

bool HoldsUndisclosed(DynamicStruct::Reader value) {
  KJ_IF_MAYBE (member, value.which()) {
    return member->getProto().getName() == "undisclosed";
  }
  return false;
}

Result<> CheckObject(const StructPlan& plan, DynamicStruct::Reader object, const Place& place);

Result<> CheckString(const FieldPlan& rules, std::string_view text, const Place& place) {
  if (text == kUndisclosed && !rules.undisclosable) return At(place, "may not be \"undisclosed\"");
  if (!IsValidUtf8(text)) return At(place, "not UTF-8");
  if (const auto checked = CheckText(rules, text); !checked) {
    return At(place, checked.error().message);
  }
  return Ok();
}

Result<> CheckEnum(const EnumPlan& plan, DynamicEnum value, const Place& place) {
  if (value.getRaw() == 0 || value.getRaw() >= plan.names.size()) {
    return At(place, "unknown value " + std::to_string(value.getRaw()));
  }
  return Ok();
}

Result<> CheckAny(const FieldPlan& rules, const TypePlan& type, const DynamicValue::Reader& value,
                  const Place& place);

Result<> CheckList(const FieldPlan& rules, const TypePlan& type, DynamicList::Reader list,
                   const Place& place) {
  if (list.size() == 0 && rules.not_empty) return At(place, "empty");
  if (list.size() > rules.max_items) {
    return At(place, "more than " + std::to_string(rules.max_items) + " items");
  }
  for (uint32_t i = 0; i < list.size(); ++i) {
    CARNET_TRY_VOID(CheckAny(rules, *type.element, list[i], {&place, {}, i}));
  }
  return Ok();
}

// A value that may be undisclosed, when it is not.
Result<> CheckDisclosed(const FieldPlan& rules, const TypePlan& type, DynamicStruct::Reader value,
                        const Place& place) {
  if (type.form != Form::kVariant) {
    if (const auto checked = CheckValue(rules, type.form, value); !checked) {
      return At(place, checked.error().message);
    }
    return Ok();
  }
  const FieldPlan& disclosed = type.object->fields.front();
  if (!IsPresent(disclosed, value)) return At(place, "required, but absent");
  return CheckAny(disclosed, disclosed.type, value.get(disclosed.field), place);
}

Result<> CheckAny(const FieldPlan& rules, const TypePlan& type, const DynamicValue::Reader& value,
                  const Place& place) {
  switch (type.form) {
    case Form::kText:
      return CheckString(rules, TextOf(value.as<capnp::Text>()), place);
    case Form::kEnum:
      return CheckEnum(*type.names, value.as<DynamicEnum>(), place);
    case Form::kList:
      return CheckList(rules, type, value.as<DynamicList>(), place);
    case Form::kObject:
      return CheckObject(*type.object, value.as<DynamicStruct>(), place);
    case Form::kVariant:
    case Form::kCount:
    case Form::kFlop:
    case Form::kDigest:
    case Form::kSigner:
    case Form::kNonce:
    case Form::kTime:
    case Form::kFlag:
      break;
  }
  const auto fields = value.as<DynamicStruct>();
  if (!HoldsUndisclosed(fields)) return CheckDisclosed(rules, type, fields, place);
  if (!rules.undisclosable) return At(place, "may not be \"undisclosed\"");
  return Ok();
}

Result<> CheckObject(const StructPlan& plan, DynamicStruct::Reader object, const Place& place) {
  for (const FieldPlan& field : plan.fields) {
    const Place at{&place, field.name};
    if (!IsPresent(field, object)) {
      if (field.required) return At(at, "required, but absent");
      continue;
    }
    CARNET_TRY_VOID(CheckAny(field, field.type, object.get(field.field), at));
  }
  return Ok();
}

}  // namespace

Result<> CheckFields(const Predicate& predicate) {
  const Kind kind = predicate.kind();
  const auto root = predicate.message().builder.getRoot<DynamicStruct>(SchemaOf(kind));
  CARNET_TRY_VOID(CheckObject(PlanOf(kind), root.asReader(), {nullptr, {}}));
  return Validate(predicate);
}

}  // namespace carnet::schemas

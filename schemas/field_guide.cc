#include "schemas/field_guide.h"

#include <array>
#include <map>

#include "core/check.h"
#include "schemas/field_meanings.h"
#include "schemas/struct_plan.h"

namespace carnet::schemas {
namespace {

std::string StructName(capnp::StructSchema schema) {
  const auto node = schema.getProto();
  const auto name = node.getDisplayName();
  return std::string(name.begin() + node.getDisplayNamePrefixLength(), name.end());
}

FieldForm FormOf(Form form) {
  switch (form) {
    case Form::kText:
    case Form::kNonce:
      return FieldForm::kText;
    case Form::kEnum:
      return FieldForm::kChoice;
    case Form::kCount:
      return FieldForm::kCount;
    case Form::kFlag:
      return FieldForm::kFlag;
    case Form::kFlop:
      return FieldForm::kFlop;
    case Form::kDigest:
      return FieldForm::kDigest;
    case Form::kSigner:
      return FieldForm::kSigner;
    case Form::kTime:
      return FieldForm::kTime;
    case Form::kObject:
      return FieldForm::kObject;
    case Form::kList:
    case Form::kVariant:
      break;
  }
  CARNET_CHECK(false);
}

// Owns the guides of all kinds. References stay valid as more are added.
class Guides {
 public:
  Guides() : meanings_(EmbeddedMeanings()) {
    for (const KindRow& row : kKinds) {
      roots_[static_cast<size_t>(row.kind)] = &ObjectOf(PlanOf(row.kind));
    }
  }
  const ObjectGuide& Root(Kind kind) const { return *roots_[static_cast<size_t>(kind)]; }

 private:
  const ObjectGuide& ObjectOf(const StructPlan& plan) {
    const auto known = objects_.find(&plan);
    if (known != objects_.end()) return known->second;
    ObjectGuide& guide = objects_[&plan];
    for (const FieldPlan& field : plan.fields) {
      if (field.name != "head") guide.fields.push_back(FieldOf(field));
    }
    return guide;
  }

  FieldGuide FieldOf(const FieldPlan& field) {
    const TypePlan* type = &field.type;
    bool not_empty = field.not_empty;
    if (type->form == Form::kVariant) {  // the value beside `undisclosed`
      not_empty = not_empty || type->object->fields.front().not_empty;
      type = &type->object->fields.front().type;
    }
    const bool list = type->form == Form::kList;
    if (list) type = type->element;
    FieldGuide guide{.name = field.name,
                     .meaning = MeaningOf(field),
                     .form = FormOf(type->form),
                     .list = list,
                     .required = field.required,
                     .undisclosable = field.undisclosable,
                     .not_empty = not_empty};
    if (type->form == Form::kEnum) {
      guide.choices.assign(type->names->names.begin() + 1, type->names->names.end());
    }
    if (type->form == Form::kObject) guide.object = &ObjectOf(*type->object);
    return guide;
  }

  std::string MeaningOf(const FieldPlan& field) const {
    const auto name = field.field.getProto().getName();
    const auto found = meanings_.find(
        {StructName(field.field.getContainingStruct()), std::string(name.begin(), name.end())});
    return found == meanings_.end() ? "" : found->second;
  }

  FieldMeanings meanings_;
  std::map<const StructPlan*, ObjectGuide> objects_;
  std::array<const ObjectGuide*, kKinds.size()> roots_{};
};

std::string OneOf(const std::vector<std::string>& choices) {
  std::string text = "one of ";
  for (size_t i = 0; i < choices.size(); ++i) text += (i == 0 ? "" : ", ") + choices[i];
  return text;
}

}  // namespace

const FieldGuide* ObjectGuide::Find(std::string_view name) const {
  for (const FieldGuide& field : fields) {
    if (field.name == name) return &field;
  }
  return nullptr;
}

const ObjectGuide& GuideOf(Kind kind) {
  static const Guides guides;
  return guides.Root(kind);
}

std::string ValueText(const FieldGuide& field) {
  switch (field.form) {
    case FieldForm::kText:
      return "text";
    case FieldForm::kChoice:
      return OneOf(field.choices);
    case FieldForm::kCount:
      return "a whole number";
    case FieldForm::kFlag:
      return "true or false";
    case FieldForm::kFlop:
      return "FLOP, a whole number";
    case FieldForm::kDigest:
      return "64 hex digits";
    case FieldForm::kSigner:
      return "key: and 64 hex digits";
    case FieldForm::kTime:
      return "YYYY-MM-DDThh:mm:ss.mmmZ";
    case FieldForm::kObject:
      return "an object";
  }
  CARNET_CHECK(false);
}

}  // namespace carnet::schemas

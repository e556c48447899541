#include "schemas/struct_plan.h"

#include <deque>
#include <map>

#include "core/ascii.h"
#include "core/check.h"
#include "schemas/codec.h"
#include "schemas/predicate.capnp.h"
#include "schemas/values.capnp.h"
#include "schemas/verdict.capnp.h"

namespace carnet::schemas {
namespace {

// Ids of the annotations in values.capnp.
constexpr uint64_t kRequired = 0xd5e2b9f3a1c40711;
constexpr uint64_t kUndisclosable = 0xb1c7f0d2943e6a55;
constexpr uint64_t kNotEmpty = 0xa8f1143bd0925c17;
constexpr uint64_t kMaxValue = 0xe0b6a4c83d7f1229;
constexpr uint64_t kMultiLine = 0xc94d1f7be8a35063;
constexpr uint64_t kMaxItems = 0x9f5b2c6e017ad381;
constexpr uint64_t kJsonName = 0xf3a09ce5d4178b2d;
constexpr uint64_t kForeign = 0x8d21b7e96cf4a035;

// camelCase to words in lower case with `separator` between them: the one rule for names.
std::string Words(std::string_view camel_case, char separator) {
  std::string words;
  for (const char c : camel_case) {
    if (Lowered(c) != c) words += separator;
    words += Lowered(c);
  }
  return words;
}

std::string_view NameOf(capnp::Text::Reader name) { return {name.begin(), name.size()}; }

bool IsForeign(capnp::StructSchema schema) {
  for (const auto annotation : schema.getProto().getAnnotations()) {
    if (annotation.getId() == kForeign) return true;
  }
  return false;
}

void ApplyAnnotations(FieldPlan& plan) {
  for (const auto annotation : plan.field.getProto().getAnnotations()) {
    const uint64_t id = annotation.getId();
    if (id == kRequired) plan.required = true;
    if (id == kUndisclosable) plan.undisclosable = true;
    if (id == kNotEmpty) plan.not_empty = true;
    if (id == kMultiLine) plan.multi_line = true;
    if (id == kMaxValue) plan.max_value = annotation.getValue().getUint64();
    if (id == kMaxItems) plan.max_items = annotation.getValue().getUint32();
    if (id == kJsonName) plan.name = NameOf(annotation.getValue().getText());
  }
}

std::optional<UnionTag> TagOf(capnp::StructSchema::Field field) {
  const uint16_t value = field.getProto().getDiscriminantValue();
  if (value == capnp::schema::Field::NO_DISCRIMINANT) return std::nullopt;
  const auto layout = field.getContainingStruct().getProto().getStruct();
  return UnionTag{layout.getDiscriminantOffset(), value};
}

// Owns the shapes of all kinds. References stay valid as more are added.
class Shapes {
 public:
  Shapes() {
    for (const KindRow& row : kKinds) roots_.push_back(&Compile(SchemaOf(row.kind)));
  }
  const StructPlan& Root(Kind kind) const { return *roots_[static_cast<size_t>(kind)]; }

 private:
  const StructPlan& Compile(capnp::StructSchema schema);
  FieldPlan CompileField(capnp::StructSchema::Field field, bool foreign);
  TypePlan CompileType(capnp::Type type);
  TypePlan CompileStruct(capnp::StructSchema schema);
  TypePlan CompileForm(capnp::StructSchema schema);
  const EnumPlan& CompileEnum(capnp::EnumSchema schema);

  std::map<uint64_t, StructPlan> shapes_;  // by schema id
  std::map<uint64_t, EnumPlan> enums_;
  std::deque<TypePlan> elements_;
  std::vector<const StructPlan*> roots_;
};

const StructPlan& Shapes::Compile(capnp::StructSchema schema) {
  const uint64_t id = schema.getProto().getId();
  if (const auto known = shapes_.find(id); known != shapes_.end()) return known->second;
  StructPlan plan{.fields = {}, .foreign = IsForeign(schema)};
  for (const auto field : schema.getFields()) {
    if (field.getType().isVoid()) continue;  // `undisclosed`
    plan.fields.push_back(CompileField(field, plan.foreign));
  }
  CARNET_CHECK(plan.fields.size() <= 64);  // the codec's set of fields seen
  return shapes_.emplace(id, std::move(plan)).first->second;
}

FieldPlan Shapes::CompileField(capnp::StructSchema::Field field, bool foreign) {
  const std::string_view name = NameOf(field.getProto().getName());
  FieldPlan plan{.name = foreign ? std::string(name) : Words(name, '_'),
                 .field = field,
                 .slot = field.getProto().getSlot().getOffset(),
                 .tag = TagOf(field),
                 .type = CompileType(field.getType())};
  ApplyAnnotations(plan);
  CARNET_CHECK(!plan.undisclosable || plan.type.form != Form::kList);  // that takes a kVariant
  return plan;
}

TypePlan Shapes::CompileType(capnp::Type type) {
  if (type.isText()) return {.form = Form::kText};
  if (type.isEnum()) return {.form = Form::kEnum, .names = &CompileEnum(type.asEnum())};
  if (type.isStruct()) return CompileStruct(type.asStruct());
  CARNET_CHECK(type.isList());
  elements_.push_back(CompileType(type.asList().getElementType()));
  return {.form = Form::kList, .element = &elements_.back()};
}

TypePlan Shapes::CompileStruct(capnp::StructSchema schema) {
  TypePlan type = CompileForm(schema);
  const auto layout = schema.getProto().getStruct();
  type.data_words = layout.getDataWordCount();
  type.pointers = layout.getPointerCount();
  KJ_IF_MAYBE (field, schema.findFieldByName("undisclosed")) {
    type.undisclosed = TagOf(*field);
  }
  return type;
}

TypePlan Shapes::CompileForm(capnp::StructSchema schema) {
  if (schema == capnp::Schema::from<wire::Count>()) return {.form = Form::kCount};
  if (schema == capnp::Schema::from<wire::FlopAmount>()) return {.form = Form::kFlop};
  if (schema == capnp::Schema::from<wire::Digest>()) return {.form = Form::kDigest};
  if (schema == capnp::Schema::from<wire::SignerRef>()) return {.form = Form::kSigner};
  if (schema == capnp::Schema::from<wire::Nonce>()) return {.form = Form::kNonce};
  if (schema == capnp::Schema::from<wire::Time>()) return {.form = Form::kTime};
  if (schema == capnp::Schema::from<wire::Flag>()) return {.form = Form::kFlag};
  const StructPlan& plan = Compile(schema);
  const size_t alternatives = schema.getUnionFields().size();
  CARNET_CHECK(alternatives == 0 || (alternatives == 2 && plan.fields.size() == 1));
  return {.form = alternatives == 0 ? Form::kObject : Form::kVariant, .object = &plan};
}

const EnumPlan& Shapes::CompileEnum(capnp::EnumSchema schema) {
  const uint64_t id = schema.getProto().getId();
  if (const auto known = enums_.find(id); known != enums_.end()) return known->second;
  EnumPlan plan{.schema = schema, .names = {}};
  for (const auto enumerant : schema.getEnumerants()) {
    plan.names.push_back(JsonEnumName(NameOf(enumerant.getProto().getName())));
  }
  CARNET_CHECK(plan.names.front() == "unset");
  return enums_.emplace(id, std::move(plan)).first->second;
}

template <typename... Structs>
capnp::StructSchema SchemaAmong(Kind kind, wire::StructList<Structs...>) {
  using Schema = capnp::StructSchema (*)();
  static constexpr Schema kSchemas[] = {
      []() -> capnp::StructSchema { return capnp::Schema::from<Structs>(); }...};
  return kSchemas[static_cast<size_t>(kind)]();
}

}  // namespace

std::string JsonEnumName(std::string_view enumerant) { return Words(enumerant, '-'); }

capnp::StructSchema SchemaOf(Kind kind) { return SchemaAmong(kind, wire::KindStructs{}); }

const StructPlan& PlanOf(Kind kind) {
  static const Shapes shapes;
  return shapes.Root(kind);
}

bool IsPresent(const FieldPlan& field, capnp::DynamicStruct::Reader object) {
  if (field.type.form != Form::kEnum) return object.has(field.field);
  return object.get(field.field).as<capnp::DynamicEnum>().getRaw() != 0;
}

}  // namespace carnet::schemas

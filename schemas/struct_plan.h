// What the codec needs to know about the structs of a predicate, compiled once from their schemas
// and annotations: names in JSON, forms, rules. Looking it up in the schema for every field read
// would cost more than the read itself. Private to schemas/.
#pragma once

#include <capnp/dynamic.h>
#include <capnp/schema.h>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "schemas/kind.h"

namespace carnet::schemas {

// How a value is spelt in JSON.
enum class Form {
  kText,
  kEnum,
  kList,
  kObject,
  kVariant,  // a union of one other value and `undisclosed`
  kCount,
  kFlop,
  kDigest,
  kSigner,
  kNonce,
  kTime,
  kFlag,
};

struct StructPlan;

struct EnumPlan {
  capnp::EnumSchema schema;
  std::vector<std::string> names;  // by ordinal; [0] is `unset`, never written or read
};

// Which member of a union a struct holds: 16 bits at an index of its data section.
struct UnionTag {
  uint32_t at;
  uint16_t value;
};

struct TypePlan {
  Form form;
  uint16_t data_words = 0;  // of a struct
  uint16_t pointers = 0;
  std::optional<UnionTag> undisclosed = {};  // of a struct that may be
  const StructPlan* object = nullptr;        // kObject, kVariant
  const EnumPlan* names = nullptr;           // kEnum
  const TypePlan* element = nullptr;         // kList
};

struct FieldPlan {
  std::string name;
  capnp::StructSchema::Field field;
  uint32_t slot;                // index of its pointer, or of an enum's 16 bits in the data section
  std::optional<UnionTag> tag;  // of a member of a union
  TypePlan type;
  // The annotations of values.capnp.
  bool required = false;
  bool undisclosable = false;
  bool not_empty = false;
  bool multi_line = false;
  uint64_t max_value = UINT64_MAX;
  uint32_t max_items = 100'000;
};

struct StructPlan {
  std::vector<FieldPlan> fields;  // at most 64; in the schema's order; of a kVariant: the value
  bool foreign = false;
};

capnp::StructSchema SchemaOf(Kind kind);

// Lives as long as the program.
const StructPlan& PlanOf(Kind kind);

// Whether the struct that has this field holds a value there.
bool IsPresent(const FieldPlan& field, capnp::DynamicStruct::Reader object);

}  // namespace carnet::schemas

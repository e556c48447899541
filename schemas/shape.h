// What the codec needs to know of a predicate's structs, compiled once from their schemas and
// annotations: names in JSON, forms, rules. Looking it up in the schema for every field read
// would cost more than the reading. Private to schemas/.
#pragma once

#include <capnp/schema.h>

#include <cstdint>
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
  kKey,
  kNonce,
  kTime,
  kFlag,
};

struct Shape;

struct EnumShape {
  capnp::EnumSchema schema;
  std::vector<std::string> names;  // by ordinal; [0] is `unset`, never written or read
};

struct TypeShape {
  Form form;
  const Shape* object = nullptr;       // kObject, kVariant
  const EnumShape* names = nullptr;    // kEnum
  const TypeShape* element = nullptr;  // kList
};

struct FieldShape {
  std::string name;
  capnp::StructSchema::Field field;
  TypeShape type;
  // The annotations of values.capnp.
  bool required = false;
  bool undisclosable = false;
  bool not_empty = false;
  bool multi_line = false;
  uint64_t max_value = UINT64_MAX;
  uint32_t max_items = 100'000;
};

struct Shape {
  std::vector<FieldShape> fields;  // at most 64; in the schema's order; of a kVariant: the value
  bool foreign = false;
};

capnp::StructSchema SchemaOf(Kind kind);

// Lives as long as the program.
const Shape& ShapeOf(Kind kind);

}  // namespace carnet::schemas

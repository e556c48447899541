#include "schemas/predicate.h"

#include <capnp/dynamic.h>

#include "schemas/readers.h"
#include "schemas/shape.h"

namespace carnet::schemas {
namespace {

// Of the message's first segment. A statement needs about as much; the library's own choice, 1,024
// words, would take 1.6 GB for the longest passport.
constexpr capnp::uint kFirstSegmentWords = 128;

// Every predicate of ours has it as its first field.
capnp::StructSchema::Field HeadField(Kind kind) {
  CHECK(kind != Kind::kVerdict);
  const FieldShape& field = ShapeOf(kind).fields.front();
  CHECK(field.name == "head");
  return field.field;
}

}  // namespace

Predicate::Predicate(Kind kind, std::unique_ptr<capnp::MessageBuilder> message)
    : kind_(kind), message_(std::move(message)) {}
Predicate::Predicate(Predicate&&) noexcept = default;
Predicate& Predicate::operator=(Predicate&&) noexcept = default;
Predicate::~Predicate() = default;

Predicate Predicate::New(Kind kind) {
  auto message = std::make_unique<capnp::MallocMessageBuilder>(kFirstSegmentWords);
  message->initRoot<capnp::DynamicStruct>(SchemaOf(kind));
  return Predicate(kind, std::move(message));
}

std::optional<Head> Predicate::head() const {
  if (kind_ == Kind::kVerdict) return std::nullopt;
  const auto root = message_->getRoot<capnp::DynamicStruct>(SchemaOf(kind_)).asReader();
  const auto field = HeadField(kind_);
  if (!root.has(field)) return std::nullopt;
  const auto head = root.get(field).as<wire::Head>();
  return Head{.signer = KeyIdOf(head.getSigner()),
              .ledger = DigestOf<LogId>(head.getLedger()),
              .created = TimeOf(head.getCreated()),
              .nonce = std::string(TextOf(head.getNonce().getText()))};
}

void Predicate::SetHead(const Head& head) {
  auto root = message_->getRoot<capnp::DynamicStruct>(SchemaOf(kind_));
  auto to = root.init(HeadField(kind_)).as<wire::Head>();
  to.initSigner().setBytes(capnp::Data::Reader(head.signer.data(), KeyId::kSize));
  SetDigest(to.initLedger(), head.ledger);
  to.initCreated().setMs(head.created.value());
  to.initNonce().setText(head.nonce.c_str());
}

}  // namespace carnet::schemas

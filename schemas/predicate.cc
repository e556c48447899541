#include "schemas/predicate.h"

#include <capnp/dynamic.h>

#include "schemas/readers.h"
#include "schemas/struct_plan.h"

namespace carnet::schemas {
namespace {

// Of the message's first segment. A statement needs about this much, and a segment of a run, with
// its two figures, twice as much: a second piece would make every read slower. The library's own
// choice, 1,024 words, would take 1.6 GB for the longest passport.
constexpr unsigned FirstSegmentWords(Kind kind) { return kind == Kind::kSegment ? 256 : 128; }

// Every predicate of ours has it as its first field, and so as its first pointer.
capnp::StructSchema::Field HeadField(Kind kind) {
  CARNET_CHECK(HasHead(kind));
  const FieldPlan& field = PlanOf(kind).fields.front();
  CARNET_CHECK(field.name == "head" && field.field.getProto().getSlot().getOffset() == 0);
  return field.field;
}

}  // namespace

Predicate::Predicate(Kind kind, std::unique_ptr<PredicateMessage> message)
    : kind_(kind), message_(std::move(message)) {}
Predicate::Predicate(Predicate&&) noexcept = default;
Predicate& Predicate::operator=(Predicate&&) noexcept = default;
Predicate::~Predicate() = default;

Predicate Predicate::New(Kind kind) {
  auto message = std::make_unique<PredicateMessage>(FirstSegmentWords(kind));
  message->builder.initRoot<capnp::DynamicStruct>(SchemaOf(kind));
  message->root = message->builder.getRoot<capnp::AnyStruct>().asReader();
  return Predicate(kind, std::move(message));
}

Predicate Predicate::Clone() const {
  auto message = std::make_unique<PredicateMessage>(FirstSegmentWords(kind_));
  message->builder.setRoot(message_->root);
  message->root = message->builder.getRoot<capnp::AnyStruct>().asReader();
  return Predicate(kind_, std::move(message));
}

std::optional<Head> Predicate::head() const {
  if (!HasHead(kind_)) return std::nullopt;
  const auto pointer = message_->root.getPointerSection()[0];
  if (pointer.isNull()) return std::nullopt;
  const auto head = pointer.getAs<wire::Head>();
  return Head{.signer = SignerIdOf(head.getSigner()),
              .ledger = DigestOf<LogId>(head.getLedger()),
              .created = TimeOf(head.getCreated()),
              .nonce = std::string(TextOf(head.getNonce().getText()))};
}

void Predicate::SetHead(const Head& head) {
  auto root = message_->builder.getRoot<capnp::DynamicStruct>(SchemaOf(kind_));
  auto to = root.init(HeadField(kind_)).as<wire::Head>();
  SetSigner(to.initSigner(), head.signer);
  SetDigest(to.initLedger(), head.ledger);
  to.initCreated().setMs(head.created.value());
  to.initNonce().setText(head.nonce.c_str());
}

bool EqualIgnoringHead(const Predicate& one, const Predicate& other) {
  if (one.kind() != other.kind()) return false;
  const capnp::AnyStruct::Reader left = one.message().root;
  const capnp::AnyStruct::Reader right = other.message().root;
  if (left.getDataSection() != right.getDataSection()) return false;
  const auto left_fields = left.getPointerSection();
  const auto right_fields = right.getPointerSection();
  CARNET_CHECK(left_fields.size() == right_fields.size());  // both were made for this kind
  for (uint32_t i = HasHead(one.kind()) ? 1 : 0; i < left_fields.size(); ++i) {
    if (left_fields[i] != right_fields[i]) return false;
  }
  return true;
}

}  // namespace carnet::schemas

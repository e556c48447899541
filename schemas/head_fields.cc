#include "schemas/head_fields.h"

#include "schemas/readers.h"

namespace carnet::schemas {

std::optional<HeadFields> HeadFieldsOf(const Predicate& predicate) {
  if (!HasHead(predicate.kind())) return std::nullopt;
  // The first pointer of every predicate that has one.
  const auto pointer = predicate.message().root.getPointerSection()[0];
  if (pointer.isNull()) return std::nullopt;
  const auto head = pointer.getAs<wire::Head>();
  return HeadFields{.signer = SignerIdOf(head.getSigner()),
                    .ledger = DigestOf<LogId>(head.getLedger()),
                    .created = TimeOf(head.getCreated())};
}

}  // namespace carnet::schemas

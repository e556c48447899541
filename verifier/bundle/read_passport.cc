#include "verifier/bundle/read_passport.h"

#include <utility>

#include "core/check.h"
#include "statements/read_lines.h"

namespace carnet::verifier::bundle {
namespace {

using statements::Fault;

Refusal RefusalFor(Fault fault) {
  switch (fault) {
    case Fault::kTooLarge:
    case Fault::kTooManyReferences:
      return {1, RejectReason::kTooLarge};
    case Fault::kMalformedLine:
      return {1, RejectReason::kMalformedLine};
    case Fault::kMalformedBundle:
      return {2, RejectReason::kMalformedBundle};
    case Fault::kWrongPayloadType:
      return {2, RejectReason::kWrongPayloadType};
    case Fault::kMalformedStatement:
      return {3, RejectReason::kMalformedStatement};
    case Fault::kUnknownKind:
      return {3, RejectReason::kUnknownKind};
    case Fault::kBadField:
      return {3, RejectReason::kBadField};
    case Fault::kWrongSubjects:
      return {3, RejectReason::kWrongSubjects};
    case Fault::kDuplicateStatement:
      return {4, RejectReason::kDuplicateStatement};
  }
  CARNET_CHECK(false);
}

}  // namespace

PassportFile ReadPassport(std::string_view bytes, unsigned threads, Findings& findings) {
  const auto refuse = [&findings](statements::Refused refused) {
    findings.Add({RefusalFor(refused.fault), std::move(refused.message), refused.id, refused.number,
                  refused.fault == Fault::kDuplicateStatement ? "keep one of the two lines" : ""});
  };
  auto read = statements::ReadLines(bytes, refuse, threads);
  PassportFile file{.lines = std::move(read.statements),
                    .attestations = {},
                    .views = {},
                    .unlogged = {},
                    .not_verified = 0};
  file.attestations.reserve(read.bundles.size());
  for (sigstore::Bundle& bundle : read.bundles) {
    file.attestations.push_back({.bundle = std::move(bundle), .position = {}, .place = {}});
  }
  return file;
}

}  // namespace carnet::verifier::bundle

#include "schemas/stored.h"

#include <capnp/message.h>
#include <capnp/serialize.h>
#include <kj/exception.h>

#include <algorithm>
#include <optional>

#include "schemas/stored.capnp.h"

namespace carnet::schemas {
namespace {

constexpr size_t kWord = sizeof(capnp::word);
constexpr uint64_t kEndOfYears = 253'402'300'800'000;  // the year 10000, in milliseconds

capnp::Data::Reader AsData(const Bytes& bytes) { return {bytes.data(), bytes.size()}; }

Bytes BytesOf(capnp::Data::Reader data) { return {data.begin(), data.end()}; }

size_t ContentSize(const StoredAttestation& stored) {
  if (const auto* payload = std::get_if<Bytes>(&stored.content)) return payload->size();
  const auto& absence = std::get<Absence>(stored.content);
  return absence.reason.size() + 1 + absence.terms.size();
}

void SetContent(const StoredAttestation& stored, wire::StoredAttestation::Builder root) {
  if (const auto* payload = std::get_if<Bytes>(&stored.content)) {
    root.setPayload(AsData(*payload));
    return;
  }
  const auto& absence = std::get<Absence>(stored.content);
  CARNET_CHECK(absence.reason.size() <= kMaxReasonBytes);
  auto absent = root.initAbsent();
  absent.setCause(absence.cause == AbsenceCause::kErased ? wire::Absence::Cause::ERASED
                                                         : wire::Absence::Cause::WITHHELD);
  absent.setSince(absence.since.value());
  absent.setReason({absence.reason.data(), absence.reason.size()});
  absent.setTerms(AsData(absence.terms));
}

// What is wrong with the record, empty where nothing is.
std::string ReadRecord(wire::StoredAttestation::Reader root, std::optional<StoredAttestation>& to) {
  const auto name = root.getSigner();
  const auto signer = SignerId::Decode({name.begin(), name.size()});
  if (!signer) return "signer is not a signer id";
  const auto digest = root.getStatement();
  const auto statement = StatementId::FromSpan({digest.begin(), digest.size()});
  if (!statement) return "statement is not a digest";
  StoredAttestation read{*statement, BytesOf(root.getSignature()), BytesOf(root.getSpki()), *signer,
                         Bytes()};
  switch (root.which()) {
    case wire::StoredAttestation::PAYLOAD:
      read.content = BytesOf(root.getPayload());
      break;
    case wire::StoredAttestation::ABSENT: {
      const auto absent = root.getAbsent();
      const auto cause = static_cast<uint16_t>(absent.getCause());
      const auto reason = absent.getReason();
      if (cause > static_cast<uint16_t>(AbsenceCause::kErased)) return "unknown cause of absence";
      if (reason.size() > kMaxReasonBytes) return "the reason of absence is too long";
      if (absent.getSince() >= kEndOfYears) return "the time of absence is beyond the year 9999";
      read.content =
          Absence{static_cast<AbsenceCause>(cause), TimestampMs(absent.getSince()),
                  std::string(reason.begin(), reason.size()), BytesOf(absent.getTerms())};
      break;
    }
    default:
      return "neither payload nor absence";
  }
  to = std::move(read);
  return "";
}

}  // namespace

std::string EncodeStored(const StoredAttestation& stored) {
  const size_t content = ContentSize(stored) + stored.signature.size() + stored.spki.size() +
                         SignerId::kSize + StatementId::kSize;
  // Room for all of it, so that the message is one segment: root, struct, the absence's struct,
  // padded lists.
  capnp::MallocMessageBuilder message(static_cast<capnp::uint>(content / kWord + 20));
  auto root = message.initRoot<wire::StoredAttestation>();
  root.setStatement({stored.statement.span().data(), StatementId::kSize});
  root.setSignature(AsData(stored.signature));
  root.setSpki(AsData(stored.spki));
  root.setSigner({stored.signer.encoded().data(), SignerId::kSize});
  SetContent(stored, root);
  const auto words = capnp::messageToFlatArray(message);
  const auto bytes = words.asBytes();
  return std::string(AsText({bytes.begin(), bytes.size()}));
}

Result<StoredAttestation> DecodeStored(ByteSpan bytes) {
  if (bytes.size() % kWord != 0) return Malformed("stored record is not a whole number of words");
  auto words = kj::heapArray<capnp::word>(bytes.size() / kWord);
  std::copy(bytes.begin(), bytes.end(), words.asBytes().begin());
  capnp::ReaderOptions options;
  options.traversalLimitInWords = words.size();  // each word once: no list is read twice
  options.nestingLimit = 4;
  std::optional<StoredAttestation> stored;
  std::string wrong;
  bool whole = false;
  const auto failed = kj::runCatchingExceptions([&] {
    capnp::FlatArrayMessageReader message(words, options);
    wrong = ReadRecord(message.getRoot<wire::StoredAttestation>(), stored);
    whole = message.getEnd() == words.end();
  });
  KJ_IF_MAYBE (exception, failed) {
    return Malformed(std::string("stored record: ") + exception->getDescription().cStr());
  }
  if (!wrong.empty()) return Malformed("stored record: " + wrong);
  if (!whole) return Malformed("stored record: trailing data after the message");
  // Else a bit could change in what nobody reads: padding, an unused field.
  if (EncodeStored(*stored) != AsText(bytes))
    return Malformed("stored record: not in the form in which records are written");
  return *std::move(stored);
}

}  // namespace carnet::schemas

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

size_t CredentialSize(const StoredAttestation& stored) {
  size_t size = stored.spki.size() + stored.certificate.size();
  for (const Bytes& timestamp : stored.timestamps) size += timestamp.size() + 2 * kWord;
  return size;
}

void SetCredential(const StoredAttestation& stored, wire::StoredAttestation::Builder root) {
  if (stored.certificate.empty() && stored.timestamps.empty()) {
    root.getCredential().setSpki(AsData(stored.spki));
    return;
  }
  auto full = root.getCredential().initFull();
  full.setSpki(AsData(stored.spki));
  full.setCertificate(AsData(stored.certificate));
  auto timestamps = full.initTimestamps(static_cast<capnp::uint>(stored.timestamps.size()));
  for (size_t i = 0; i < stored.timestamps.size(); ++i) {
    CARNET_CHECK(stored.timestamps[i].size() <= kMaxStoredTimestampBytes);
    timestamps.set(static_cast<capnp::uint>(i), AsData(stored.timestamps[i]));
  }
}

// What is wrong with it, empty where nothing is.
std::string ReadCredential(wire::StoredAttestation::Credential::Reader credential,
                           StoredAttestation& to) {
  switch (credential.which()) {
    case wire::StoredAttestation::Credential::SPKI:
      to.spki = BytesOf(credential.getSpki());
      return "";
    case wire::StoredAttestation::Credential::FULL:
      break;
    default:
      return "unknown form of the signer's credential";
  }
  const auto full = credential.getFull();
  to.spki = BytesOf(full.getSpki());
  to.certificate = BytesOf(full.getCertificate());
  if (!to.spki.empty() && !to.certificate.empty()) return "both a key and a certificate";
  const auto timestamps = full.getTimestamps();
  if (timestamps.size() > kMaxStoredTimestamps) return "too many time stamps";
  for (const auto timestamp : timestamps) {
    if (timestamp.size() > kMaxStoredTimestampBytes) return "a time stamp is too long";
    to.timestamps.push_back(BytesOf(timestamp));
  }
  return "";
}

// What is wrong with the record, empty where nothing is.
std::string ReadRecord(wire::StoredAttestation::Reader root, std::optional<StoredAttestation>& to) {
  const auto name = root.getSigner();
  const auto signer = SignerId::Decode({name.begin(), name.size()});
  if (!signer) return "signer is not a signer id";
  const auto digest = root.getStatement();
  const auto statement = StatementId::FromSpan({digest.begin(), digest.size()});
  if (!statement) return "statement is not a digest";
  StoredAttestation read{*statement, BytesOf(root.getSignature()), {}, *signer, Bytes()};
  std::string wrong = ReadCredential(root.getCredential(), read);
  if (!wrong.empty()) return wrong;
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
  CARNET_CHECK(stored.timestamps.size() <= kMaxStoredTimestamps);
  const size_t content = ContentSize(stored) + CredentialSize(stored) + stored.signature.size() +
                         SignerId::kSize + StatementId::kSize;
  // Room for all of it, so that the message is one segment: root, struct, the structs of absence
  // and credential, padded lists.
  capnp::MallocMessageBuilder message(static_cast<capnp::uint>(content / kWord + 24));
  auto root = message.initRoot<wire::StoredAttestation>();
  root.setStatement({stored.statement.span().data(), StatementId::kSize});
  root.setSignature(AsData(stored.signature));
  SetCredential(stored, root);
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

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

capnp::Data::Reader AsData(const Bytes& bytes) { return {bytes.data(), bytes.size()}; }

Bytes BytesOf(capnp::Data::Reader data) { return {data.begin(), data.end()}; }

}  // namespace

std::string EncodeStored(const StoredAttestation& stored) {
  const size_t content =
      stored.payload.size() + stored.signature.size() + stored.spki.size() + SignerId::kSize;
  // Room for all of it, so that the message is one segment: root, struct, four padded lists.
  capnp::MallocMessageBuilder message(static_cast<capnp::uint>(content / kWord + 9));
  auto root = message.initRoot<wire::StoredAttestation>();
  root.setPayload(AsData(stored.payload));
  root.setSignature(AsData(stored.signature));
  root.setSpki(AsData(stored.spki));
  root.setSigner({stored.signer.encoded().data(), SignerId::kSize});
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
  bool has_signer = false;
  bool whole = false;
  const auto failed = kj::runCatchingExceptions([&] {
    capnp::FlatArrayMessageReader message(words, options);
    const auto root = message.getRoot<wire::StoredAttestation>();
    const auto name = root.getSigner();
    const auto signer = SignerId::Decode({name.begin(), name.size()});
    has_signer = signer.has_value();
    if (!has_signer) return;
    stored = StoredAttestation{.payload = BytesOf(root.getPayload()),
                               .signature = BytesOf(root.getSignature()),
                               .spki = BytesOf(root.getSpki()),
                               .signer = *signer};
    whole = message.getEnd() == words.end();
  });
  KJ_IF_MAYBE (exception, failed) {
    return Malformed(std::string("stored record: ") + exception->getDescription().cStr());
  }
  if (!has_signer) return Malformed("stored record: signer is not a signer id");
  if (!whole) return Malformed("stored record: trailing data after the message");
  return *std::move(stored);
}

}  // namespace carnet::schemas

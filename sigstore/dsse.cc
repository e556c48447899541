#include "sigstore/dsse.h"

#include "crypto/sha256.h"

namespace carnet::sigstore {
namespace {

std::string PaeHead(std::string_view payload_type, size_t payload_size) {
  std::string head = "DSSEv1 ";
  head += std::to_string(payload_type.size());
  head += ' ';
  head += payload_type;
  head += ' ';
  head += std::to_string(payload_size);
  head += ' ';
  return head;
}

}  // namespace

std::string PreAuthEncoding(std::string_view payload_type, ByteSpan payload) {
  return PaeHead(payload_type, payload.size()).append(AsText(payload));
}

Sha256Digest PaeDigest(std::string_view payload_type, ByteSpan payload) {
  return crypto::Sha256().Update(PaeHead(payload_type, payload.size())).Update(payload).Finish();
}

StatementId StatementIdOf(ByteSpan payload) {
  return Retag<StatementId>(PaeDigest(kInTotoPayloadType, payload));
}

}  // namespace carnet::sigstore

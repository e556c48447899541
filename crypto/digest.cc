#include "crypto/digest.h"

#include "core/check.h"
#include "crypto/message_digest.h"
#include "crypto/openssl_ptr.h"

namespace carnet::crypto {

const EVP_MD* MessageDigest(HashAlgorithm algorithm) {
  switch (algorithm) {
    case HashAlgorithm::kSha256:
      return EVP_sha256();
    case HashAlgorithm::kSha384:
      return EVP_sha384();
    case HashAlgorithm::kSha512:
      return EVP_sha512();
  }
  CARNET_CHECK(false);
}

size_t DigestSize(HashAlgorithm algorithm) {
  return static_cast<size_t>(EVP_MD_get_size(MessageDigest(algorithm)));
}

std::string_view HashName(HashAlgorithm algorithm) {
  switch (algorithm) {
    case HashAlgorithm::kSha256:
      return "sha256";
    case HashAlgorithm::kSha384:
      return "sha384";
    case HashAlgorithm::kSha512:
      return "sha512";
  }
  CARNET_CHECK(false);
}

struct Digester::Context {
  DigestContextPtr context;
  size_t size;
};

Digester::Digester(HashAlgorithm algorithm)
    : context_(new Context{DigestContextPtr(EVP_MD_CTX_new()), DigestSize(algorithm)}) {
  CARNET_CHECK(context_->context != nullptr);
  CARNET_CHECK(EVP_DigestInit_ex(context_->context.get(), MessageDigest(algorithm), nullptr) == 1);
}
Digester::Digester(Digester&&) noexcept = default;
Digester& Digester::operator=(Digester&&) noexcept = default;
Digester::~Digester() = default;

Digester& Digester::Update(ByteSpan bytes) {
  CARNET_CHECK(EVP_DigestUpdate(context_->context.get(), bytes.data(), bytes.size()) == 1);
  return *this;
}

Bytes Digester::Finish() {
  Bytes digest(context_->size);
  CARNET_CHECK(EVP_DigestFinal_ex(context_->context.get(), digest.data(), nullptr) == 1);
  context_.reset();
  return digest;
}

Bytes DigestOf(HashAlgorithm algorithm, ByteSpan bytes) {
  return Digester(algorithm).Update(bytes).Finish();
}

}  // namespace carnet::crypto

#include "tests/support/verification_count.h"

#include <openssl/evp.h>

#include <atomic>

namespace carnet::test {
namespace {

std::atomic<uint64_t> p256_count = 0;
std::atomic<uint64_t> ed25519_count = 0;

}  // namespace

Verifications VerificationsSoFar() { return {p256_count, ed25519_count}; }

}  // namespace carnet::test

// The linker's --wrap passes calls of `f` to `__wrap_f`, and makes `f` known as `__real_f`.
extern "C" {
int __real_EVP_PKEY_verify(EVP_PKEY_CTX* context, const unsigned char* signature,
                           size_t signature_size, const unsigned char* digest, size_t digest_size);
int __wrap_EVP_PKEY_verify(EVP_PKEY_CTX* context, const unsigned char* signature,
                           size_t signature_size, const unsigned char* digest, size_t digest_size) {
  ++carnet::test::p256_count;
  return __real_EVP_PKEY_verify(context, signature, signature_size, digest, digest_size);
}

int __real_crypto_sign_verify_detached(const unsigned char* signature, const unsigned char* message,
                                       unsigned long long size, const unsigned char* key);
int __wrap_crypto_sign_verify_detached(const unsigned char* signature, const unsigned char* message,
                                       unsigned long long size, const unsigned char* key) {
  ++carnet::test::ed25519_count;
  return __real_crypto_sign_verify_detached(signature, message, size, key);
}
}

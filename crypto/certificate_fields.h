// Private to crypto/: the parts of a certificate as values.
#pragma once

#include "core/bytes.h"
#include "core/result.h"
#include "core/timestamp.h"
#include "crypto/openssl_ptr.h"
#include "crypto/public_key.h"

namespace carnet::crypto {

struct Validity {
  TimestampMs not_before;
  TimestampMs not_after;
};

struct ExtendedUsage {
  bool present = false;
  bool critical = false;
  bool code_signing = false;
  bool time_stamping = false;
  size_t usages = 0;
};

// Version 3, whole, each extension once; complete, so that the object never changes afterwards.
// Errors: malformed.
Result<X509Ptr> DecodeCertificate(ByteSpan der);

// Errors: malformed.
Result<Validity> ReadValidity(const X509& certificate);
Result<ExtendedUsage> ReadExtendedUsage(const X509& certificate);

// Errors: malformed, unsupported.
Result<PublicKey> ReadCertificateKey(const X509& certificate);

}  // namespace carnet::crypto

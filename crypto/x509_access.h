// Private to crypto/: OpenSSL's object behind a certificate.
#pragma once

#include "crypto/certificate.h"
#include "crypto/openssl_ptr.h"

namespace carnet::crypto {

class X509Access {
 public:
  // OpenSSL counts references in what it is given, and so wants it not const.
  static X509* Of(const Certificate& certificate);
};

}  // namespace carnet::crypto

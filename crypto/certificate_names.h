// Private to crypto/: the names in a certificate, refused unless they can be shown and compared.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"
#include "crypto/certificate.h"
#include "crypto/openssl_ptr.h"

namespace carnet::crypto {

// That every part is text. Errors: malformed, with `which` name it is.
Result<> CheckName(const X509_NAME& name, std::string_view which);
// As RFC 2253 spells it, cut where too long for a message.
std::string NameText(const X509_NAME& name);

struct AlternativeNames {
  std::vector<AlternativeName> names;
  size_t count = 0;  // of all forms
  bool critical = false;
};

// Errors: malformed.
Result<AlternativeNames> ReadAlternativeNames(const X509& certificate);

// One DER UTF8String, nothing trailing. Errors: malformed.
Result<std::string> ReadUtf8String(ByteSpan der);

// A dotted OID; absent where it is too long to be one that anybody asks for.
std::optional<std::string> DottedOid(const ASN1_OBJECT& object);

}  // namespace carnet::crypto

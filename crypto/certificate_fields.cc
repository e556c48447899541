#include "crypto/certificate_fields.h"

#include <fmt/core.h>

#include <ctime>
#include <set>
#include <utility>

#include "crypto/certificate.h"
#include "crypto/certificate_names.h"
#include "crypto/openssl_error.h"

namespace carnet::crypto {
namespace {

constexpr long kVersion3 = 2;

Result<TimestampMs> ReadTime(const ASN1_TIME& time) {
  std::tm parts{};
  if (ASN1_TIME_to_tm(&time, &parts) != 1) return Malformed("not a time");
  return ParseRfc3339(fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z", parts.tm_year + 1900,
                                  parts.tm_mon + 1, parts.tm_mday, parts.tm_hour, parts.tm_min,
                                  parts.tm_sec));
}

Result<> CheckExtensionsOnce(const X509& certificate) {
  std::set<Bytes> seen;
  for (int i = 0; i < X509_get_ext_count(&certificate); ++i) {
    const ASN1_OBJECT* type = X509_EXTENSION_get_object(X509_get_ext(&certificate, i));
    const ByteSpan oid(OBJ_get0_data(type), OBJ_length(type));
    if (!seen.insert(ToBytes(oid)).second) {
      return Malformed(
          fmt::format("certificate has extension {} twice", DottedOid(*type).value_or("?")));
    }
  }
  return Ok();
}

}  // namespace

Result<X509Ptr> DecodeCertificate(ByteSpan der) {
  if (der.size() > kMaxCertificateBytes) {
    return Malformed(
        fmt::format("certificate of {} bytes, more than {}", der.size(), kMaxCertificateBytes));
  }
  const uint8_t* at = der.data();
  X509Ptr certificate(d2i_X509(nullptr, &at, static_cast<long>(der.size())));
  if (certificate == nullptr) return OpenSslError(ErrorCode::kMalformed, "not a certificate");
  if (at != der.data() + der.size()) return Malformed("trailing data after the certificate");
  if (X509_get_version(certificate.get()) != kVersion3) {
    return Malformed("certificate is not of version 3");
  }
  CARNET_TRY_VOID(CheckExtensionsOnce(*certificate));
  // Fills what OpenSSL remembers of the extensions.
  X509_check_purpose(certificate.get(), -1, 0);
  if ((X509_get_extension_flags(certificate.get()) & EXFLAG_INVALID) != 0) {
    return OpenSslError(ErrorCode::kMalformed, "certificate has an invalid extension");
  }
  return certificate;
}

Result<Validity> ReadValidity(const X509& certificate) {
  const auto before = ReadTime(*X509_get0_notBefore(&certificate));
  const auto after = ReadTime(*X509_get0_notAfter(&certificate));
  if (!before) return before.error().In("certificate's notBefore");
  if (!after) return after.error().In("certificate's notAfter");
  return Validity{*before, TimestampMs(after->value() + 999)};
}

Result<ExtendedUsage> ReadExtendedUsage(const X509& certificate) {
  int critical = 0;
  const UsagesPtr usages(static_cast<EXTENDED_KEY_USAGE*>(
      X509_get_ext_d2i(&certificate, NID_ext_key_usage, &critical, nullptr)));
  if (usages == nullptr && critical == -1) return ExtendedUsage{};
  if (usages == nullptr) return OpenSslError(ErrorCode::kMalformed, "extended key usage");
  ExtendedUsage read{true, critical == 1, false, false, 0};
  for (int i = 0; i < sk_ASN1_OBJECT_num(usages.get()); ++i, ++read.usages) {
    const int usage = OBJ_obj2nid(sk_ASN1_OBJECT_value(usages.get(), i));
    read.code_signing |= usage == NID_code_sign;
    read.time_stamping |= usage == NID_time_stamp;
  }
  return read;
}

Result<PublicKey> ReadCertificateKey(const X509& certificate) {
  uint8_t* encoded = nullptr;
  const int size = i2d_X509_PUBKEY(X509_get_X509_PUBKEY(&certificate), &encoded);
  if (size <= 0) return OpenSslError(ErrorCode::kMalformed, "certificate's key");
  const Bytes spki(encoded, encoded + size);
  OPENSSL_free(encoded);
  auto key = PublicKey::ParseSpki(spki);
  return key ? std::move(key) : key.error().In("certificate's key");
}

}  // namespace carnet::crypto

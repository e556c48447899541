#include "crypto/certificate.h"

#include <fmt/core.h>

#include <ctime>
#include <set>
#include <utility>

#include "core/check.h"
#include "crypto/certificate_names.h"
#include "crypto/openssl_error.h"
#include "crypto/pem.h"
#include "crypto/x509_access.h"

namespace carnet::crypto {
namespace {

constexpr std::string_view kCertificateLabel = "CERTIFICATE";
constexpr long kVersion3 = 2;

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

Result<TimestampMs> ReadTime(const ASN1_TIME& time) {
  std::tm parts{};
  if (ASN1_TIME_to_tm(&time, &parts) != 1) return Malformed("not a time");
  return ParseRfc3339(fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z", parts.tm_year + 1900,
                                  parts.tm_mon + 1, parts.tm_mday, parts.tm_hour, parts.tm_min,
                                  parts.tm_sec));
}

Result<Validity> ReadValidity(const X509& certificate) {
  const auto before = ReadTime(*X509_get0_notBefore(&certificate));
  const auto after = ReadTime(*X509_get0_notAfter(&certificate));
  if (!before) return before.error().In("certificate's notBefore");
  if (!after) return after.error().In("certificate's notAfter");
  return Validity{*before, TimestampMs(after->value() + 999)};
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

// The whole of the encoding, and the parts that OpenSSL reads lazily.
Result<X509Ptr> Decode(ByteSpan der) {
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
  // Fills what OpenSSL remembers of the extensions, so that the object never changes afterwards.
  X509_check_purpose(certificate.get(), -1, 0);
  if ((X509_get_extension_flags(certificate.get()) & EXFLAG_INVALID) != 0) {
    return OpenSslError(ErrorCode::kMalformed, "certificate has an invalid extension");
  }
  return certificate;
}

Result<PublicKey> ReadKey(const X509& certificate) {
  uint8_t* encoded = nullptr;
  const int size = i2d_X509_PUBKEY(X509_get_X509_PUBKEY(&certificate), &encoded);
  if (size <= 0) return OpenSslError(ErrorCode::kMalformed, "certificate's key");
  const Bytes spki(encoded, encoded + size);
  OPENSSL_free(encoded);
  auto key = PublicKey::ParseSpki(spki);
  return key ? std::move(key) : key.error().In("certificate's key");
}

}  // namespace

struct Certificate::Handle {
  Bytes der;
  X509Ptr x509;
  PublicKey public_key;
  Validity validity;
  AlternativeNames alternatives;
  ExtendedUsage usage;
  uint32_t flags;      // EXFLAG_*
  uint32_t key_usage;  // KU_*, none where the extension is absent
};

X509* X509Access::Of(const Certificate& certificate) { return certificate.handle_->x509.get(); }

Result<Certificate> Certificate::Parse(ByteSpan der) {
  CARNET_TRY(X509Ptr x509, Decode(der));
  CARNET_TRY_VOID(CheckName(*X509_get_subject_name(x509.get()), "subject"));
  CARNET_TRY_VOID(CheckName(*X509_get_issuer_name(x509.get()), "issuer"));
  CARNET_TRY(const Validity validity, ReadValidity(*x509));
  CARNET_TRY(AlternativeNames alternatives, ReadAlternativeNames(*x509));
  CARNET_TRY(const ExtendedUsage usage, ReadExtendedUsage(*x509));
  CARNET_TRY(PublicKey key, ReadKey(*x509));
  const uint32_t flags = X509_get_extension_flags(x509.get());
  const bool has_usage = (flags & EXFLAG_KUSAGE) != 0;
  const uint32_t key_usage = has_usage ? X509_get_key_usage(x509.get()) : 0;
  DiscardOpenSslErrors();  // of extensions that are absent
  return Certificate(
      std::make_shared<const Handle>(Handle{ToBytes(der), std::move(x509), std::move(key), validity,
                                            std::move(alternatives), usage, flags, key_usage}));
}

Result<std::vector<Certificate>> Certificate::ParsePem(std::string_view pem) {
  CARNET_TRY(const auto blocks, ParsePemBlocks(pem, kMaxPemCertificates));
  std::vector<Certificate> certificates;
  for (const PemBlock& block : blocks) {
    if (block.label != kCertificateLabel) {
      return Malformed(
          fmt::format("expected a PEM block \"{}\", found \"{}\"", kCertificateLabel, block.label));
    }
    CARNET_TRY(Certificate certificate, Parse(block.body.Expose()));
    certificates.push_back(std::move(certificate));
  }
  return certificates;
}

const Bytes& Certificate::der() const { return handle_->der; }
const PublicKey& Certificate::public_key() const { return handle_->public_key; }
TimestampMs Certificate::not_before() const { return handle_->validity.not_before; }
TimestampMs Certificate::not_after() const { return handle_->validity.not_after; }

bool Certificate::is_ca() const {
  constexpr uint32_t kCa = EXFLAG_BCONS | EXFLAG_CA;
  return (handle_->flags & kCa) == kCa;
}
bool Certificate::self_issued() const { return (handle_->flags & EXFLAG_SI) != 0; }
bool Certificate::subject_empty() const {
  return X509_NAME_entry_count(X509_get_subject_name(handle_->x509.get())) == 0;
}
std::string Certificate::SubjectText() const {
  return NameText(*X509_get_subject_name(handle_->x509.get()));
}

const std::vector<AlternativeName>& Certificate::alternative_names() const {
  return handle_->alternatives.names;
}
bool Certificate::alternative_names_critical() const { return handle_->alternatives.critical; }

bool Certificate::allows_digital_signature() const {
  return (handle_->key_usage & KU_DIGITAL_SIGNATURE) != 0;
}
bool Certificate::has_key_usage() const { return (handle_->flags & EXFLAG_KUSAGE) != 0; }

bool Certificate::has_extended_key_usage() const { return handle_->usage.present; }
bool Certificate::allows_code_signing() const { return handle_->usage.code_signing; }
bool Certificate::allows_time_stamping() const { return handle_->usage.time_stamping; }
bool Certificate::allows_only_time_stamping() const {
  return handle_->usage.time_stamping && handle_->usage.usages == 1;
}
bool Certificate::extended_key_usage_critical() const { return handle_->usage.critical; }

std::optional<Bytes> Certificate::Extension(const char* oid) const {
  const ObjectPtr type(OBJ_txt2obj(oid, 1));
  CARNET_CHECK(type != nullptr);
  const int at = X509_get_ext_by_OBJ(handle_->x509.get(), type.get(), -1);
  if (at < 0) return std::nullopt;
  const ASN1_OCTET_STRING* value = X509_EXTENSION_get_data(X509_get_ext(handle_->x509.get(), at));
  const uint8_t* data = ASN1_STRING_get0_data(value);
  return Bytes(data, data + ASN1_STRING_length(value));
}

Result<std::optional<std::string>> Certificate::Utf8Extension(const char* oid) const {
  const auto value = Extension(oid);
  if (!value) return std::optional<std::string>();
  auto text = ReadUtf8String(*value);
  if (!text) return text.error().In(fmt::format("extension {}", oid));
  return std::optional(*std::move(text));
}

}  // namespace carnet::crypto

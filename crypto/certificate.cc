#include "crypto/certificate.h"

#include <fmt/core.h>

#include <utility>

#include "core/check.h"
#include "crypto/certificate_fields.h"
#include "crypto/certificate_names.h"
#include "crypto/openssl_error.h"
#include "crypto/pem.h"
#include "crypto/x509_access.h"

namespace carnet::crypto {

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
  CARNET_TRY(X509Ptr x509, DecodeCertificate(der));
  CARNET_TRY_VOID(CheckName(*X509_get_subject_name(x509.get()), "subject"));
  CARNET_TRY_VOID(CheckName(*X509_get_issuer_name(x509.get()), "issuer"));
  CARNET_TRY(const Validity validity, ReadValidity(*x509));
  CARNET_TRY(AlternativeNames alternatives, ReadAlternativeNames(*x509));
  CARNET_TRY(const ExtendedUsage usage, ReadExtendedUsage(*x509));
  CARNET_TRY(PublicKey key, ReadCertificateKey(*x509));
  const uint32_t flags = X509_get_extension_flags(x509.get());
  const bool has_usage = (flags & EXFLAG_KUSAGE) != 0;
  const uint32_t key_usage = has_usage ? X509_get_key_usage(x509.get()) : 0;
  DiscardOpenSslErrors();  // of extensions that are absent
  return Certificate(
      std::make_shared<const Handle>(Handle{ToBytes(der), std::move(x509), std::move(key), validity,
                                            std::move(alternatives), usage, flags, key_usage}));
}

Result<std::vector<Certificate>> Certificate::ParsePem(std::string_view pem) {
  constexpr std::string_view kLabel = "CERTIFICATE";
  CARNET_TRY(const auto blocks, ParsePemBlocks(pem, kMaxPemCertificates));
  std::vector<Certificate> certificates;
  for (const PemBlock& block : blocks) {
    if (block.label != kLabel) {
      return Malformed(
          fmt::format("expected a PEM block \"{}\", found \"{}\"", kLabel, block.label));
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
  if (subject_empty()) return "(no subject)";
  return NameText(*X509_get_subject_name(handle_->x509.get()));
}

const std::vector<AlternativeName>& Certificate::alternative_names() const {
  return handle_->alternatives.names;
}
size_t Certificate::alternative_name_count() const { return handle_->alternatives.count; }
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

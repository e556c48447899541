// X.509 certificates (RFC 5280): read strictly, and a path to an anchor at a given time. No clock,
// no network, no revocation lists. A value; const methods are thread safe.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/bytes.h"
#include "core/result.h"
#include "core/timestamp.h"
#include "crypto/public_key.h"

namespace carnet::crypto {

enum class AlternativeNameForm { kEmail, kDns, kUri, kOtherName };

inline constexpr size_t kMaxCertificateBytes = 32 * 1024;  // against memory; real ones have 1 to 3
inline constexpr size_t kMaxPemCertificates = 16;          // against signatures to verify

// One subject alternative name. Other forms (addresses, directory names, other names whose value is
// no UTF8String) are left out.
struct AlternativeName {
  AlternativeNameForm form;
  std::string other_name_type;  // dotted OID, of kOtherName only; its value is a UTF8String
  std::string text;             // UTF-8, as the certificate spells it

  friend bool operator==(const AlternativeName&, const AlternativeName&) = default;
};

class Certificate {
 public:
  // One certificate, DER, nothing trailing. Errors: malformed (also: no version 3, an extension
  // twice, a name that is not UTF-8 or has a control character), unsupported (its key).
  static Result<Certificate> Parse(ByteSpan der);
  // Every PEM block "CERTIFICATE", in order; with any text around them; at least
  // one. Errors as above.
  static Result<std::vector<Certificate>> ParsePem(std::string_view pem);

  const Bytes& der() const;
  const PublicKey& public_key() const;
  // Both ends are inside the validity (RFC 5280 4.1.2.5), all of the last second too: it is a
  // second that the certificate names, and not_after is its last millisecond.
  TimestampMs not_before() const;
  TimestampMs not_after() const;
  bool ValidAt(TimestampMs time) const { return not_before() <= time && time <= not_after(); }

  bool is_ca() const;        // basicConstraints cA
  bool self_issued() const;  // subject and issuer are the same name
  bool subject_empty() const;
  // For messages: "CN=sigstore-intermediate,O=sigstore.dev".
  std::string SubjectText() const;

  const std::vector<AlternativeName>& alternative_names() const;
  size_t alternative_name_count() const;  // those that are left out among them
  bool alternative_names_critical() const;

  // keyUsage: absent extension allows nothing here, as those who ask want it named.
  bool allows_digital_signature() const;
  bool has_key_usage() const;
  // extendedKeyUsage; nothing is allowed where it is absent.
  bool has_extended_key_usage() const;
  bool allows_code_signing() const;
  bool allows_time_stamping() const;
  bool allows_only_time_stamping() const;  // that one usage and no other
  bool extended_key_usage_critical() const;

  // The value of an extension (the bytes inside its OCTET STRING), by dotted OID.
  std::optional<Bytes> Extension(const char* oid) const;
  // The same, decoded as one DER UTF8String with nothing trailing; absent where it is not there.
  // Errors: malformed.
  Result<std::optional<std::string>> Utf8Extension(const char* oid) const;

  friend bool operator==(const Certificate& a, const Certificate& b) { return a.der() == b.der(); }

 private:
  friend class X509Access;  // crypto/: path, SCT and token work on OpenSSL's object
  struct Handle;
  explicit Certificate(std::shared_ptr<const Handle> handle) : handle_(std::move(handle)) {}
  std::shared_ptr<const Handle> handle_;  // shared: immutable, and a CA is part of many paths
};

// A path leaf … anchor (RFC 5280 section 6) in which every certificate, the anchor too, is valid at
// `at`, by signatures and key identifiers and not by names alone: where several intermediates have
// one name, the one that signed is found. An anchor need not be self-signed, and may be the leaf.
// All but the leaf are CAs that may sign certificates; name constraints and path lengths hold;
// unknown critical extensions, SHA-1 and keys below 112 bits of strength are refused. What the leaf
// is for, and its CAs by their extendedKeyUsage, is the caller's to check. Returns leaf first.
// Errors: rejected, in OpenSSL's words, with the subject of the certificate at fault.
Result<std::vector<Certificate>> FindPath(const Certificate& leaf,
                                          std::span<const Certificate> intermediates,
                                          std::span<const Certificate> anchors, TimestampMs at);

}  // namespace carnet::crypto

// LineSigner: who signed a line, once R5 has passed for it: a key that the trust directory lists,
// or a certificate's identity that it lists.
#pragma once

#include <string>
#include <variant>
#include <vector>

#include "core/signer_id.h"
#include "core/timestamp.h"
#include "crypto/ecdsa.h"
#include "sigstore/signer_certificate.h"
#include "trust/trusted_signer.h"

namespace carnet::verifier {

struct CertifiedSigner {
  sigstore::SignerCertificate certificate;
  const trust::TrustedIdentity* listed;
  std::vector<TimestampMs> times;  // verified ones, the earliest first; at least one
  bool timestamp_checked;          // the certificate's SCT: trust lists logs of certificates
};

class LineSigner {
 public:
  // `key`, or what `certified` was listed as, must outlive it.
  explicit LineSigner(const trust::TrustedKey& key) : signer_(&key) {}
  explicit LineSigner(CertifiedSigner certified) : signer_(std::move(certified)) {}

  const trust::TrustedSigner& listed() const;
  const std::string& party() const { return listed().party; }
  SignerId id() const;
  const crypto::P256PublicKey& key() const;
  const CertifiedSigner* certified() const { return std::get_if<CertifiedSigner>(&signer_); }

  // For messages: "lab's key"; "lab's jane@example.org (as https://accounts.example.org says)".
  std::string Name() const;

 private:
  std::variant<const trust::TrustedKey*, CertifiedSigner> signer_;
};

// For rows: "jane@example.org, as https://accounts.example.org says". Printable.
std::string IdentityText(const sigstore::CertificateIdentity& identity);

}  // namespace carnet::verifier

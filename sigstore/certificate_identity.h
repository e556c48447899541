// The identity that a certificate vouches for, as a signer (S1): its issuer and its subject
// alternative name under one hash. docs/formats.md has the grammar.
#pragma once

#include <string>
#include <string_view>

#include "core/result.h"
#include "core/signer_id.h"
#include "crypto/certificate.h"

namespace carnet::sigstore {

// What Fulcio puts into certificates: people have an email, workloads a URI, services a name of
// their own (OtherName 1.3.6.1.4.1.57264.1.7).
enum class SanType { kEmail, kUri, kDns, kOtherName };

std::string_view SanTypeName(SanType type);  // as it is hashed: "email", "other-name"

// The one type that a text has as a passport's signer (R5): "scheme://…" is a URI, else what has an
// @ an e-mail address, else what has a ! Fulcio's other name, and the rest is of DNS. So an
// authority that lets its clients choose a name of another type makes nobody's namesake.
SanType ExpectedSanType(std::string_view san);

struct CertificateIdentity {
  std::string issuer;
  SanType san_type;
  std::string san;  // the text of the subject alternative name
};

// Of a certificate as Fulcio issues them: the issuer is its extension 1.3.6.1.4.1.57264.1.8, a
// UTF8String, or where that is absent .1, raw bytes; it has exactly one alternative name, of
// whatever form.
// Errors: malformed, rejected.
Result<CertificateIdentity> IdentityOf(const crypto::Certificate& certificate);

// Both texts are taken byte by byte, never normalised. Errors: malformed: one that is empty, above
// 4,096 bytes, not UTF-8, or with a control or invisible character (LF is one, so that no two
// identities are hashed alike).
Result<SignerId> SignerOf(const CertificateIdentity& identity);

}  // namespace carnet::sigstore

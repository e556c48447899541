#include <fmt/core.h>
#include <openssl/x509_vfy.h>

#include <algorithm>
#include <utility>

#include "core/check.h"
#include "crypto/certificate.h"
#include "crypto/certificate_names.h"
#include "crypto/openssl_error.h"
#include "crypto/x509_access.h"

namespace carnet::crypto {
namespace {

using Path = std::vector<Certificate>;

constexpr size_t kMaxPath = 8;  // certificates; Sigstore's have 3 or 4
// Against chains of many certificates of one name, each of which might have signed the others.
constexpr int kMaxSignatures = 64;
constexpr int kMaxChecks = 8;
constexpr int kSecurityLevel = 2;  // OpenSSL's: 112 bits, so no SHA-1 and no RSA below 2,048 bits

Error RefusedBecause(long reason, const X509* at_fault) {
  const char* words = X509_verify_cert_error_string(reason);
  if (at_fault == nullptr) return Rejected(words);
  const std::string subject = NameText(*X509_get_subject_name(at_fault));
  if (subject.empty()) return Rejected(words);  // a leaf of Sigstore's kind
  return Rejected(fmt::format("{}: {}", subject, words));
}

// How far a certificate got that was refused: the reason of the one that got furthest is reported.
enum class Fit { kName, kSignature, kPath };

BorrowedListPtr ListOf(std::span<const Certificate> certificates) {
  BorrowedListPtr list(sk_X509_new_null());
  CARNET_CHECK(list != nullptr);
  for (const Certificate& one : certificates) {
    CARNET_CHECK(sk_X509_push(list.get(), X509Access::Of(one)) > 0);
  }
  return list;
}

// RFC 5280 section 6 by OpenSSL, on this one path, whose last certificate is trusted.
Result<> CheckPath(const Path& path) {
  const StorePtr store(X509_STORE_new());
  const StoreContextPtr context(X509_STORE_CTX_new());
  const BorrowedListPtr between =
      ListOf(path.size() < 2 ? std::span<const Certificate>()
                             : std::span(path).subspan(1, path.size() - 2));
  CARNET_CHECK(store != nullptr && context != nullptr &&
               X509_STORE_add_cert(store.get(), X509Access::Of(path.back())) == 1 &&
               X509_STORE_CTX_init(context.get(), store.get(), X509Access::Of(path.front()),
                                   between.get()) == 1);
  X509_VERIFY_PARAM* param = X509_STORE_CTX_get0_param(context.get());
  // The times are checked by Search: OpenSSL calls a certificate expired in its last second.
  X509_VERIFY_PARAM_set_flags(param, X509_V_FLAG_PARTIAL_CHAIN | X509_V_FLAG_NO_CHECK_TIME);
  X509_VERIFY_PARAM_set_auth_level(param, kSecurityLevel);
  X509_VERIFY_PARAM_set_depth(param, static_cast<int>(kMaxPath));
  const bool good = X509_verify_cert(context.get()) == 1;
  DiscardOpenSslErrors();
  if (good) return Ok();
  return RefusedBecause(X509_STORE_CTX_get_error(context.get()),
                        X509_STORE_CTX_get_current_cert(context.get()));
}

// All paths, one after the other, until one is good. OpenSSL alone takes the first certificate
// whose name fits and does not come back when its key does not.
class Search {
 public:
  Search(std::span<const Certificate> intermediates, std::span<const Certificate> anchors,
         TimestampMs at)
      : intermediates_(intermediates), anchors_(anchors), at_(at) {}

  Result<Path> From(const Certificate& leaf) {
    Path path{leaf};
    if (IsValid(leaf) && Extend(path)) return path;
    return refusal_.value_or(
        RefusedBecause(X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY, X509Access::Of(leaf)));
  }

 private:
  // Grows `path` until it ends at an anchor and holds; as it was where it cannot.
  bool Extend(Path& path) {
    if (std::ranges::find(anchors_, path.back()) != anchors_.end()) return Holds(path);
    if (path.size() == kMaxPath) {
      return Note(Fit::kPath,
                  RefusedBecause(X509_V_ERR_CERT_CHAIN_TOO_LONG, X509Access::Of(path.back())));
    }
    for (const auto candidates : {anchors_, intermediates_}) {
      for (const Certificate& issuer : candidates) {
        if (!Signed(issuer, path)) continue;
        path.push_back(issuer);
        if (Extend(path)) return true;
        path.pop_back();
      }
    }
    return false;
  }

  bool Holds(const Path& path) {
    if (--checks_left_ < 0) return Note(Fit::kPath, Rejected("too many paths to try"));
    const Result<> checked = CheckPath(path);
    return checked ? true : Note(Fit::kPath, checked.error());
  }

  bool Signed(const Certificate& issuer, const Path& path) {
    if (std::ranges::find(path, issuer) != path.end()) return false;
    X509* const subject = X509Access::Of(path.back());
    // Names, key identifiers, and whether the issuer's key may sign certificates.
    const int issued = X509_check_issued(X509Access::Of(issuer), subject);
    if (issued == X509_V_ERR_SUBJECT_ISSUER_MISMATCH) return false;
    if (issued != X509_V_OK)
      return Note(Fit::kName, RefusedBecause(issued, X509Access::Of(issuer)));
    if (!issuer.is_ca())
      return Note(Fit::kName, RefusedBecause(X509_V_ERR_INVALID_CA, X509Access::Of(issuer)));
    if (--signatures_left_ < 0)
      return Note(Fit::kPath, Rejected("too many certificates of one name"));
    const int good = X509_verify(subject, X509_get0_pubkey(X509Access::Of(issuer)));
    DiscardOpenSslErrors();
    if (good != 1)
      return Note(Fit::kName, RefusedBecause(X509_V_ERR_CERT_SIGNATURE_FAILURE, subject));
    return IsValid(issuer);
  }

  bool IsValid(const Certificate& certificate) {
    if (certificate.ValidAt(at_)) return true;
    return Note(Fit::kSignature,
                RefusedBecause(at_ < certificate.not_before() ? X509_V_ERR_CERT_NOT_YET_VALID
                                                              : X509_V_ERR_CERT_HAS_EXPIRED,
                               X509Access::Of(certificate)));
  }

  // Always false.
  bool Note(Fit fit, Error reason) {
    if (refusal_ && fit <= fit_) return false;
    fit_ = fit;
    refusal_ = std::move(reason);
    return false;
  }

  std::span<const Certificate> intermediates_;
  std::span<const Certificate> anchors_;
  TimestampMs at_;
  int signatures_left_ = kMaxSignatures;
  int checks_left_ = kMaxChecks;
  Fit fit_ = Fit::kName;
  std::optional<Error> refusal_;
};

}  // namespace

Result<std::vector<Certificate>> FindPath(const Certificate& leaf,
                                          std::span<const Certificate> intermediates,
                                          std::span<const Certificate> anchors, TimestampMs at) {
  return Search(intermediates, anchors, at).From(leaf);
}

}  // namespace carnet::crypto

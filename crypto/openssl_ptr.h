// Private to crypto/: owners of OpenSSL's handles.
#pragma once

#include <openssl/bn.h>
#include <openssl/evp.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <memory>

namespace carnet::crypto {

template <auto Free>
struct OpenSslFree {
  template <typename T>
  void operator()(T* handle) const {
    Free(handle);
  }
};

template <typename T, auto Free>
using OpenSslPtr = std::unique_ptr<T, OpenSslFree<Free>>;

using PkeyPtr = OpenSslPtr<EVP_PKEY, EVP_PKEY_free>;
using PkeyContextPtr = OpenSslPtr<EVP_PKEY_CTX, EVP_PKEY_CTX_free>;
using BigNumberPtr = OpenSslPtr<BIGNUM, BN_free>;
using DigestContextPtr = OpenSslPtr<EVP_MD_CTX, EVP_MD_CTX_free>;
using SpkiPtr = OpenSslPtr<X509_PUBKEY, X509_PUBKEY_free>;
using Pkcs8Ptr = OpenSslPtr<PKCS8_PRIV_KEY_INFO, PKCS8_PRIV_KEY_INFO_free>;
using X509Ptr = OpenSslPtr<X509, X509_free>;
using StorePtr = OpenSslPtr<X509_STORE, X509_STORE_free>;
using StoreContextPtr = OpenSslPtr<X509_STORE_CTX, X509_STORE_CTX_free>;
using ObjectPtr = OpenSslPtr<ASN1_OBJECT, ASN1_OBJECT_free>;
using StringPtr = OpenSslPtr<ASN1_STRING, ASN1_STRING_free>;
using NamesPtr = OpenSslPtr<GENERAL_NAMES, GENERAL_NAMES_free>;
using UsagesPtr = OpenSslPtr<EXTENDED_KEY_USAGE, EXTENDED_KEY_USAGE_free>;
using BioPtr = OpenSslPtr<BIO, BIO_free>;
using EncryptedPkcs8Ptr = OpenSslPtr<X509_SIG, X509_SIG_free>;
using Pbes2Ptr = OpenSslPtr<PBE2PARAM, PBE2PARAM_free>;
using Pbkdf2Ptr = OpenSslPtr<PBKDF2PARAM, PBKDF2PARAM_free>;

// A list of certificates that others own.
inline void FreeBorrowed(STACK_OF(X509) * list) { sk_X509_free(list); }
using BorrowedListPtr = OpenSslPtr<STACK_OF(X509), FreeBorrowed>;

}  // namespace carnet::crypto

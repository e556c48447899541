// Private to crypto/: what is done with an OpenSSL key whatever it is for.
#pragma once

#include "core/bytes.h"
#include "crypto/openssl_ptr.h"

namespace carnet::crypto {

// A context that is ready for one kind of operation and copied for each: a copy takes 0.1 µs, a
// new one 10 µs, and sharing one would not be thread safe.
PkeyContextPtr ReadyContext(EVP_PKEY& key, int (*init)(EVP_PKEY_CTX*));
PkeyContextPtr CopyOf(const PkeyContextPtr& context);

// `point` uncompressed, `curve` by OpenSSL's name; null unless it is on the curve. Eight times as
// fast as d2i_PUBKEY.
PkeyPtr KeyFromPoint(const char* curve, ByteSpan point);

// SubjectPublicKeyInfo, DER.
Bytes SpkiOf(const EVP_PKEY& key);

// Unencrypted PKCS#8 with nothing trailing; null for anything else.
PkeyPtr DecodePkcs8(ByteSpan der);

// Of a private key: the public half may be written beside it, and lie.
bool HalvesAgree(EVP_PKEY& key);

}  // namespace carnet::crypto

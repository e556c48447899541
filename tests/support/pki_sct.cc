#include "tests/support/pki_sct.h"

namespace carnet::test {
namespace {

constexpr uint8_t kSha256 = 4, kRsa = 1, kEcdsa = 3;  // RFC 5246 section 7.4.1.4.1

// TLS encoding: integers big-endian, variable parts behind their size.
class TlsWriter {
 public:
  TlsWriter& Number(uint64_t value, int bytes) {
    for (int i = bytes; i-- > 0;) out_.push_back(static_cast<uint8_t>(value >> 8 * i));
    return *this;
  }
  TlsWriter& Raw(ByteSpan bytes) {
    out_.insert(out_.end(), bytes.begin(), bytes.end());
    return *this;
  }
  TlsWriter& Sized(ByteSpan bytes, int size_bytes) {
    return Number(bytes.size(), size_bytes).Raw(bytes);
  }
  const Bytes& bytes() const { return out_; }

 private:
  Bytes out_;
};

// Section 3.2, the digitally-signed struct of a precertificate.
Bytes Signed(ByteSpan tbs, const TestKey& issuer, const TestLog& log) {
  return TlsWriter()
      .Number(0, 1)  // v1
      .Number(0, 1)  // certificate_timestamp
      .Number(log.time.value(), 8)
      .Number(1, 2)  // precert_entry
      .Raw(HashWith(TestHash::kSha256, issuer.Spki()))
      .Sized(tbs, 3)
      .Sized(log.extensions, 2)
      .bytes();
}

Bytes Timestamp(ByteSpan tbs, const TestKey& issuer, const TestLog& log) {
  const bool ecdsa = EVP_PKEY_is_a(log.key.pkey(), "EC") == 1;
  return TlsWriter()
      .Number(0, 1)
      .Raw(HashWith(TestHash::kSha256, log.key.Spki()))
      .Number(log.time.value(), 8)
      .Sized(log.extensions, 2)
      .Number(kSha256, 1)
      .Number(ecdsa ? kEcdsa : kRsa, 1)
      .Sized(log.key.SignWith(TestHash::kSha256, Signed(tbs, issuer, log)), 2)
      .bytes();
}

}  // namespace

TestExtension TimestampExtension(X509& certificate, const TestKey& issuer,
                                 const std::vector<TestLog>& logs) {
  const Bytes tbs = DerOf(&certificate, i2d_re_X509_tbs);
  TlsWriter list;
  for (const TestLog& log : logs) list.Sized(Timestamp(tbs, issuer, log), 2);
  const Bytes sized = TlsWriter().Sized(list.bytes(), 2).bytes();
  const Owned<ASN1_OCTET_STRING, ASN1_OCTET_STRING_free> value(ASN1_OCTET_STRING_new());
  ASN1_OCTET_STRING_set(value.get(), sized.data(), static_cast<int>(sized.size()));
  return {"1.3.6.1.4.1.11129.2.4.2", DerOf(value.get(), i2d_ASN1_OCTET_STRING)};
}

}  // namespace carnet::test

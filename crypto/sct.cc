#include "crypto/sct.h"

#include <fmt/core.h>

#include <optional>
#include <utility>

#include "core/byte_reader.h"
#include "core/check.h"
#include "crypto/openssl_error.h"
#include "crypto/x509_access.h"

namespace carnet::crypto {
namespace {

constexpr char kListOid[] = "1.3.6.1.4.1.11129.2.4.2";

// RFC 6962 section 3.2, RFC 5246 section 7.4.1.4.1.
constexpr uint64_t kLastTimeMs =
    253'402'300'799'999;  // of the year 9999: none that cannot be shown
constexpr uint8_t kVersion1 = 0;
constexpr uint8_t kCertificateTimestampType = 0;
constexpr uint8_t kPrecertificateEntry = 1;
enum HashByte : uint8_t { kHashSha256 = 4, kHashSha384 = 5, kHashSha512 = 6 };
enum SignatureByte : uint8_t { kSignatureRsa = 1, kSignatureEcdsa = 3 };

struct Parsed {
  LogId log;
  uint64_t time_ms;
  ByteSpan extensions;
  uint8_t hash;
  uint8_t algorithm;
  ByteSpan signature;
};

// Bytes behind their size, which is two bytes long.
std::optional<ByteSpan> TakeSized(ByteReader& reader) {
  const auto size = reader.Take(2);
  if (!size) return std::nullopt;
  return reader.Take(static_cast<uint64_t>((*size)[0] << 8 | (*size)[1]));
}

// Absent unless it is one timestamp of version 1, whole, with nothing trailing.
std::optional<Parsed> ParseOne(ByteSpan serialized) {
  ByteReader reader(serialized);
  const auto version = reader.U8();
  const auto log = reader.Take(LogId::kSize);
  const auto time = reader.U64Be();
  if (!version || *version != kVersion1 || !log) return std::nullopt;
  if (!time || *time > kLastTimeMs) return std::nullopt;
  const auto extensions = TakeSized(reader);
  const auto hash = reader.U8(), algorithm = reader.U8();
  const auto signature = TakeSized(reader);
  if (!extensions || !hash || !algorithm || !signature || !reader.at_end()) return std::nullopt;
  return Parsed{*LogId::FromSpan(*log), *time, *extensions, *hash, *algorithm, *signature};
}

std::optional<SignatureScheme> SchemeOf(const Parsed& parsed) {
  if (parsed.algorithm == kSignatureRsa && parsed.hash == kHashSha256) {
    return SignatureScheme::kRsaPkcs1Sha256;
  }
  if (parsed.algorithm != kSignatureEcdsa) return std::nullopt;
  switch (parsed.hash) {
    case kHashSha256:
      return SignatureScheme::kEcdsaSha256;
    case kHashSha384:
      return SignatureScheme::kEcdsaSha384;
    case kHashSha512:
      return SignatureScheme::kEcdsaSha512;
    default:
      return std::nullopt;
  }
}

// What the log saw: the part of the leaf that is signed, without the timestamps that came later.
Bytes Precertificate(const Certificate& leaf) {
  const X509Ptr copy(X509_dup(X509Access::Of(leaf)));
  const ObjectPtr type(OBJ_txt2obj(kListOid, 1));
  CARNET_CHECK(copy != nullptr && type != nullptr);
  const int at = X509_get_ext_by_OBJ(copy.get(), type.get(), -1);
  if (at >= 0) X509_EXTENSION_free(X509_delete_ext(copy.get(), at));
  uint8_t* encoded = nullptr;
  const int size = i2d_re_X509_tbs(copy.get(), &encoded);
  CARNET_CHECK(size > 0);
  Bytes tbs(encoded, encoded + size);
  OPENSSL_free(encoded);
  return tbs;
}

void Append(Bytes& out, ByteSpan bytes) { out.insert(out.end(), bytes.begin(), bytes.end()); }

void AppendNumber(Bytes& out, uint64_t value, int bytes) {
  for (int i = bytes; i-- > 0;) out.push_back(static_cast<uint8_t>(value >> 8 * i));
}

// Section 3.2, the digitally-signed struct.
Bytes SignedBytes(const Parsed& parsed, ByteSpan tbs, const PublicKey& issuer_key) {
  Bytes out{kVersion1, kCertificateTimestampType};
  AppendNumber(out, parsed.time_ms, 8);
  AppendNumber(out, kPrecertificateEntry, 2);
  Append(out, issuer_key.id().span());
  AppendNumber(out, tbs.size(), 3);
  Append(out, tbs);
  AppendNumber(out, parsed.extensions.size(), 2);
  Append(out, parsed.extensions);
  return out;
}

// The TLS list inside the OCTET STRING that the extension holds.
Result<Bytes> ListIn(ByteSpan extension) {
  const uint8_t* at = extension.data();
  const StringPtr octets(d2i_ASN1_OCTET_STRING(nullptr, &at, static_cast<long>(extension.size())));
  DiscardOpenSslErrors();
  if (octets == nullptr || at != extension.data() + extension.size()) {
    return Malformed("certificate timestamps are not in an OCTET STRING");
  }
  const uint8_t* data = ASN1_STRING_get0_data(octets.get());
  return Bytes(data, data + ASN1_STRING_length(octets.get()));
}

}  // namespace

Result<std::vector<CertificateTimestamp>> ReadCertificateTimestamps(const Certificate& leaf) {
  std::vector<CertificateTimestamp> timestamps;
  const auto extension = leaf.Extension(kListOid);
  if (!extension) return timestamps;
  CARNET_TRY(const Bytes list, ListIn(*extension));
  ByteReader whole(list);
  const auto content = TakeSized(whole);
  if (!content || content->empty() || !whole.at_end()) {
    return Malformed("list of certificate timestamps: its size is not that of its content");
  }
  for (ByteReader reader(*content); !reader.at_end();) {
    if (timestamps.size() == kMaxCertificateTimestamps) {
      return Malformed(
          fmt::format("more than {} certificate timestamps", kMaxCertificateTimestamps));
    }
    const auto one = TakeSized(reader);
    const auto parsed = one ? ParseOne(*one) : std::nullopt;
    if (!parsed) {
      return Malformed(
          fmt::format("certificate timestamp {} is not one of version 1", timestamps.size() + 1));
    }
    timestamps.push_back({parsed->log, TimestampMs(parsed->time_ms), ToBytes(*one)});
  }
  return timestamps;
}

SignatureCheck CheckCertificateTimestamp(const CertificateTimestamp& timestamp,
                                         const Certificate& leaf, const Certificate& issuer,
                                         const PublicKey& log_key) {
  const auto parsed = ParseOne(timestamp.serialized);
  const auto scheme = parsed ? SchemeOf(*parsed) : std::nullopt;
  if (!scheme) return SignatureCheck::kBad;
  const Bytes message = SignedBytes(*parsed, Precertificate(leaf), issuer.public_key());
  return log_key.Verify(*scheme, message, parsed->signature);
}

}  // namespace carnet::crypto

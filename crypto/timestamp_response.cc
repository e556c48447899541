#include "crypto/timestamp_response.h"

#include <fmt/core.h>

#include <utility>

#include "core/check.h"
#include "crypto/openssl_error.h"
#include "crypto/rfc3161.h"

namespace carnet::crypto {
namespace {

using RequestPtr = OpenSslPtr<TS_REQ, TS_REQ_free>;
using ImprintPtr = OpenSslPtr<TS_MSG_IMPRINT, TS_MSG_IMPRINT_free>;
using IntegerPtr = OpenSslPtr<ASN1_INTEGER, ASN1_INTEGER_free>;
using AlgorithmPtr = OpenSslPtr<X509_ALGOR, X509_ALGOR_free>;
using InfoPtr = OpenSslPtr<TS_TST_INFO, TS_TST_INFO_free>;

constexpr long kTimestampVersion = 1;

// Status granted or grantedWithMods (RFC 3161 section 2.4.2).
Result<> CheckStatus(TS_RESP& response) {
  const long status =
      ASN1_INTEGER_get(TS_STATUS_INFO_get0_status(TS_RESP_get_status_info(&response)));
  if (status == TS_STATUS_GRANTED || status == TS_STATUS_GRANTED_WITH_MODS) return Ok();
  return Rejected(fmt::format("time stamp was not granted: status {}", status));
}

// The content of the token's SignedData, decoded.
Result<InfoPtr> ReadInfo(PKCS7& token) {
  if (PKCS7_type_is_signed(&token) != 1 || PKCS7_get_detached(&token) != 0) {
    return Malformed("time stamp's token is not SignedData with content");
  }
  const PKCS7* content = token.d.sign->contents;
  if (OBJ_obj2nid(content->type) != NID_id_smime_ct_TSTInfo || content->d.other == nullptr ||
      content->d.other->type != V_ASN1_OCTET_STRING) {
    return Malformed("time stamp's token does not contain a TSTInfo");
  }
  const ASN1_OCTET_STRING* octets = content->d.other->value.octet_string;
  const uint8_t* const begin = ASN1_STRING_get0_data(octets);
  const uint8_t* at = begin;
  InfoPtr info(d2i_TS_TST_INFO(nullptr, &at, ASN1_STRING_length(octets)));
  if (info == nullptr || at != begin + ASN1_STRING_length(octets)) {
    return OpenSslError(ErrorCode::kMalformed, "time stamp's TSTInfo");
  }
  if (TS_TST_INFO_get_version(info.get()) != kTimestampVersion) {
    return Malformed("time stamp's TSTInfo is not of version 1");
  }
  if (X509v3_get_ext_by_critical(TS_TST_INFO_get_exts(info.get()), 1, -1) >= 0) {
    return Malformed("time stamp has a critical extension");
  }
  return info;
}

IntegerPtr IntegerOf(ByteSpan big_endian) {
  const BigNumberPtr number(
      BN_bin2bn(big_endian.data(), static_cast<int>(big_endian.size()), nullptr));
  CARNET_CHECK(number != nullptr);
  IntegerPtr integer(BN_to_ASN1_INTEGER(number.get(), nullptr));
  CARNET_CHECK(integer != nullptr);
  return integer;
}

}  // namespace

Result<TimestampResponse> ReadTimestampResponse(ByteSpan der) {
  if (der.size() > kMaxTimestampBytes) {
    return Malformed(
        fmt::format("time stamp of {} bytes, more than {}", der.size(), kMaxTimestampBytes));
  }
  const uint8_t* at = der.data();
  TimestampResponse read{
      OpenSslPtr<TS_RESP, TS_RESP_free>(d2i_TS_RESP(nullptr, &at, static_cast<long>(der.size()))),
      nullptr};
  if (read.response == nullptr) return OpenSslError(ErrorCode::kMalformed, "not a TimeStampResp");
  if (at != der.data() + der.size()) return Malformed("trailing data after the time stamp");
  CARNET_TRY_VOID(CheckStatus(*read.response));
  if (read.token() == nullptr) return Malformed("time stamp was granted without a token");
  CARNET_TRY(read.info, ReadInfo(*read.token()));
  return read;
}

Bytes TimestampRequest(ByteSpan message, ByteSpan nonce) {
  const RequestPtr request(TS_REQ_new());
  const ImprintPtr imprint(TS_MSG_IMPRINT_new());
  const AlgorithmPtr algorithm(X509_ALGOR_new());
  CARNET_CHECK(request != nullptr && imprint != nullptr && algorithm != nullptr);
  X509_ALGOR_set0(algorithm.get(), OBJ_nid2obj(NID_sha256), V_ASN1_NULL, nullptr);
  Bytes digest = DigestOf(HashAlgorithm::kSha256, message);
  CARNET_CHECK(
      TS_REQ_set_version(request.get(), kTimestampVersion) == 1 &&
      TS_MSG_IMPRINT_set_algo(imprint.get(), algorithm.get()) == 1 &&
      TS_MSG_IMPRINT_set_msg(imprint.get(), digest.data(), static_cast<int>(digest.size())) == 1 &&
      TS_REQ_set_msg_imprint(request.get(), imprint.get()) == 1 &&
      TS_REQ_set_nonce(request.get(), IntegerOf(nonce).get()) == 1 &&
      TS_REQ_set_cert_req(request.get(), 1) == 1);
  uint8_t* encoded = nullptr;
  const int size = i2d_TS_REQ(request.get(), &encoded);
  CARNET_CHECK(size > 0);
  Bytes der(encoded, encoded + size);
  OPENSSL_free(encoded);
  return der;
}

Result<> CheckTimestampNonce(ByteSpan response, ByteSpan nonce) {
  CARNET_TRY(const TimestampResponse parsed, ReadTimestampResponse(response));
  const ASN1_INTEGER* answered = TS_TST_INFO_get_nonce(parsed.info.get());
  if (answered == nullptr) return Rejected("time stamp does not repeat the nonce of the request");
  if (ASN1_INTEGER_cmp(answered, IntegerOf(nonce).get()) != 0) {
    return Rejected("time stamp has another nonce than the request");
  }
  return Ok();
}

}  // namespace carnet::crypto

// Time-stamp responses (RFC 3161) as an authority makes them, or wrong in one way; by OpenSSL
// alone. The least that is needed:
//
//   const Bytes response = MakeTimestamp({.signer = authority, .message = signature,
//                                         .time = TimestampMs(1'700'000'000'123)});
//
// where `authority` has a certificate of {.usages = {"timeStamping"}, .usages_critical = true}.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/bytes.h"
#include "core/timestamp.h"
#include "tests/support/pki_certificate.h"
#include "tests/support/pki_key.h"

namespace carnet::test {

enum class TestEssId { kV2, kV1, kNone };

struct TimestampSpec {
  TestAuthority signer;  // its key signs (not Ed25519), its certificate is named
  Bytes message;
  TimestampMs time;
  TestHash imprint = TestHash::kSha256;
  TestHash digest = TestHash::kSha256;       // of the signature
  std::optional<Bytes> imprint_digest = {};  // for who knows no message
  std::optional<uint64_t> nonce = {};
  bool embeds_certificate = true;
  TestEssId ess_id = TestEssId::kV2;

  // For negatives.
  int status = 0;                             // other than 0 and 1: without a token
  std::optional<Bytes> embedded = {};         // this certificate instead of the signer's
  std::optional<Bytes> ess_certificate = {};  // identified instead of the signer's
  std::optional<std::string> time_text = {};  // instead of `time`
  bool imprint_sha1 = false;
  bool digest_sha1 = false;
  bool critical_extension = false;
  bool other_content_type = false;  // in the signed attribute
  bool trailing_in_info = false;    // a byte behind the TSTInfo, signed
  int extra_digest_algorithms = 0;  // named, and used by no signer
  int version = 1;
  int signers = 1;
};

// DER of the whole TimeStampResp.
Bytes MakeTimestamp(const TimestampSpec& spec);

}  // namespace carnet::test

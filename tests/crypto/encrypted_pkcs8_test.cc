// The parameters of encrypted PKCS#8, read and written, with the openssl program as the oracle.
#include <openssl/pkcs12.h>

#include <regex>
#include <sstream>

#include "core/file.h"
#include "crypto/password_box.h"
#include "tests/crypto/openssl_key.h"
#include "tests/support/command.h"
#include "tests/support/scratch_folder.h"
#include "tests/support/test.h"

namespace carnet::crypto {
namespace {

namespace ut = boost::unit_test;
using carnet::test::HasProgram;
using carnet::test::MustRun;
using carnet::test::RunCommand;
using carnet::test::ScratchFolder;
using test::OpenSslPkcs8;

SecretBytes Password() { return SecretBytes::CopyOf("password"); }

class Pkcs8Files {
 public:
  std::string Write(const char* name, const Bytes& der) const {
    return folder.Write(name, AsText(der));
  }
  Bytes Read(const char* name) const {
    REQUIRE_VALUE(const std::string content, ReadFile(folder / name, 100'000));
    return ToBytes(AsBytes(content));
  }
  Bytes Encrypted() const {
    REQUIRE_VALUE(Bytes encrypted, EncryptPkcs8(SecretBytes::CopyOf(pkcs8), Password()));
    return encrypted;
  }

  ScratchFolder folder;
  const Bytes pkcs8 = OpenSslPkcs8(EVP_EC_gen("P-256"));
};

// What `openssl asn1parse` prints, an item a line, without offsets and random bytes.
std::string Outline(const std::string& path) {
  static const std::regex kLine(
      R"(.*l= *(\d+) (?:cons|prim): ([A-Z0-9 ]*[A-Z0-9]) *(?:\[HEX DUMP\])?(:?.*))");
  std::istringstream in(MustRun("openssl asn1parse -inform DER -in " + path));
  std::string outline;
  for (std::string line; std::getline(in, line);) {
    std::smatch parts;
    BOOST_REQUIRE_MESSAGE(std::regex_match(line, parts, kLine), line);
    const bool random = parts[2] == "OCTET STRING";
    outline += parts[2].str() + (random ? " of " + parts[1].str() : parts[3].str()) + "\n";
  }
  return outline;
}

BOOST_FIXTURE_TEST_SUITE(encrypted_pkcs8, Pkcs8Files, *ut::precondition(HasProgram("openssl")))

// RFC 8018 appendix A; the figures are those of OWASP's Password Storage Cheat Sheet for PBKDF2
// with HMAC-SHA-256, and of NIST SP 800-132 section 5.1 for the salt (at least 128 bits).
BOOST_AUTO_TEST_CASE(writes_600000_rounds_of_hmac_sha256_over_16_bytes_of_salt) {
  BOOST_CHECK_EQUAL(Outline(Write("key", Encrypted())),
                    "SEQUENCE\n"
                    "SEQUENCE\n"
                    "OBJECT:PBES2\n"
                    "SEQUENCE\n"
                    "SEQUENCE\n"
                    "OBJECT:PBKDF2\n"
                    "SEQUENCE\n"
                    "OCTET STRING of 16\n"
                    "INTEGER:0927C0\n"  // 600,000
                    "SEQUENCE\n"
                    "OBJECT:hmacWithSHA256\n"
                    "NULL\n"
                    "SEQUENCE\n"
                    "OBJECT:aes-256-cbc\n"
                    "OCTET STRING of 16\n"
                    "OCTET STRING of 144\n");
}

BOOST_AUTO_TEST_CASE(draws_salt_and_initial_vector_anew) {
  // Offsets of their bytes in the DER of the outline above.
  constexpr size_t kSalt = 35, kVector = 85, kBytes = 16;
  const Bytes one = Encrypted(), other = Encrypted();
  for (const size_t at : {kSalt, kVector}) {
    BOOST_REQUIRE_EQUAL(one.at(at - 2), 0x04);  // OCTET STRING
    BOOST_REQUIRE_EQUAL(one.at(at - 1), kBytes);
    BOOST_CHECK(ToBytes(ByteSpan(one).subspan(at, kBytes)) !=
                ToBytes(ByteSpan(other).subspan(at, kBytes)));
  }
}

BOOST_AUTO_TEST_CASE(the_openssl_program_decrypts_what_is_written) {
  const std::string path = Write("key", Encrypted());
  MustRun("openssl pkcs8 -inform DER -in " + path + " -passin pass:password -outform DER -out " +
          folder / "plain");
  // It may write the key in another spelling: compared by the public key that both lead to.
  const std::string to_public = " -inform DER -pubout";
  BOOST_CHECK_EQUAL(MustRun("openssl pkey -in " + folder / "plain" + to_public),
                    MustRun("openssl pkey -in " + Write("given", pkcs8) + to_public));
  BOOST_CHECK_NE(
      RunCommand("openssl pkcs8 -inform DER -in " + path + " -passin pass:passwort -out /dev/null")
          .status,
      0);
}

struct Written {
  const char* options;  // of `openssl pkcs8 -topk8`

  friend std::ostream& operator<<(std::ostream& out, const Written& one) {
    return out << one.options;
  }
};

constexpr Written kRead[] = {{"-v2 aes-128-cbc -iter 1"},
                             {"-v2 aes-192-cbc -v2prf hmacWithSHA1"},
                             {"-v2 aes-256-cbc -v2prf hmacWithSHA256 -iter 1000000"},
                             {"-v2 aes-256-cbc -v2prf hmacWithSHA384"},
                             {"-v2 aes-256-cbc -v2prf hmacWithSHA512"}};

BOOST_DATA_TEST_CASE(reads_what_the_openssl_program_wrote, ut::data::make(kRead), one) {
  MustRun("openssl pkcs8 -topk8 -inform DER -in " + Write("plain", pkcs8) +
          " -passout pass:password -outform DER -out " + folder / "key " + one.options);
  REQUIRE_VALUE(const SecretBytes decrypted, DecryptPkcs8(Read("key"), Password()));
  BOOST_CHECK(ToBytes(decrypted.Expose()) == pkcs8);
}

struct Unread {
  const char* options;
  const char* reason;

  friend std::ostream& operator<<(std::ostream& out, const Unread& one) {
    return out << one.options;
  }
};

constexpr Unread kUnread[] = {{"-v2 aes-256-cfb", "only AES-CBC"},
                              {"-v2 camellia-256-cbc", "only AES-CBC"},
                              {"-v2 des3", "only AES-CBC"},
                              {"-v2 aes-256-cbc -v2prf hmacWithSHA224", "hash in PBKDF2"},
                              {"-scrypt", "only PBKDF2"},
                              {"-v1 PBE-SHA1-3DES", "only PBES2"}};

BOOST_DATA_TEST_CASE(refuses_what_the_openssl_program_can_write_beyond_that,
                     ut::data::make(kUnread), one) {
  MustRun("openssl pkcs8 -topk8 -inform DER -in " + Write("plain", pkcs8) +
          " -passout pass:password -outform DER -out " + folder / "key " + one.options);
  CHECK_ERROR(DecryptPkcs8(Read("key"), Password()), ErrorCode::kUnsupported, one.reason);
}

BOOST_AUTO_TEST_SUITE_END()

// A scheme of `rounds` whose key length does not fit its cipher: OpenSSL refuses to derive it, so
// what follows the limit is seen without the seconds of work that it permits.
Bytes WithRounds(int rounds, size_t content_bytes = 16) {
  PBE2PARAM* const params = PBE2PARAM_new();
  X509_ALGOR_free(params->keyfunc);
  params->keyfunc = PKCS5_pbkdf2_set(rounds, nullptr, 16, NID_hmacWithSHA256, 5);
  X509_ALGOR* const aes = PKCS5_pbe2_set_iv(EVP_aes_256_cbc(), 1, nullptr, 16, nullptr, -1);
  PBE2PARAM* const other =
      static_cast<PBE2PARAM*>(ASN1_TYPE_unpack_sequence(ASN1_ITEM_rptr(PBE2PARAM), aes->parameter));
  std::swap(params->encryption, other->encryption);
  ASN1_TYPE_pack_sequence(ASN1_ITEM_rptr(PBE2PARAM), params, &aes->parameter);
  X509_SIG* const encrypted = X509_SIG_new();
  X509_ALGOR* scheme = nullptr;
  ASN1_OCTET_STRING* content = nullptr;
  X509_SIG_getm(encrypted, &scheme, &content);
  BOOST_REQUIRE_EQUAL(X509_ALGOR_copy(scheme, aes), 1);
  ASN1_OCTET_STRING_set(content, Bytes(content_bytes).data(), static_cast<int>(content_bytes));
  uint8_t* der = nullptr;
  const int size = i2d_X509_SIG(encrypted, &der);
  BOOST_REQUIRE_GT(size, 0);
  Bytes bytes(der, der + size);
  OPENSSL_free(der);
  X509_SIG_free(encrypted);
  X509_ALGOR_free(aes);
  PBE2PARAM_free(params);
  PBE2PARAM_free(other);
  return bytes;
}

BOOST_AUTO_TEST_SUITE(encrypted_pkcs8_limits)

BOOST_AUTO_TEST_CASE(the_largest_number_of_rounds_is_ten_million) {
  CHECK_ERROR(DecryptPkcs8(WithRounds(10'000'000), Password()), ErrorCode::kRejected,
              "wrong password");
  CHECK_ERROR(DecryptPkcs8(WithRounds(10'000'001), Password()), ErrorCode::kUnsupported,
              "10000001 rounds of PBKDF2, more than 10000000");
}

BOOST_AUTO_TEST_CASE(the_largest_file_is_64_kib) {
  constexpr size_t kMaxBytes = 64 * 1024, kSome = 60'000;
  const size_t largest = kMaxBytes - (WithRounds(1, kSome).size() - kSome);
  BOOST_REQUIRE_EQUAL(WithRounds(1, largest).size(), kMaxBytes);
  CHECK_ERROR(DecryptPkcs8(WithRounds(1, largest), Password()), ErrorCode::kRejected,
              "wrong password");
  CHECK_ERROR(DecryptPkcs8(WithRounds(1, largest + 1), Password()), ErrorCode::kMalformed,
              "encrypted private key");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace carnet::crypto

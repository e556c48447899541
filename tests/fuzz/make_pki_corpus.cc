#include "tests/fuzz/corpus_folder.h"
#include "tests/support/pki.h"

namespace carnet::test {
namespace {

constexpr TimestampMs kTime(1'700'000'000'123);

Bytes SizedTogether(std::initializer_list<Bytes> parts, const Bytes& rest = {}) {
  Bytes out;
  for (const Bytes& part : parts) {
    out.push_back(static_cast<uint8_t>(part.size() >> 8));
    out.push_back(static_cast<uint8_t>(part.size()));
    out.insert(out.end(), part.begin(), part.end());
  }
  out.insert(out.end(), rest.begin(), rest.end());
  return out;
}

void WriteCertificates(const std::filesystem::path& corpus) {
  const TestAuthority root = MakeAuthority({.common_name = "root", .path_length = 1});
  const TestAuthority ca = MakeAuthority({.common_name = "ca"}, &root);
  const TestKey log = TestKey::Generate(TestKeyKind::kP256);
  const Bytes leaf = MakeCertificate(
      {.names = {{TestNameForm::kEmail, "a@b.example"}, {TestNameForm::kOtherName, "c"}},
       .usages = {"codeSigning"},
       .extensions = {FulcioIssuerV1("https://d.example"), FulcioIssuerV2("https://d.example")},
       .logs = {{log, kTime, {0, 0, 5, 0, 0, 0, 0, 1}}, {log, kTime}}},
      TestKey::Generate(TestKeyKind::kP384), &ca);
  const CorpusFolder certificates(corpus, "certificate");
  certificates.Write("chain", SizedTogether({leaf, ca.certificate, root.certificate}));
  certificates.Write("anchor_between", SizedTogether({leaf, ca.certificate}));
  certificates.Write("leaf", SizedTogether({leaf}));
  const CorpusFolder timestamps(corpus, "sct");
  timestamps.Write("two", SizedTogether({leaf, ca.certificate}, log.Spki()));
  timestamps.Write("other_issuer", SizedTogether({leaf, root.certificate}, log.Spki()));
}

void WriteTimestamps(const std::filesystem::path& corpus) {
  const TestKey key = TestKey::Generate(TestKeyKind::kP256);
  const TestAuthority authority{
      key, MakeCertificate(
               {.common_name = "tsa", .usages = {"timeStamping"}, .usages_critical = true}, key)};
  const Bytes message = ToBytes(AsBytes("signature"));
  const CorpusFolder folder(corpus, "timestamp");
  for (const bool embeds : {true, false}) {
    const TimestampSpec spec{.signer = authority,
                             .message = message,
                             .time = kTime,
                             .nonce = 7,
                             .embeds_certificate = embeds};
    const Bytes response = MakeTimestamp(spec);
    folder.Write(embeds ? "embeds" : "plain",
                 SizedTogether({authority.certificate, response}, message));
  }
}

}  // namespace

void WritePki(const std::filesystem::path& corpus) {
  WriteCertificates(corpus);
  WriteTimestamps(corpus);
}

}  // namespace carnet::test

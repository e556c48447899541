#include "tests/support/statement_maker.h"

#include <algorithm>
#include <cstdio>

#include "core/check.h"
#include "core/hex.h"
#include "crypto/sha256.h"

namespace carnet::test {
namespace {

std::string Quoted(std::string_view text) { return "\"" + std::string(text) + "\""; }

template <typename Digest>
std::string Hex(const Digest& digest) {
  return HexEncode(digest.span());
}

std::string HexSha256(std::string_view text) { return Hex(crypto::Sha256Of(text)); }

std::string Item(const StatementId& id) { return Hex(id); }
std::string KeyText(const KeyId& key) { return "key:" + Hex(key); }

// S1, by hand.
std::string Item(const SignerId& signer) {
  const std::string form = signer.form() == SignerId::Form::kKey ? "key:" : "identity:";
  return form + HexEncode(signer.encoded().subspan<1>());
}

template <typename T>
std::string List(const std::vector<T>& items) {
  std::string list;
  for (const T& item : items) list += (list.empty() ? "" : ",") + Quoted(Item(item));
  return "[" + list + "]";
}

}  // namespace

StatementMaker::StatementMaker(const crypto::P256PrivateKey& key, const LogId& ledger,
                               std::string label)
    : key_(key), ledger_(ledger), label_(std::move(label)) {}

std::string StatementMaker::Nonce() const {
  return HexSha256(label_ + " " + std::to_string(made_)).substr(0, 32);
}

std::string StatementMaker::Head() {
  ++made_;
  return R"("head":{"signer":)" + Quoted(KeyText(key().id())) + R"(,"ledger":)" +
         Quoted(Hex(ledger_)) + R"(,"created":"2026-01-02T03:04:05.678Z","nonce":)" +
         Quoted(Nonce()) + "}";
}

sigstore::Envelope StatementMaker::Device() {
  const std::string head = Head();
  const std::string id = "declared:" + KeyText(key().id()) + ":unit-" + std::to_string(made_);
  return Sign(
      "urn:carnet:device:v1", {{"id", HexSha256("carnet-device-id-v1\n" + id)}},
      "{" + head + R"(,"id":)" + Quoted(id) + R"(,"units":1,"vendor":"none","chip":"chip"})");
}

sigstore::Envelope StatementMaker::Dataset(const std::vector<StatementId>& derived_from,
                                           size_t padding_bytes) {
  const std::string head = Head();
  const std::string data = HexSha256("data " + label_ + std::to_string(made_));
  std::string processing;
  for (; padding_bytes > 0; padding_bytes -= std::min<size_t>(padding_bytes, 4000))
    processing += (processing.empty() ? "" : ",") +
                  Quoted(std::string(std::min<size_t>(padding_bytes, 4000), 'x'));
  return Sign("urn:carnet:dataset:v1", {{"data", data}},
              "{" + head + R"(,"name":"data","size":{"bytes":1},"sources":"undisclosed",)" +
                  R"("derived_from":)" + List(derived_from) + R"(,"processing":[)" + processing +
                  R"(],"data":)" + Quoted(data) + R"(,"data_basis":"manifest"})");
}

sigstore::Envelope StatementMaker::Run(const RunTerms& terms) {
  const std::string head = Head();
  std::string inputs;
  for (const ModelDigest& parent : terms.parents)
    inputs += (inputs.empty() ? "" : ",") +
              (R"({"type":"fine-tuned-from","model":)" + Quoted(Hex(parent)) + "}");
  return Sign("urn:carnet:run:v1", {{"id", HexSha256("carnet-run-id-v1\n" + Nonce())}},
              "{" + head + R"(,"kind":"fine-tune","inputs":[)" + inputs +
                  R"(],"datasets":"undisclosed","initial":"inputs","devices":)" +
                  List(terms.devices) + R"(,"recorders":)" + List(terms.recorders) +
                  R"(,"opened_by":"undisclosed","authorised_by":"undisclosed",)" +
                  R"("intended_deployment":"undisclosed","seen":"none"})");
}

sigstore::Envelope StatementMaker::Segment(const SegmentTerms& terms) {
  const std::string head = Head();
  const std::string model = HexSha256("checkpoint " + label_ + std::to_string(made_));
  const std::string after = R"("after":{"index":0,"root":)" + Quoted(HexSha256("root")) + "},";
  const std::string previous =
      terms.previous ? R"("previous":)" + Quoted(Hex(*terms.previous)) + "," : std::string();
  return Sign("urn:carnet:segment:v1", {{"model", model}},
              "{" + head + R"(,"run":)" + Quoted(Hex(terms.run)) + R"(,"lane":)" +
                  std::to_string(terms.lane) + R"(,"seq":)" + std::to_string(terms.seq) + "," +
                  previous + after +
                  R"("steps":{"from":0,"to":1},"tokens":1,)"
                  R"("time":{"from":"2026-01-01T00:00:00.000Z","to":"2026-01-01T00:00:01.000Z"},)"
                  R"("flop":{},"usage":[],"precision":["bf16"],"model":)" +
                  Quoted(model) + "}");
}

sigstore::Envelope StatementMaker::Completion(const StatementId& run, const StatementId& last) {
  const std::string head = Head();
  const std::string model = HexSha256("final " + label_ + std::to_string(made_));
  return Sign("urn:carnet:completion:v1", {{"model", model}},
              "{" + head + R"(,"run":)" + Quoted(Hex(run)) + R"(,"last":[)" + Quoted(Hex(last)) +
                  R"(],"after":{"index":0,"root":)" + Quoted(HexSha256("root")) +
                  R"(},"outcome":"completed","segments":[1],"tokens":1,"flop":{},"model":)" +
                  Quoted(model) + "}");
}

ModelDigest StatementMaker::ModelOf(std::string_view content) {
  return Retag<ModelDigest>(crypto::Sha256Of(HexSha256(content) + "  weights\n"));
}

sigstore::Envelope StatementMaker::Passport(const StatementId& completion, std::string_view content,
                                            const std::optional<StatementId>& supersedes) {
  const std::string head = Head();
  const std::string model = Hex(ModelOf(content));
  const std::string file = HexSha256(content);
  const std::string superseded =
      supersedes ? R"(,"supersedes":)" + Quoted(Hex(*supersedes)) : std::string();
  return Sign("urn:carnet:passport:v1", {{"model", model}, {"files/weights", file}},
              "{" + head + R"(,"completion":)" + Quoted(Hex(completion)) +
                  R"(,"after":{"index":0,"root":)" + Quoted(HexSha256("root")) + R"(},"model":)" +
                  Quoted(model) + R"(,"files":[{"path":"weights","sha256":)" + Quoted(file) +
                  R"(,"bytes":)" + std::to_string(content.size()) +
                  R"(}],"name":"model","parameters":{"total":1},)" +
                  R"("flop":{"parameter_update":"0","cumulative":"0","edges":[]},)" +
                  R"("intended_deployment":"undisclosed")" + superseded + "}");
}

sigstore::Envelope StatementMaker::Verdict(const ModelDigest& model,
                                           const StatementId& passport) const {
  return Sign("https://slsa.dev/verification_summary/v1", {{"model", Hex(model)}},
              R"({"verifier":{"id":"urn:test"},"timeVerified":"2026-01-02T03:04:05.678Z",)"
              R"("resourceUri":"urn:test:model","policy":{"uri":"urn:test:policy"},)"
              R"("inputAttestations":[{"digest":{"sha256":)" +
                  Quoted(Hex(passport)) +
                  R"(}}],"verificationResult":"PASSED","verifiedLevels":[]})");
}

sigstore::Envelope StatementMaker::Sign(std::string_view predicate_type, const Subjects& subjects,
                                        const std::string& predicate) const {
  std::string subject_list;
  for (const auto& [name, digest] : subjects)
    subject_list +=
        (subject_list.empty() ? "" : ",") +
        (R"({"name":)" + Quoted(name) + R"(,"digest":{"sha256":)" + Quoted(digest) + "}}");
  const std::string payload = R"({"_type":"https://in-toto.io/Statement/v1","subject":[)" +
                              subject_list + R"(],"predicateType":)" + Quoted(predicate_type) +
                              R"(,"predicate":)" + predicate + "}";
  const std::string to_sign =
      sigstore::PreAuthEncoding(sigstore::kInTotoPayloadType, AsBytes(payload));
  return {std::string(sigstore::kInTotoPayloadType),
          ToBytes(AsBytes(payload)),
          key_.Sign(AsBytes(to_sign)),
          {}};
}

ledger::Submission StatementMaker::Submit(const sigstore::Envelope& envelope) const {
  auto submission = ledger::Submission::Verify(envelope, key());
  if (!submission) std::fprintf(stderr, "%s\n", submission.error().message.c_str());
  CARNET_CHECK(submission.has_value());
  return *std::move(submission);
}

}  // namespace carnet::test

#include "tests/support/statement_maker.h"

#include <algorithm>
#include <cstdio>

#include "core/check.h"
#include "crypto/sha256.h"
#include "tests/support/drafts.h"

namespace carnet::test {
namespace {

using drafts::Hex;

std::string HexSha256(std::string_view text) { return Hex(crypto::Sha256Of(text)); }

// Not the place of any statement: a ledger does not look at it.
std::string After() { return R"({"index":0,"root":)" + Quoted(HexSha256("root")) + "}"; }

// S1, by hand.
std::string TextOf(const SignerId& signer) {
  const std::string form = signer.form() == SignerId::Form::kKey ? "key:" : "identity:";
  return form + HexEncode(signer.encoded().subspan<1>());
}

std::vector<std::string> HexOf(const std::vector<StatementId>& ids) {
  std::vector<std::string> texts;
  for (const StatementId& id : ids) texts.push_back(Hex(id));
  return texts;
}

}  // namespace

StatementMaker::StatementMaker(const crypto::P256PrivateKey& key, const LogId& ledger,
                               std::string label)
    : key_(key), ledger_(ledger), label_(std::move(label)) {}

std::string StatementMaker::Nonce() const { return HexSha256(Unique("")).substr(0, 32); }

std::string StatementMaker::Unique(const std::string& what) const {
  return what + label_ + " " + std::to_string(made_);
}

sigstore::Envelope StatementMaker::Device() {
  ++made_;
  const std::string id = "declared:key:" + Hex(key().id()) + ":unit-" + std::to_string(made_);
  return Sign("device", IdSubject("device", id),
              drafts::Device({.id = id, .vendor = "none", .chip = "chip"}));
}

sigstore::Envelope StatementMaker::Dataset(const std::vector<StatementId>& derived_from,
                                           size_t padding_bytes) {
  ++made_;
  drafts::DatasetTerms terms{.data = HexSha256(Unique("data ")),
                             .derived_from = HexOf(derived_from)};
  for (; padding_bytes > 0; padding_bytes -= terms.processing.back().size()) {
    terms.processing.emplace_back(std::min<size_t>(padding_bytes, 4000), 'x');
  }
  return Sign("dataset", {{"data", terms.data}}, drafts::Dataset(terms));
}

sigstore::Envelope StatementMaker::Run(const RunTerms& terms) {
  ++made_;
  drafts::RunTerms run{.datasets = std::nullopt, .devices = HexOf(terms.devices), .seen = "none"};
  for (const ModelDigest& parent : terms.parents) {
    run.kind = "fine-tune";
    run.inputs.push_back(drafts::Edge("fine-tuned-from", Hex(parent)));
  }
  for (const SignerId& recorder : terms.recorders) run.recorders.push_back(TextOf(recorder));
  return Sign("run", IdSubject("run", Nonce()), drafts::Run(run));
}

sigstore::Envelope StatementMaker::Segment(const SegmentTerms& terms) {
  ++made_;
  const std::string model = HexSha256(Unique("checkpoint "));
  return Sign("segment", {{"model", model}},
              drafts::Segment({.run = Hex(terms.run),
                               .lane = terms.lane,
                               .seq = terms.seq,
                               .previous = terms.previous ? Hex(*terms.previous) : "",
                               .after_json = After(),
                               .model = model}));
}

sigstore::Envelope StatementMaker::Completion(const StatementId& run, const StatementId& last) {
  ++made_;
  const std::string model = HexSha256(Unique("final "));
  return Sign("completion", {{"model", model}},
              drafts::Completion({.run = Hex(run),
                                  .last = {Hex(last)},
                                  .after_json = After(),
                                  .segments = {1},
                                  .model = model}));
}

ModelDigest StatementMaker::ModelOf(std::string_view content) {
  return Retag<ModelDigest>(crypto::Sha256Of(HexSha256(content) + "  weights\n"));
}

sigstore::Envelope StatementMaker::Passport(const StatementId& completion, std::string_view content,
                                            const std::optional<StatementId>& supersedes) {
  ++made_;
  const std::string model = Hex(ModelOf(content));
  const std::string file = HexSha256(content);
  return Sign(
      "passport", {{"model", model}, {"files/weights", file}},
      drafts::Passport({.completion = Hex(completion),
                        .after_json = After(),
                        .model = model,
                        .files_json = drafts::List({drafts::File("weights", file, content.size())}),
                        .supersedes = supersedes ? Hex(*supersedes) : ""}));
}

sigstore::Envelope StatementMaker::Verdict(const ModelDigest& model,
                                           const StatementId& passport) const {
  return SignText(StatementText("https://slsa.dev/verification_summary/v1", {{"model", Hex(model)}},
                                drafts::Verdict(Hex(passport))));
}

sigstore::Envelope StatementMaker::Sign(const std::string& kind, const Subjects& subjects,
                                        const std::string& draft) const {
  const HeadTerms head{"key:" + Hex(key().id()), Hex(ledger_), Nonce()};
  return SignText(StatementText(PredicateType(kind), subjects, WithHead(head, draft)));
}

sigstore::Envelope StatementMaker::SignText(const std::string& payload) const {
  const std::string to_sign =
      sigstore::PreAuthEncoding(sigstore::kInTotoPayloadType, AsBytes(payload));
  return {std::string(sigstore::kInTotoPayloadType), ToBytes(AsBytes(payload)),
          key_.Sign(AsBytes(to_sign))};
}

ledger::Submission StatementMaker::Submit(const sigstore::Envelope& envelope) const {
  auto submission = ledger::Submission::Verify(envelope, key());
  if (!submission) std::fprintf(stderr, "%s\n", submission.error().message.c_str());
  CARNET_CHECK(submission.has_value());
  return *std::move(submission);
}

}  // namespace carnet::test

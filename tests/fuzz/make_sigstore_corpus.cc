#include "tests/fuzz/corpus_folder.h"
#include "tests/support/test_sigstore.h"

namespace carnet::test {
namespace {

struct Seed {
  std::string name;
  SignPlan plan;
};

std::vector<Seed> Seeds() {
  const auto attestation = TestContent::kAttestation;
  return {
      {"message", {}},
      {"attestation", {.content = attestation}},
      {"key", {.signer = TestSigner::kKey, .content = attestation}},
      {"both_logs", {.entry = TestEntry::kHashedRekord001, .logged_v1 = true}},
      {"dsse", {.content = attestation, .entry = TestEntry::kDsse001, .logged_v1 = true}},
      {"intoto", {.content = attestation, .entry = TestEntry::kIntoto002, .logged_v1 = true}},
      {"p384", {.key_kind = TestKeyKind::kP384, .stamped = false}},
  };
}

void WriteOld(const CorpusFolder& folder, TestSigstore& sigstore) {
  BundleParts old = sigstore.Sign({.logged_v1 = true, .logged_v2 = false, .stamped = false});
  old.chain = {old.certificate, sigstore.intermediate.certificate};
  old.certificate.clear();
  old.media_type = "application/vnd.dev.sigstore.bundle+json;version=0.2";
  folder.Write("chain", old.Json());
  old.media_type = "application/vnd.dev.sigstore.bundle+json;version=0.1";
  for (EntryParts& entry : old.entries) entry.has_proof = false;
  folder.Write("promise_alone", old.Json());
}

}  // namespace

void WriteSigstore(const std::filesystem::path& corpus) {
  TestSigstore sigstore;
  const CorpusFolder bundles(corpus, "foreign_bundle");
  const CorpusFolder bodies(corpus, "entry_body");
  const CorpusFolder statements(corpus, "foreign_statement");
  for (const Seed& seed : Seeds()) {
    const BundleParts bundle = sigstore.Sign(seed.plan);
    bundles.Write(seed.name, bundle.Json());
    for (const EntryParts& entry : bundle.entries) {
      bodies.Write(seed.name + "." + entry.kind + "." + entry.version, entry.body);
    }
  }
  WriteOld(bundles, sigstore);
  statements.Write("v1", TestSigstore::Statement());
  statements.Write("v0.1", TestSigstore::Statement("https://in-toto.io/Statement/v0.1"));
  const std::string root = sigstore.root.Json();
  CorpusFolder(corpus, "trusted_material").Write("all", root);
  CorpusFolder(corpus, "trusted_root").Write("all", root);
}

}  // namespace carnet::test

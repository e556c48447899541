// The general bundle verifier on two bundles of a private Sigstore, an attestation by key with a
// log entry and one by certificate with a time-stamp token: from JSON text to verdict, the trusted
// root read once. Prints what one takes.
//
// `bundle_bench FOLDER` writes both there, with the trusted root, the key and the artifact, and
// then answers each line "key 200" of its input with the seconds of so many verifications, and
// "key-bad 1", of a bundle whose signature has one bit flipped, with "refused":
// bench/sigstore_bench.py asks another verifier the same in turn.
#include <cstdio>
#include <fstream>
#include <iostream>
#include <map>
#include <string>
#include <string_view>

#include "bench/report.h"
#include "core/check.h"
#include "tests/support/test_sigstore.h"
#include "verifier/bundle/verify_bundle.h"

namespace carnet::bench {
namespace {

using verifier::bundle::VerifiedBundle;
using verifier::bundle::WantedSigner;

constexpr TimestampMs kNow(1'770'000'000'000);
constexpr int kWarmUp = 50;
constexpr int kRounds = 500;
constexpr double kMicro = 1e6;

struct Case {
  std::string bundle;
  WantedSigner wanted;
};

// A private Sigstore, and what it has signed.
class Cases {
 public:
  Cases() {
    Add("key", {.signer = test::TestSigner::kKey,
                .content = test::TestContent::kAttestation,
                .stamped = false});
    const auto key = Must(crypto::PublicKey::ParseSpki(sigstore_.key.Spki()));
    key_spki_ = sigstore_.key.Spki();
    cases_.at("key").wanted = cases_.at("key-bad").wanted = key;
    Add("certificate", {.content = test::TestContent::kAttestation, .logged_v2 = true});
    root_json_ = sigstore_.root.Json();
    material_.emplace(Must(sigstore::ReadTrustedMaterial(root_json_)));
  }

  bool Verify(const std::string& name) const {
    const Case& of = cases_.at(name);
    const auto bundle = Must(sigstore::ReadForeignBundle(of.bundle));
    verifier::bundle::Artifact artifact;
    artifact.digests = {
        {crypto::HashAlgorithm::kSha256,
         crypto::DigestOf(crypto::HashAlgorithm::kSha256, AsBytes(test::kTestArtifact))}};
    const verifier::bundle::BundleDemands demands{
        .content = verifier::bundle::ContentIs::kAttestation,
        .predicate_type = test::kTestPredicateType};
    const auto verdict = VerifyBundle(bundle, artifact, *material_, of.wanted, kNow, demands);
    return std::holds_alternative<VerifiedBundle>(verdict);
  }

  bool Has(const std::string& name) const { return cases_.contains(name); }

  void Write(const std::string& folder) const {
    for (const auto& [name, of] : cases_) WriteFile(folder + "/" + name + ".json", of.bundle);
    WriteFile(folder + "/root.json", root_json_);
    WriteFile(folder + "/key.der", AsText(key_spki_));
    WriteFile(folder + "/artifact", test::kTestArtifact);
  }

 private:
  void Add(const std::string& name, const test::SignPlan& plan) {
    const sigstore::IdentityPattern jane{sigstore::TextPattern::Exactly(test::kTestIssuer),
                                         sigstore::TextPattern::Exactly(test::kTestIdentity)};
    test::BundleParts parts = sigstore_.Sign(plan);
    cases_.insert({name, {parts.Json(), jane}});
    parts.signature.back() ^= 1;
    cases_.insert({name + "-bad", {parts.Json(), jane}});
  }

  static void WriteFile(const std::string& path, std::string_view text) {
    std::ofstream(path, std::ios::binary) << text;
  }

  test::TestSigstore sigstore_;
  std::map<std::string, Case> cases_;
  std::string root_json_;
  Bytes key_spki_;
  std::optional<sigstore::TrustedMaterial> material_;
};

double SecondsOfMany(const Cases& cases, const std::string& name, int count) {
  return SecondsOf([&] {
    for (int i = 0; i < count; ++i) CARNET_CHECK(cases.Verify(name));
  });
}

int Answer(const Cases& cases) {
  std::string name;
  int count = 0;
  while (std::cin >> name >> count) {
    CARNET_CHECK(cases.Has(name));
    if (name.ends_with("-bad")) {
      std::cout << (cases.Verify(name) ? "verified" : "refused") << std::endl;
    } else {
      std::cout << SecondsOfMany(cases, name, count) << std::endl;
    }
  }
  return 0;
}

int Run(int argc, char** argv) {
  const Cases cases;
  if (argc > 1) {
    cases.Write(argv[1]);
    std::cout << "ready" << std::endl;
    return Answer(cases);
  }
  PrintHeader("general bundle verifier, from JSON to verdict, trusted root read once");
  for (const std::string name : {"key", "certificate"}) {
    SecondsOfMany(cases, name, kWarmUp);
    const double seconds = SecondsOfMany(cases, name, kRounds) / kRounds;
    PrintRow({"attestation by " + name + (name == "key" ? ", log" : ", log, token"),
              seconds * kMicro, "us"});
  }
  PrintPeakMemory();
  return 0;
}

}  // namespace
}  // namespace carnet::bench

int main(int argc, char** argv) { return carnet::bench::Run(argc, argv); }

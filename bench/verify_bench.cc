// Verification, compared with the bare signature checks that it needs, in the same run: one
// bundle with its receipt, and the gate on a passport of 1,000 attestations. `verify_bench bundle`
// and `verify_bench gate` do either twice and print nothing: for a profiler that counts
// instructions, the second time is inside the function Counted (docs/benchmarks.md).
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

#include "bench/report.h"
#include "core/check.h"
#include "tests/support/honest_runs.h"
#include "tests/support/party_keys.h"
#include "verifier/bundle/read_passport.h"
#include "verifier/bundle/verify.h"
#include "verifier/compute/chips.h"

namespace carnet::bench {
namespace {

constexpr size_t kAttestations = 1000;
constexpr size_t kOthers = 6;  // device, allocation, dataset, run, completion, passport
constexpr int kRounds = 15;
constexpr int kBundleRounds = 200;  // short ones, so that other programs leave some undisturbed
constexpr int kBundlesARound = 10;
constexpr double kMicro = 1e6;
constexpr double kMilli = 1e3;

using verifier::Findings;
using verifier::PassportFile;

test::World LongRun() {
  test::World world;
  test::AddFleet(world);
  test::AddDataset(world, "texts");
  test::AddModel(world, "base", {}, kAttestations - kOthers);
  world.given = world.model("base");
  return world;
}

PassportFile Verified(std::string_view passport, const trust::Trust& trust, TimestampMs now) {
  Findings findings;
  PassportFile file = verifier::bundle::ReadPassport(passport, 1, findings);
  verifier::bundle::VerifySignatures(file, trust, now, 1, findings);
  verifier::bundle::VerifyLogEntries(file, trust, now, 1, findings);
  CARNET_CHECK(findings.empty());
  return file;
}

void CheckSignature(const PassportFile& file, const verifier::Statement& line) {
  const verifier::Attestation& attestation = file.Of(line);
  CARNET_CHECK(attestation.signer->key().VerifyDigest(Retag<Sha256Digest>(line.id),
                                                      attestation.bundle.envelope.signature) ==
               crypto::SignatureCheck::kGood);
}

// Seconds of the P-256 checks of all lines, and nothing else.
double SignaturesOf(const PassportFile& file) {
  return SecondsOf([&] {
    for (const auto& line : file.lines) CheckSignature(file, line);
  });
}

// Seconds of one P-256 and one Ed25519 check, as a bundle with a receipt needs them.
double BareChecks(const PassportFile& file) {
  const verifier::Attestation& attestation = file.attestations.front();
  const auto note = test::ValueOf(
      merkle::ParseUnverifiedNote(attestation.bundle.entries.front().checkpoint), "checkpoint");
  const auto& log_key = attestation.position->log->keys.front().key.key();
  return SecondsOf([&] {
    for (int i = 0; i < kBundlesARound; ++i) {
      CheckSignature(file, file.lines[0]);
      CARNET_CHECK(log_key.Verify(AsBytes(note.text), note.signatures.front().signature) ==
                   crypto::SignatureCheck::kGood);
    }
  });
}

double Best(double best, double seconds) { return best == 0 ? seconds : std::min(best, seconds); }

// Candidates and peers take turns, and the best of each counts: what other programs take from the
// machine meanwhile affects all equally.
void BenchBundle(const std::string& line, const trust::Trust& trust, TimestampMs now) {
  const PassportFile file = Verified(line, trust, now);
  double ours = 0;
  double peer = 0;
  for (int round = 0; round < kBundleRounds; ++round) {
    peer = Best(peer, BareChecks(file));
    ours = Best(ours, SecondsOf([&] {
                  for (int i = 0; i < kBundlesARound; ++i) Verified(line, trust, now);
                }));
  }
  PrintRow({"one bundle of " + std::to_string(line.size()) + " bytes with its receipt",
            ours / kBundlesARound * kMicro, "us",
            Peer{"1 P-256 + 1 Ed25519 verify", peer / kBundlesARound * kMicro, "<= 1.15"}});
}

// Where the time of the gate on one thread goes; the rest are the rules from R12 on.
void BenchPhases(const std::string& passport, const trust::Trust& trust, TimestampMs now,
                 double whole) {
  double reading = 0, signatures = 0, entries = 0;
  for (int round = 0; round < kRounds; ++round) {
    Findings findings;
    PassportFile file;
    reading = Best(
        reading, SecondsOf([&] { file = verifier::bundle::ReadPassport(passport, 1, findings); }));
    signatures =
        Best(signatures,
             SecondsOf([&] { verifier::bundle::VerifySignatures(file, trust, now, 1, findings); }));
    entries =
        Best(entries,
             SecondsOf([&] { verifier::bundle::VerifyLogEntries(file, trust, now, 1, findings); }));
    CARNET_CHECK(findings.empty());
  }
  const auto print = [whole](const std::string& what, double seconds) {
    PrintRow({"  of which " + what, seconds * kMilli, "ms", Peer{"all", whole * kMilli, ""}});
  };
  print("reading the lines", reading);
  print("signatures", signatures);
  print("log entries", entries);
  print("the rules", whole - reading - signatures - entries);
}

template <typename Work>
[[gnu::noinline]] void Counted(const Work& work) {
  work();
}

template <typename Work>
void WarmUpAndCount(const Work& work) {
  work();
  Counted(work);
}

class GateBench {
 public:
  GateBench(const std::string& passport, const test::World& world, const trust::Trust& trust)
      : passport_(passport),
        model_(*world.given),
        trust_(trust),
        now_(world.now),
        chips_(test::ValueOf(verifier::compute::ShippedCatalogue(), "chips")),
        policy_(test::ValueOf(verifier::policy::ShippedPolicy("hub-default", now_), "policy")) {}

  void Judge(unsigned threads) const {
    const verifier::Gate gate(trust_, policy_, threads, &chips_);
    CARNET_CHECK(gate.Check(passport_, model_, now_)->decision == verifier::Decision::kPass);
  }

  void Bench() const {
    const PassportFile file = Verified(passport_, trust_, now_);
    double one = 0;
    double two = 0;
    double peer = 0;
    for (int round = 0; round < kRounds; ++round) {
      peer = Best(peer, SignaturesOf(file));
      one = Best(one, SecondsOf([&] { Judge(1); }));
      two = Best(two, SecondsOf([&] { Judge(2); }));
    }
    const std::string name = "gate on " + std::to_string(file.lines.size()) + " attestations, ";
    const std::string limit = std::to_string(file.lines.size()) + " P-256 verifies, 1 thread";
    PrintRow({name + "1 thread", one * kMilli, "ms", Peer{limit, peer * kMilli, "<= 1.35"}});
    PrintRow({name + "2 threads", two * kMilli, "ms",
              Peer{"the same, 1 thread", one * kMilli, "<= 0.75"}});
    BenchPhases(passport_, trust_, now_, one);
  }

 private:
  const std::string& passport_;
  const artifact::ModelFiles& model_;
  const trust::Trust& trust_;
  const TimestampMs now_;
  const verifier::compute::Catalogue chips_;
  const verifier::policy::Policy policy_;
};

void Run(std::string_view to_count) {
  test::World world = LongRun();
  const std::string passport = world.Issue();
  const std::string line = test::LinesOf(passport).at(kAttestations / 2) + "\n";
  const trust::Trust trust = world.MakeTrust();
  const TimestampMs now(world.now);
  if (to_count == "bundle") return WarmUpAndCount([&] { Verified(line, trust, now); });
  if (to_count == "gate") {
    const GateBench gate(passport, world, trust);
    return WarmUpAndCount([&] { gate.Judge(1); });
  }
  PrintHeader("verify: one bundle, and the gate on a passport of 1,000 lines");
  std::printf("passport of %zu bytes\n", passport.size());
  BenchBundle(line, trust, now);
  GateBench(passport, world, trust).Bench();
  PrintPeakMemory();
}

}  // namespace
}  // namespace carnet::bench

int main(int count, char** arguments) { carnet::bench::Run(count > 1 ? arguments[1] : ""); }

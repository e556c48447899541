// A model of 512 MiB that arrives in chunks, judged by a passport, against the same two digests of
// the same bytes alone: of the file and of its tensors, side by side, with nothing around them. In
// memory, on one thread.
#include <carnet/streaming.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <random>
#include <string>
#include <vector>

#include "api/internals.h"
#include "api/verify_state.h"
#include "artifact/model_stream.h"
#include "bench/report.h"
#include "crypto/sha256.h"
#include "crypto/sha256_many.h"
#include "tests/support/honest_runs.h"

namespace carnet::bench {
namespace {

constexpr int kRounds = 7;
constexpr size_t kTensors = 32;
constexpr size_t kTensorBytes = 16 << 20;
constexpr size_t kCacheBytes = 16 * 1024;  // hashed twice while a core has it
constexpr double kGigabyte = 1e9;
constexpr const char* kPath = "model.safetensors";

std::string Content() {
  std::string header = "{";
  for (size_t i = 0; i < kTensors; ++i) {
    const size_t begin = i * kTensorBytes;
    header += (i == 0 ? "\"layer" : ",\"layer") + std::to_string(i) +
              R"(":{"dtype":"BF16","shape":[2048,4096],"data_offsets":[)" + std::to_string(begin) +
              "," + std::to_string(begin + kTensorBytes) + "]}";
  }
  header += "}";
  std::string content;
  for (size_t i = 0; i < 8; ++i) content += static_cast<char>(header.size() >> (8 * i));
  content += header;
  std::mt19937_64 random(512);
  std::string tensor(kTensorBytes, '\0');
  for (char& c : tensor) c = static_cast<char>(random());
  for (size_t i = 0; i < kTensors; ++i) content += tensor;
  return content;
}

// A passport about this file, and a gate that trusts its signers.
struct Passported {
  explicit Passported(const std::string& content) {
    artifact::ModelStream stream({});
    auto file = Must(stream.Begin(kPath));
    Must(file->Write(AsBytes(content)));
    Must(file->Close());
    world.models.insert_or_assign("chat", Must(stream.Finish()));
    passport = world.Issue();
    now = Time(std::chrono::milliseconds(static_cast<int64_t>(world.now)));
  }
  Gate MakeGate() const {
    return Gate(Internals::Make<Trust>(world.MakeTrust()),
                Must(Policy::Shipped("hub-default", now)));
  }

  test::World world = test::FineTuneWorld();
  std::string passport;
  Time now;
};

double Rate(const std::string& content, double seconds) {
  return static_cast<double>(content.size()) / seconds / kGigabyte;
}

double DigestsAlone(const std::string& content) {
  return Rate(content, SecondsOf([&] {
                const ByteSpan bytes = AsBytes(content);
                const size_t data = content.size() - kTensors * kTensorBytes;
                crypto::Sha256 file, tensor;
                file.Update(bytes.first(data));
                for (size_t at = data; at < content.size(); at += kCacheBytes) {
                  const ByteSpan chunk = bytes.subspan(at, kCacheBytes);
                  const crypto::StreamInput both[] = {{&file, chunk}, {&tensor, chunk}};
                  crypto::UpdateMany(both);
                  if ((at - data + kCacheBytes) % kTensorBytes == 0) {
                    tensor.Finish();
                    tensor = crypto::Sha256();
                  }
                }
                file.Finish();
              }));
}

double Streamed(const Gate& gate, const Passported& model, const std::string& content,
                size_t chunk) {
  return Rate(content, SecondsOf([&] {
                StreamingGate stream = Must(StreamingGate::Open(gate, model.passport, model.now));
                StreamedFile file = Must(stream.Add(kPath, content.size()));
                for (size_t at = 0; at < content.size(); at += chunk) {
                  Must(file.Write(std::string_view(content).substr(at, chunk)));
                }
                Must(file.Close());
                if (stream.refused() || Must(stream.Finish()).passport.empty()) {
                  std::fprintf(stderr, "the file is not that of the passport\n");
                  std::exit(3);
                }
              }));
}

// Best of several rounds, in which every candidate takes its turn.
void Run() {
  const std::string content = Content();
  const Passported model(content);
  const Gate gate = model.MakeGate();
  const std::pair<const char*, size_t> chunks[] = {
      {"chunks of 16 KiB", 16 << 10}, {"chunks of 1 MiB", 1 << 20}, {"whole", content.size()}};
  double alone = 0;
  std::vector<double> ours(std::size(chunks), 0);
  for (int round = 0; round < kRounds; ++round) {
    alone = std::max(alone, DigestsAlone(content));
    for (size_t i = 0; i < ours.size(); ++i) {
      ours[i] = std::max(ours[i], Streamed(gate, model, content, chunks[i].second));
    }
  }
  for (size_t i = 0; i < ours.size(); ++i) {
    PrintRow({std::string("512 MiB to a verdict, ") + chunks[i].first, ours[i], "GB/s",
              Peer{"both digests alone", alone, ">= 0.95"}});
  }
  PrintPeakMemory();
}

}  // namespace
}  // namespace carnet::bench

int main() {
  carnet::bench::PrintHeader("streaming: bytes as they arrive to a verdict, kernel " +
                             carnet::crypto::Sha256ManyKernels());
  carnet::bench::Run();
}

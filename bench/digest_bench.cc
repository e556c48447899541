// Digests of models that lie warm in the page cache, on all cores, against OpenSSL's streaming
// SHA-256 on as many: few long files, one with many tensors, many short ones, and the model that
// CARNET_BENCH_MODEL names. First the kernels by themselves, on one core. Files go to $TMPDIR, or
// /tmp, and are removed.
#include <openssl/evp.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "artifact/model_files.h"
#include "bench/report.h"
#include "crypto/sha256_many.h"
#include "tests/support/scratch_folder.h"

namespace carnet::bench {
namespace {

constexpr int kRounds = 5;
constexpr double kGigabyte = 1e9;

[[noreturn]] void Fail(const std::string& why) {
  std::fprintf(stderr, "%s\n", why.c_str());
  std::exit(3);
}

void WriteLittleEndian(std::ofstream& out, uint64_t value) {
  for (int i = 0; i < 8; ++i) out.put(static_cast<char>(value >> (8 * i)));
}

std::string RandomText(size_t bytes) {
  std::mt19937_64 random(256);
  std::string text(bytes, '\0');
  for (char& c : text) c = static_cast<char>(random());
  return text;
}

void WriteSafetensors(const std::string& path, int tensors, const std::string& tensor) {
  std::string header = "{";
  for (int i = 0; i < tensors; ++i) {
    const uint64_t begin = static_cast<uint64_t>(i) * tensor.size();
    header += (i == 0 ? "\"" : ",\"") + path.substr(path.rfind('/') + 1) + ".layer" +
              std::to_string(i) + "\":{\"dtype\":\"U8\",\"shape\":[" +
              std::to_string(tensor.size()) + "],\"data_offsets\":[" + std::to_string(begin) + "," +
              std::to_string(begin + tensor.size()) + "]}";
  }
  header += "}";
  std::ofstream out(path, std::ios::binary);
  WriteLittleEndian(out, header.size());
  out << header;
  for (int i = 0; i < tensors; ++i) out << tensor;
  out.flush();
  if (!out) Fail("cannot write " + path);
}

// GB/s of OpenSSL's streaming interface on `threads` threads at once, all together.
double OpenSslRate(unsigned threads) {
  constexpr size_t kChunk = 1 << 20;
  constexpr int kChunks = 1024;
  const double seconds = SecondsOf([&] {
    std::vector<std::thread> workers;
    for (unsigned i = 0; i < threads; ++i) {
      workers.emplace_back([] {
        const std::vector<unsigned char> chunk(kChunk, 's');
        unsigned char digest[EVP_MAX_MD_SIZE];
        EVP_MD_CTX* context = EVP_MD_CTX_new();
        EVP_DigestInit_ex(context, EVP_sha256(), nullptr);
        for (int k = 0; k < kChunks; ++k) EVP_DigestUpdate(context, chunk.data(), chunk.size());
        EVP_DigestFinal_ex(context, digest, nullptr);
        EVP_MD_CTX_free(context);
      });
    }
    for (std::thread& worker : workers) worker.join();
  });
  return threads * double{kChunks} * double{kChunk} / seconds / kGigabyte;
}

double ModelRate(const std::string& path, bool tensors) {
  artifact::ReadOptions options;
  options.tensors = tensors;
  double bytes = 0;
  const double seconds = SecondsOf([&] {
    const auto model = artifact::ReadModel(path, options);
    if (!model) Fail(model.error().message);
    bytes = static_cast<double>(model->total_bytes);
  });
  return bytes / seconds / kGigabyte;
}

// GB/s of `streams` streams of 64 KiB on one core, 256 MiB of them.
double ManyRate(size_t streams) {
  constexpr size_t kChunk = 64 << 10;
  const std::string text = RandomText(streams * kChunk);
  std::vector<crypto::Sha256> hashes(streams);
  std::vector<crypto::StreamInput> inputs;
  for (size_t i = 0; i < streams; ++i) {
    inputs.push_back({&hashes[i], AsBytes(text).subspan(i * kChunk, kChunk)});
  }
  const size_t turns = (size_t{256} << 20) / text.size();
  const double seconds = SecondsOf([&] {
    for (size_t i = 0; i < turns; ++i) crypto::UpdateMany(inputs);
  });
  return static_cast<double>(turns * text.size()) / seconds / kGigabyte;
}

void RunKernels() {
  for (const size_t streams : {2UL, 4UL, 8UL, 16UL}) {
    double ours = 0, peer = 0;
    for (int round = 0; round < kRounds; ++round) {
      ours = std::max(ours, ManyRate(streams));
      peer = std::max(peer, OpenSslRate(1));
    }
    PrintRow({std::to_string(streams) + " streams on one core", ours, "GB/s",
              Peer{"OpenSSL SHA-256, one stream", peer, streams == 16 ? ">= 2" : ""}});
  }
}

// Best of several rounds, in which every candidate takes its turn: what other programs take from
// the machine meanwhile affects all equally.
void RunModel(const std::string& title, const std::string& path, unsigned peers,
              const char* plain_goal, const char* tensors_goal) {
  double peer = 0, plain = 0, tensors = 0;
  for (int round = 0; round < kRounds; ++round) {
    peer = std::max(peer, OpenSslRate(peers));
    plain = std::max(plain, ModelRate(path, false));
    tensors = std::max(tensors, ModelRate(path, true));
  }
  const std::string name = "OpenSSL SHA-256 x " + std::to_string(peers) + ", no file read";
  PrintRow({title, plain, "GB/s", Peer{name, peer, plain_goal}});
  PrintRow({"the same with tensor roots", tensors, "GB/s", Peer{name, peer, tensors_goal}});
}

void RunFourFiles() {
  const test::ScratchFolder folder;
  const std::string tensor = RandomText(16 << 20);
  for (int i = 0; i < 4; ++i) {
    WriteSafetensors(folder.str() + "/" + std::to_string(i) + ".safetensors", 48, tensor);
  }
  RunModel("model of 4 x 768 MiB", folder.str(), Cores(), ">= 2", "");
  RunModel("single file of 768 MiB", folder.str() + "/0.safetensors", 1, "", "");
}

void RunManyTensors() {
  const test::ScratchFolder folder;
  WriteSafetensors(folder.str() + "/model.safetensors", 300, RandomText(10 << 20));
  RunModel("single file of 3 GiB, 300 tensors", folder.str(), 1, ">= 0.95", ">= 0.95");
}

void RunShortFiles() {
  const test::ScratchFolder folder;
  const std::string text = RandomText(64 << 10);
  for (int i = 0; i < 10'000; ++i) {
    std::ofstream out(folder.str() + "/" + std::to_string(i) + ".bin", std::ios::binary);
    out << i << text.substr(0, text.size() - 8);
    if (!out) Fail("cannot write a file of 64 KiB");
  }
  RunModel("10,000 files of 64 KiB", folder.str(), Cores(), ">= 2", "");
}

void Run() {
  RunKernels();
  RunFourFiles();
  RunManyTensors();
  RunShortFiles();
  if (const char* model = std::getenv("CARNET_BENCH_MODEL"); model != nullptr) {
    RunModel("CARNET_BENCH_MODEL", model, Cores(), "", "");
  }
  PrintPeakMemory();
}

}  // namespace
}  // namespace carnet::bench

int main() {
  carnet::bench::PrintHeader("digest: warm files to model digest and tensor roots, kernels " +
                             carnet::crypto::Sha256ManyKernels());
  carnet::bench::Run();
}

// Digest of a model of 4 x 768 MiB, warm in the page cache, on all cores, against OpenSSL's
// streaming SHA-256 on as many. Files go to $TMPDIR, or /tmp, and are removed.
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

constexpr int kFiles = 4;
constexpr int kRounds = 5;
constexpr int kTensorsPerFile = 48;
constexpr size_t kTensorBytes = 16 << 20;
constexpr double kGigabyte = 1e9;

void WriteLittleEndian(std::ofstream& out, uint64_t value) {
  for (int i = 0; i < 8; ++i) out.put(static_cast<char>(value >> (8 * i)));
}

void WriteSafetensors(const std::string& path, int number, const std::string& tensor) {
  std::string header = "{";
  for (int i = 0; i < kTensorsPerFile; ++i) {
    const uint64_t begin = static_cast<uint64_t>(i) * kTensorBytes;
    header += (i == 0 ? "" : ",") + ("\"file" + std::to_string(number)) + ".layer" +
              std::to_string(i) + "\":{\"dtype\":\"BF16\",\"shape\":[2048,4096]," +
              "\"data_offsets\":[" + std::to_string(begin) + "," +
              std::to_string(begin + kTensorBytes) + "]}";
  }
  header += "}";
  std::ofstream out(path, std::ios::binary);
  WriteLittleEndian(out, header.size());
  out << header;
  for (int i = 0; i < kTensorsPerFile; ++i) out << tensor;
  out.flush();
  if (!out) {
    std::fprintf(stderr, "cannot write %s\n", path.c_str());
    std::exit(3);
  }
}

void WriteModel(const std::string& folder) {
  std::mt19937_64 random(256);
  std::string tensor(kTensorBytes, '\0');
  for (char& c : tensor) c = static_cast<char>(random());
  for (int i = 0; i < kFiles; ++i) {
    WriteSafetensors(folder + "/" + std::to_string(i) + ".safetensors", i, tensor);
  }
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
    if (!model || model->weight_sets.empty() == tensors) {
      std::fprintf(stderr, "%s\n", model ? "weight sets" : model.error().message.c_str());
      std::exit(3);
    }
    bytes = static_cast<double>(model->total_bytes);
  });
  return bytes / seconds / kGigabyte;
}

// Best of several rounds, in which every candidate takes its turn: what other programs take from
// the machine meanwhile affects all equally.
void Run() {
  const test::ScratchFolder folder;
  WriteModel(folder.str());
  const std::string single = folder.str() + "/0.safetensors";
  double peer = 0, peer_single = 0, plain = 0, tensors = 0, plain_single = 0, tensors_single = 0;
  for (int round = 0; round < kRounds; ++round) {
    peer = std::max(peer, OpenSslRate(Cores()));
    plain = std::max(plain, ModelRate(folder.str(), false));
    tensors = std::max(tensors, ModelRate(folder.str(), true));
    peer_single = std::max(peer_single, OpenSslRate(1));
    plain_single = std::max(plain_single, ModelRate(single, false));
    tensors_single = std::max(tensors_single, ModelRate(single, true));
  }
  const std::string all = "OpenSSL SHA-256 x " + std::to_string(Cores()) + ", no file read";
  PrintRow({"model of 4 x 768 MiB", plain, "GB/s", Peer{all, peer, ">= 0.95"}});
  PrintRow({"the same with tensor roots", tensors, "GB/s", Peer{all, peer, ""}});
  const std::string one = "OpenSSL SHA-256 x 1, no file read";
  PrintRow({"single file of 768 MiB", plain_single, "GB/s", Peer{one, peer_single, ""}});
  PrintRow({"the same with tensor roots", tensors_single, "GB/s", Peer{one, peer_single, ""}});
  PrintPeakMemory();
}

}  // namespace
}  // namespace carnet::bench

int main() {
  carnet::bench::PrintHeader("digest: warm files to model digest and tensor roots, kernel " +
                             carnet::crypto::Sha256ManyKernels());
  carnet::bench::Run();
}

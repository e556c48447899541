#include "signer/exec_key.h"

#include <fmt/core.h>

#include <string>
#include <utility>
#include <vector>

#include "core/run_program.h"
#include "core/utf8.h"
#include "signer/command_words.h"
#include "sigstore/key_file.h"

namespace carnet::signer {
namespace {

constexpr size_t kMaxSaidBytes = 600;
constexpr size_t kMaxSignatureBytes = 72;  // DER of two integers of 33 bytes

std::string WhatItSaid(std::string_view errors) {
  const size_t first = errors.find_first_not_of(" \n");
  if (first == errors.npos) return "; it says nothing on standard error";
  errors = errors.substr(first, errors.find_last_not_of(" \n") - first + 1);
  std::string said;
  for (const char c : errors) said += c == '\n' ? ' ' : c;
  return "; it says: " + Printable(said, kMaxSaidBytes);
}

class ExecKey final : public AttestationKey {
 public:
  static Result<std::unique_ptr<AttestationKey>> Open(std::vector<std::string> command,
                                                      std::chrono::milliseconds time) {
    CARNET_TRY(const std::string pem, Run(command, "public-key", {}, time));
    auto spki = sigstore::ReadPublicKey(pem);
    if (!spki) return spki.error().In(command.front() + " public-key");
    auto key = crypto::P256PublicKey::ParseSpki(*spki);
    if (!key) return key.error().In(command.front() + " public-key");
    return std::unique_ptr<AttestationKey>(new ExecKey(std::move(command), time, *std::move(key)));
  }

  const crypto::P256PublicKey& public_key() const override { return public_key_; }

  Result<Bytes> SignDigest(const Sha256Digest& digest) const override {
    CARNET_TRY(const std::string der, Run(command_, "sign", AsText(digest.span()), time_));
    if (der.size() <= kMaxSignatureBytes) return ToBytes(AsBytes(der));
    return Io(fmt::format("{} sign: printed {} bytes, more than a DER signature has",
                          command_.front(), der.size()));
  }

  Result<Sha256Digest> Derive(ByteSpan) const override {
    return Unsupported(
        "a key behind a command can only sign, so nothing can be derived from it; "
        "give --nonce with 32 random hex digits instead, and the same ones to repeat "
        "it");
  }

 private:
  ExecKey(std::vector<std::string> command, std::chrono::milliseconds time,
          crypto::P256PublicKey public_key)
      : command_(std::move(command)), time_(time), public_key_(std::move(public_key)) {}

  static Result<std::string> Run(std::vector<std::string> command, std::string_view task,
                                 std::string_view input, std::chrono::milliseconds time) {
    const std::string name = fmt::format("{} {}", command.front(), task);
    command.emplace_back(task);
    CARNET_TRY(auto output,
               RunProgram(std::move(command),
                          {.time = time, .output_bytes = sigstore::kMaxKeyFileBytes}, input));
    if (!output) return NotFound(name + ": there is no such program");
    if (output->status == 0) return std::move(output->text);
    return Io(fmt::format("{}: ended with status {}{}", name, output->status,
                          WhatItSaid(output->errors)));
  }

  std::vector<std::string> command_;
  std::chrono::milliseconds time_;
  crypto::P256PublicKey public_key_;
};

}  // namespace

Result<std::unique_ptr<AttestationKey>> OpenExecKey(std::string_view command,
                                                    std::chrono::milliseconds time) {
  CARNET_TRY(auto words, SplitCommand(command));
  return ExecKey::Open(std::move(words), time);
}

}  // namespace carnet::signer

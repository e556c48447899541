#include <fmt/core.h>

#include "cli/command.h"
#include "cli/log_keys.h"
#include "cli/open_inputs.h"
#include "cli/read_input.h"
#include "cli/settings.h"
#include "cli/write_output.h"
#include "core/hex.h"
#include "core/signer_id.h"
#include "crypto/sha256.h"
#include "json/writer.h"
#include "pipeline/resolve_digest.h"
#include "pipeline/tlog_receipt.h"

namespace carnet::cli {
namespace {

Result<> Write(const ProofOptions& options, Terminal& terminal) {
  CARNET_TRY(const ledger::DigestPrefix named, pipeline::ParseDigest(options.statement));
  CARNET_TRY_VOID(CheckOutput(options.out, options.force));
  CARNET_TRY(const auto reader, OpenReader(options.ledger, terminal));
  CARNET_TRY(const StatementId id, pipeline::ResolveStatement(*reader, named));
  CARNET_TRY(const std::string proof, pipeline::WriteTlogReceipt(*reader, id));
  return WriteOrPrint(options.out, proof, options.force, terminal);
}

// A bundle's leaf, or else the bytes of the file.
Result<std::string> ReadEntry(const std::string& file) {
  CARNET_TRY(std::string bytes, ReadInput(file, kMaxInputBytes));
  const auto bundle = sigstore::ReadBundle(bytes);
  if (!bundle) return bytes;
  auto leaf = pipeline::LeafOf(*bundle);
  if (!leaf) return leaf.error().In(InputName(file));
  return leaf;
}

std::string Report(const pipeline::CheckedReceipt& receipt, bool as_json) {
  const std::string digest = HexEncode(crypto::Sha256Of(receipt.entry).span());
  if (as_json) {
    json::Writer writer(json::Layout::kIndented);
    writer.BeginObject()
        .Member("logged", true)
        .Member("index", receipt.index.value())
        .Member("tree_size", receipt.head.size.value())
        .Member("root", HexEncode(receipt.head.root.span()))
        .Member("signed_by", receipt.head.signed_by)
        .Member("entry_sha256", digest);
    if (receipt.statement) writer.Member("statement", HexEncode(receipt.statement->span()));
    if (receipt.signer) writer.Member("signer", receipt.signer->ToString());
    return writer.EndObject().Take();
  }
  std::string text =
      fmt::format("logged      entry {} of {}\n", receipt.index.value(), receipt.head.size.value());
  if (receipt.statement)
    text += fmt::format("statement   sha256:{}\nsigner      {} (its signature was not verified)\n",
                        HexEncode(receipt.statement->span()),
                        receipt.signer ? receipt.signer->ToString() : "a certificate of nobody");
  if (!receipt.statement)
    text += fmt::format("entry       {} bytes, sha256:{}\n", receipt.entry.size(), digest);
  return text + fmt::format("root        {}, signed by {}\n", HexEncode(receipt.head.root.span()),
                            receipt.head.signed_by);
}

Result<std::string> Check(const ProofOptions& options, Terminal& terminal) {
  CARNET_TRY(const std::string text, ReadInput(options.proof, merkle::kMaxTlogProofBytes));
  const auto proof = merkle::ParseTlogProof(text);
  if (!proof) return proof.error().In(InputName(options.proof));
  std::optional<std::string> entry;
  if (!options.entry.empty()) {
    CARNET_TRY(entry, ReadEntry(options.entry));
  }
  CARNET_TRY(const pipeline::LogKeys keys,
             OpenLogKeys(options.vkey, options.trust, proof->checkpoint, terminal));
  const auto receipt = pipeline::CheckTlogReceipt(*proof, keys, entry);
  if (!receipt) return receipt.error().In(InputName(options.proof));
  return Report(*receipt, options.json);
}

}  // namespace

ExitCode LedgerProof(const ProofOptions& options, Terminal& terminal) {
  return terminal.Done(Write(options, terminal));
}

ExitCode VerifyProof(const ProofOptions& options, Terminal& terminal) {
  if (const std::string wrong = CheckOneStandard({options.proof, options.entry}); !wrong.empty())
    return terminal.WrongUsage(wrong);
  return PrintChecked(
      options.vkey, options.trust, [&] { return Check(options, terminal); }, terminal);
}

}  // namespace carnet::cli

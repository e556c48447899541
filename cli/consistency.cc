#include <fmt/core.h>

#include "cli/command.h"
#include "cli/log_keys.h"
#include "cli/open_inputs.h"
#include "cli/settings.h"
#include "cli/write_output.h"
#include "core/decimal.h"
#include "core/file.h"
#include "core/hex.h"
#include "json/writer.h"
#include "merkle/add_checkpoint.h"
#include "pipeline/log_heads.h"

namespace carnet::cli {
namespace {

using pipeline::LogHead;

// A file of digits alone is meant where there is a slash before its name.
Result<LogHead> ReadHead(const std::string& text, const ledger::Reader& reader,
                         const pipeline::LogKeys& keys) {
  if (const auto size = ParseDecimalU64(text))
    return pipeline::HeadOfSize(reader, TreeSize(*size), keys);
  CARNET_TRY(const std::string note, ReadFile(text, merkle::kMaxNoteBytes));
  return pipeline::CheckHead(text, note, keys);
}

std::string HeadLine(std::string_view which, const LogHead& head) {
  return fmt::format(
      "{}  size {}, root {}, {}\n", which, head.size.value(), HexEncode(head.root.span()),
      head.signed_by.empty() ? "as this ledger has it" : "signed by " + head.signed_by);
}

void WriteHead(std::string_view name, const LogHead& head, json::Writer& writer) {
  writer.Key(name)
      .BeginObject()
      .Member("size", head.size.value())
      .Member("root", HexEncode(head.root.span()))
      .Member("signed_by", head.signed_by)
      .EndObject();
}

std::string Report(const LogHead& older, const LogHead& newer, size_t hashes, bool as_json) {
  if (as_json) {
    json::Writer writer(json::Layout::kIndented);
    writer.BeginObject().Member("consistent", true);
    WriteHead("older", older, writer);
    WriteHead("newer", newer, writer);
    return writer.Member("hashes", uint64_t{hashes}).EndObject().Take();
  }
  return fmt::format(
             "consistent: the older tree (size {}) is the start of the newer one (size {}): no "
             "entry was changed or left out\n",
             older.size.value(), newer.size.value()) +
         HeadLine("older", older) + HeadLine("newer", newer);
}

struct Heads {
  LogHead older;
  LogHead newer;
};

Result<Heads> ReadHeads(const ConsistencyOptions& options, const ledger::Reader& reader,
                        Terminal& terminal) {
  pipeline::LogKeys keys = pipeline::KeysOf(reader);
  if (!options.trust.empty()) {
    CARNET_TRY(const trust::Trust trust, OpenTrust(options.trust, terminal));
    CARNET_TRY(keys, pipeline::KeysOf(trust, reader.key().name(), terminal.Now()));
  }
  CARNET_TRY(LogHead older, ReadHead(options.older, reader, keys));
  CARNET_TRY(LogHead newer, ReadHead(options.newer, reader, keys));
  return Heads{std::move(older), std::move(newer)};
}

ExitCode Prove(const ConsistencyOptions& options, const ledger::Reader& reader, const Heads& heads,
               Terminal& terminal) {
  const auto proof = pipeline::ProveConsistency(reader, heads.older, heads.newer);
  if (!proof) return terminal.Fail(proof.error());
  if (!options.out.empty()) {
    const auto written = WriteOutput(
        options.out, merkle::WriteAddCheckpoint({heads.older.size, *proof, heads.newer.note}),
        options.force);
    if (!written) return terminal.Fail(written.error());
  }
  terminal.Out(Report(heads.older, heads.newer, proof->hashes.size(), options.json));
  return ExitCode::kYes;
}

Result<std::string> Check(const ConsistencyOptions& options, Terminal& terminal) {
  CARNET_TRY(const std::string note, ReadFile(options.older, merkle::kMaxNoteBytes));
  CARNET_TRY(const std::string text, ReadFile(options.proof, 2 * merkle::kMaxNoteBytes));
  const auto body = merkle::ParseAddCheckpoint(text);
  if (!body) return body.error().In(options.proof);
  CARNET_TRY(const pipeline::LogKeys keys,
             OpenLogKeys(options.vkey, options.trust, note, terminal));
  CARNET_TRY(const LogHead older, pipeline::CheckHead(options.older, note, keys));
  CARNET_TRY(const LogHead newer, pipeline::CheckHead(options.proof, body->checkpoint, keys));
  if (body->old_size != older.size && older.size != newer.size)
    return Rejected(fmt::format("{}: is a proof from size {}, but {} has size {}", options.proof,
                                body->old_size.value(), options.older, older.size.value()));
  CARNET_TRY_VOID(pipeline::CheckConsistentHeads(older, newer, body->proof));
  return Report(older, newer, body->proof.hashes.size(), options.json);
}

}  // namespace

ExitCode LedgerConsistency(const ConsistencyOptions& options, Terminal& terminal) {
  if (const auto fit = CheckOutput(options.out, options.force); !fit)
    return terminal.Fail(fit.error());
  const auto reader = OpenReader(options.ledger, terminal);
  if (!reader) return terminal.Fail(reader.error());
  const auto heads = ReadHeads(options, **reader, terminal);
  if (!heads) return terminal.Fail(heads.error());
  if (heads->older.size > heads->newer.size)
    return terminal.WrongUsage(fmt::format("{} is later than {}: expected the older one first",
                                           heads->older.name, heads->newer.name));
  if (!options.out.empty() && heads->newer.note.empty())
    return terminal.WrongUsage(
        "--out needs a newer end that is signed: a file, or the ledger's "
        "present size");
  return Prove(options, **reader, *heads, terminal);
}

ExitCode VerifyConsistency(const ConsistencyOptions& options, Terminal& terminal) {
  return PrintChecked(
      options.vkey, options.trust, [&] { return Check(options, terminal); }, terminal);
}

}  // namespace carnet::cli

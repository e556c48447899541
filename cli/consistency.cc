#include <fmt/core.h>

#include "cli/command.h"
#include "cli/log_keys.h"
#include "cli/open_inputs.h"
#include "cli/read_input.h"
#include "cli/settings.h"
#include "cli/write_output.h"
#include "core/decimal.h"
#include "core/hex.h"
#include "json/writer.h"
#include "merkle/add_checkpoint.h"
#include "pipeline/log_heads.h"

namespace carnet::cli {
namespace {

using pipeline::LogHead;

// A file of digits alone is meant where there is a slash before its name. What the log has signed
// is looked at first: a size that the ledger has not is a wrong number, or all that a rollback
// left.
Result<std::optional<LogHead>> ReadSigned(const std::string& text, const ledger::Reader& reader,
                                          const pipeline::LogKeys& keys) {
  if (ParseDecimalU64(text)) return std::optional<LogHead>();
  CARNET_TRY(const std::string note, ReadInput(text, merkle::kMaxNoteBytes));
  CARNET_TRY(LogHead head, pipeline::CheckHead(InputName(text), note, keys));
  CARNET_TRY_VOID(pipeline::CheckInLedger(reader, head));
  return std::optional(std::move(head));
}

Result<LogHead> HeadOf(std::optional<LogHead> was_signed, const std::string& text,
                       const ledger::Reader& reader, const pipeline::LogKeys& keys) {
  if (was_signed) return *std::move(was_signed);
  const auto size = ParseDecimalU64(text);
  CARNET_CHECK(size.has_value());  // else a file
  return pipeline::HeadOfSize(reader, TreeSize(*size), keys);
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
  CARNET_TRY(auto signed_older, ReadSigned(options.older, reader, keys));
  CARNET_TRY(auto signed_newer, ReadSigned(options.newer, reader, keys));
  CARNET_TRY(LogHead older, HeadOf(std::move(signed_older), options.older, reader, keys));
  CARNET_TRY(LogHead newer, HeadOf(std::move(signed_newer), options.newer, reader, keys));
  return Heads{std::move(older), std::move(newer)};
}

// Beside a proof on standard output it is a note, line by line.
void PrintReport(const std::string& report, const ConsistencyOptions& options, Terminal& terminal) {
  if (!IsStandardOutput(options.out)) return terminal.Out(report);
  size_t at = 0;
  for (size_t end; (end = report.find('\n', at)) != report.npos; at = end + 1)
    terminal.Note(report.substr(at, end - at));
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
  PrintReport(Report(heads.older, heads.newer, proof->hashes.size(), options.json), options,
              terminal);
  return ExitCode::kYes;
}

Result<std::string> Check(const ConsistencyOptions& options, Terminal& terminal) {
  const std::string older_name = InputName(options.older);
  const std::string proof_name = InputName(options.proof);
  CARNET_TRY(const std::string note, ReadInput(options.older, merkle::kMaxNoteBytes));
  CARNET_TRY(const std::string text, ReadInput(options.proof, 2 * merkle::kMaxNoteBytes));
  const auto body = merkle::ParseAddCheckpoint(text);
  if (!body) return body.error().In(proof_name);
  CARNET_TRY(const pipeline::LogKeys keys,
             OpenLogKeys(options.vkey, options.trust, note, terminal));
  CARNET_TRY(const LogHead older, pipeline::CheckHead(older_name, note, keys));
  CARNET_TRY(const LogHead newer, pipeline::CheckHead(proof_name, body->checkpoint, keys));
  if (older.size > newer.size)
    return Rejected(fmt::format(
        "{}: its checkpoint has {} entries, fewer than the {} that {} states: the log was rolled "
        "back, or this is a proof of an older state",
        proof_name, newer.size.value(), older.size.value(), older_name));
  if (body->old_size != older.size && older.size != newer.size)
    return Rejected(fmt::format("{}: is a proof from size {}, but {} has size {}", proof_name,
                                body->old_size.value(), older_name, older.size.value()));
  CARNET_TRY_VOID(pipeline::CheckConsistentHeads(older, newer, body->proof));
  return Report(older, newer, body->proof.hashes.size(), options.json);
}

}  // namespace

ExitCode LedgerConsistency(const ConsistencyOptions& options, Terminal& terminal) {
  if (const std::string wrong = CheckOneStandard({options.older, options.newer}); !wrong.empty())
    return terminal.WrongUsage(wrong);
  if (IsStandardOutput(options.out) && options.json)
    return terminal.WrongUsage("--out - and --json are two documents");
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
  if (const std::string wrong = CheckOneStandard({options.older, options.proof}); !wrong.empty())
    return terminal.WrongUsage(wrong);
  return PrintChecked(
      options.vkey, options.trust, [&] { return Check(options, terminal); }, terminal);
}

}  // namespace carnet::cli

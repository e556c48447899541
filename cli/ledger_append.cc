#include "cli/command.h"
#include "cli/open_inputs.h"
#include "cli/read_bundles.h"
#include "cli/read_input.h"
#include "cli/write_output.h"
#include "core/hex.h"
#include "json/writer.h"
#include "pipeline/append_bundles.h"
#include "pipeline/closure.h"
#include "schemas/limits.h"
#include "trust/add_key.h"

namespace carnet::cli {
namespace {

using AppendedAll = std::vector<pipeline::Attested>;

std::string AppendedText(const AppendedAll& appended) {
  std::string text;
  for (const auto& each : appended) text += HexEncode(each.id.span()) + "\n";
  return text;
}

std::string AppendedJson(const AppendedAll& appended) {
  json::Writer writer(json::Layout::kIndented);
  writer.BeginObject().Key("statements").BeginArray();
  for (const auto& each : appended) {
    writer.BeginObject()
        .Member("statement", HexEncode(each.id.span()))
        .Member("index", each.index.value())
        .Member("repeated", each.repeated)
        .EndObject();
  }
  return writer.EndArray().EndObject().Take();
}

std::string ReceiptLines(const AppendedAll& appended) {
  std::vector<sigstore::Bundle> bundles;
  bundles.reserve(appended.size());
  for (const auto& each : appended) bundles.push_back(each.bundle);
  return pipeline::WriteLines(bundles);
}

Result<AppendedAll> Append(const AppendOptions& options, const Bundles& bundles,
                           Terminal& terminal) {
  pipeline::KnownSigners known;
  for (const std::string& file : options.keys) {
    CARNET_TRY(auto key, trust::ReadPublicKeyFile(file));
    known.keys.push_back(std::move(key));
  }
  std::optional<trust::Trust> trust;
  if (!options.trust.empty()) {
    CARNET_TRY(trust, OpenTrust(options.trust, terminal));
    known.trust = &*trust;
  }
  CARNET_TRY(const auto ledger, OpenLedger(options.ledger, options.guard, terminal, options.wait));
  const auto on_finding =
      options.anyway ? pipeline::OnFinding::kNote : pipeline::OnFinding::kRefuse;
  return pipeline::AppendBundles(bundles, known, *ledger, terminal.Now(), on_finding);
}

}  // namespace

ExitCode LedgerAppend(const AppendOptions& options, Terminal& terminal) {
  if (const std::string wrong = CheckOneStandard(options.bundles); !wrong.empty())
    return terminal.WrongUsage(wrong);
  const bool to_stdout = IsStandardOutput(options.out);
  if (to_stdout && options.json) return terminal.WrongUsage("--out - and --json are two documents");
  const auto free = CheckOutput(options.out, options.force);
  if (!free) return terminal.Fail(free.error());
  const auto bundles = ReadBundles(options.bundles, schemas::kMaxPassportBytes);
  if (!bundles) return terminal.Fail(bundles.error());
  const auto appended = Append(options, *bundles, terminal);
  if (!appended) return terminal.Fail(appended.error());
  for (size_t i = 0; i < appended->size(); ++i) {
    const pipeline::Attested& each = (*appended)[i];
    const std::string& where = (*bundles)[i].where;
    if (each.repeated)
      terminal.Note(where + ": already logged, entry " + std::to_string(each.index.value()));
    for (const std::string& note : each.notes) terminal.Note(where + ": " + note);
  }
  if (!options.out.empty()) {
    const auto written = WriteOutput(options.out, ReceiptLines(*appended), options.force);
    if (!written) return terminal.Fail(written.error().In("all are logged, but not written"));
  }
  if (!to_stdout) terminal.Out(options.json ? AppendedJson(*appended) : AppendedText(*appended));
  return ExitCode::kYes;
}

}  // namespace carnet::cli

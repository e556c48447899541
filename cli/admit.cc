#include <fmt/core.h>
#include <limits.h>

#include <array>
#include <optional>
#include <string>
#include <utility>

#include "api/find_passport.h"
#include "api/verdict.h"
#include "artifact/covered_files.h"
#include "cli/command.h"
#include "cli/judge_model.h"
#include "cli/open_inputs.h"
#include "cli/open_run.h"
#include "cli/record_step.h"
#include "cli/recorded_text.h"
#include "cli/step_draft.h"
#include "cli/verdict_text.h"
#include "core/hex.h"
#include "core/shell_word.h"
#include "core/utf8.h"
#include "json/reader.h"
#include "json/writer.h"
#include "pipeline/base_edge.h"
#include "pipeline/known_passport.h"
#include "pipeline/recorded_draft.h"

namespace carnet::cli {
namespace {

using pipeline::BaseEdge;
using pipeline::GivenDraft;

// A base whose files were read once: what is judged is what the edge names.
struct Base {
  artifact::ModelFiles files;
  std::optional<verifier::Verdict> verdict;  // absent: it has no passport
};

schemas::EdgeType RelationOf(const AdmitOptions& options) {
  const auto type = schemas::ParseEdgeType(options.relation);
  CARNET_CHECK(type.has_value());  // the command line accepts no other
  return *type;
}

// Absent: there is none, and that is allowed.
Result<std::optional<std::string>> PassportOf(const AdmitOptions& options, Terminal& terminal) {
  if (!options.passport.empty()) return std::optional(options.passport);
  auto found = api::FindPassport(options.base.front());
  if (found) return std::optional(*std::move(found));
  if (found.error().code != ErrorCode::kNotFound) return found.error();
  if (options.allow_unpassported) return std::optional<std::string>();
  return terminal.Hinted(found.error(),
                         "to open a run whose lineage ends at this model: --allow-unpassported");
}

// An error in reading the base's files is the base's, where its code says so (R40).
Result<Base> Judge(const AdmitOptions& options, const JudgedBy& by, Terminal& terminal) {
  const std::string& path = options.base.front();
  const auto could_not = [](const Error& error) { return Io(error.message); };
  const auto passport_file = PassportOf(options, terminal);
  if (!passport_file) return could_not(passport_file.error());
  std::optional<GivenPassport> passport;
  if (*passport_file) {
    auto read = ReadPassport(**passport_file);
    if (!read) return could_not(read.error());
    passport = *std::move(read);
  }
  CARNET_TRY(auto files, OpenModel(path, options.judging.follow, terminal));
  if (!passport) {
    // As `carnet digest` and the recorder have it.
    auto covered = artifact::LeaveOut(std::move(files), NotCovered::Shipped());
    if (!covered) return covered.error().In(Printable(path, PATH_MAX));
    return Base{*std::move(covered), std::nullopt};
  }
  const verifier::Gate gate(by.trust, by.policy, 1, &by.chips);
  auto verdict = cli::Judge({path, files}, *passport, gate, terminal.Now());
  if (!verdict) return could_not(verdict.error());
  return Base{std::move(files), std::move(*verdict)};
}

bool Passed(const verifier::Verdict& verdict) {
  return verdict.decision == verifier::Decision::kPass;
}

BaseEdge EdgeTo(const Base& base, const AdmitOptions& options) {
  if (!base.verdict) return {RelationOf(options), base.files.digest, std::nullopt};
  CARNET_CHECK(base.verdict->model.has_value() && base.verdict->passport.has_value());  // it passed
  return {RelationOf(options), *base.verdict->model,
          options.by_digest ? std::nullopt : base.verdict->passport};
}

// What is missing in the draft is said before the base is read, which may take long. Nothing is
// missing in one that is recorded, or in a file that its own reader judges.
Result<> CheckDraft(const AdmitOptions& options, const GivenDraft& given,
                    const Terminal& terminal) {
  const BaseEdge some_edge = {RelationOf(options),
                              ModelDigest(std::array<uint8_t, ModelDigest::kSize>{}), std::nullopt};
  CARNET_TRY(const GivenDraft with_base, pipeline::WithBase(given, some_edge));
  if (!given.file.empty()) return Ok();
  const auto recorded = pipeline::RecordedRun(options.run.directory, given.set);
  if (!recorded || *recorded) return Ok();
  CARNET_TRY(const auto derived,
             pipeline::DeriveDraft(schemas::Kind::kRun, with_base.set, {}, terminal.Now()));
  const auto composed = pipeline::ComposeDraft(schemas::Kind::kRun, with_base, derived,
                                               pipeline::NotAskedFor(schemas::Kind::kRun, {}));
  return composed ? Ok() : composed.error();
}

// Whoever brings the base could have left its passport at home, and with it the policy.
Result<> RefuseKnown(const Base& base, const AdmitOptions& options, Terminal& terminal) {
  CARNET_TRY(const auto reader, OpenReader(options.run.signing.ledger, terminal));
  const artifact::CoveredFiles all(base.files, NotCovered());
  for (const auto& digest : {std::optional(base.files.digest), all.digest()}) {
    if (!digest) continue;
    CARNET_TRY(const auto known, pipeline::FindKnownPassport(*reader, *digest));
    if (!known) continue;
    const std::string id = HexEncode(known->id.span());
    return terminal.Hinted(
        Rejected(fmt::format("this ledger has a passport of that model, sha256:{}, signed by {}: "
                             "the base is not without one",
                             id, known->signer.ToString())),
        fmt::format("get it, and give it with --passport: carnet passport collect {} --ledger {} "
                    "--out base.passport.sigstore.jsonl",
                    id, ShellWord(options.run.signing.ledger)));
  }
  return Ok();
}

void WriteRun(const pipeline::Recorded& recorded, json::Writer& writer) {
  if (recorded.unsigned_statement != nullptr) {
    const auto tree = json::Parse(AsText(recorded.unsigned_statement->payload()));
    CARNET_CHECK(tree.has_value());  // it was read as a statement
    writer.Key("statement").Copy(tree->root());
    return;
  }
  const auto tree = json::Parse(RecordedText(recorded, true));
  CARNET_CHECK(tree.has_value());  // it is ours
  writer.Key("run").Copy(tree->root());
}

void WriteEdge(const BaseEdge& edge, json::Writer& writer) {
  writer.Key("base")
      .BeginObject()
      .Member("relation", schemas::EdgeTypeName(edge.type))
      .Member("model", HexEncode(edge.model.span()));
  if (edge.passport) writer.Member("passport", HexEncode(edge.passport->span()));
  writer.EndObject();
}

// `recorded` is null where the base was refused.
std::string AdmissionJson(const Base& base, const BaseEdge* edge,
                          const Result<pipeline::Recorded>* recorded) {
  json::Writer writer(json::Layout::kIndented);
  const bool admitted = recorded != nullptr && recorded->has_value();
  writer.BeginObject().Member("admitted", admitted);
  if (edge != nullptr) WriteEdge(*edge, writer);
  if (admitted) WriteRun(**recorded, writer);
  if (recorded != nullptr && !admitted) {
    writer.Key("error")
        .BeginObject()
        .Member("code", ErrorCodeName(recorded->error().code))
        .Member("message", Printable(recorded->error().message, PATH_MAX))
        .EndObject();
  }
  if (base.verdict) {
    writer.Key("verdict");
    api::WriteVerdict(api::VerdictOf(*base.verdict), writer);
  }
  return writer.EndObject().Take();
}

Error HintedOpening(const Error& error, const BaseEdge& edge, Terminal& terminal) {
  const bool elsewhere =
      edge.passport && error.message.find(HexEncode(edge.passport->span()) +
                                          ", which is not in this ledger") != std::string::npos;
  if (!elsewhere) return error;
  return terminal.Hinted(error, "to name the base by its digest alone: --by-digest");
}

void SayWhatIsOpen(const Base& base, const BaseEdge& edge, Terminal& terminal) {
  if (!base.verdict) {
    terminal.Warn(
        fmt::format("the base has no passport: nothing was checked, and the lineage of "
                    "the run ends at sha256:{}",
                    HexEncode(edge.model.span())));
  } else if (base.verdict->only_with_base) {
    terminal.Warn(
        fmt::format("the base is an adapter, which works only with {}: no file of that "
                    "was checked",
                    *base.verdict->only_with_base));
  }
}

ExitCode Open(const AdmitOptions& options, const GivenDraft& given, const Base& base,
              Terminal& terminal) {
  const BaseEdge edge = EdgeTo(base, options);
  const auto with_base = pipeline::WithBase(given, edge);
  CARNET_CHECK(with_base.has_value());  // CheckDraft
  const auto recorded =
      RecordOpening(options.run, *with_base, terminal,
                    [&](std::string_view draft) { return pipeline::CheckOnlyInput(draft, edge); });
  if (options.run.json) terminal.Out(AdmissionJson(base, &edge, &recorded));
  if (!options.run.json && base.verdict) terminal.Out(VerdictText(*base.verdict, terminal));
  if (!recorded) return terminal.Fail(HintedOpening(recorded.error(), edge, terminal));
  SayWhatIsOpen(base, edge, terminal);
  if (recorded->unsigned_statement != nullptr && !options.run.json) {
    PrintDryRun(*recorded->unsigned_statement, recorded->notes, terminal);
    return ExitCode::kYes;
  }
  NoteRecorded(*recorded, terminal);
  if (recorded->unsigned_statement != nullptr) {
    terminal.Note("dry run: nothing was signed or logged");
  } else if (!options.run.json) {
    terminal.Out("run          " + HexEncode(recorded->id.span()) + "\n");
  }
  return ExitCode::kYes;
}

}  // namespace

ExitCode Admit(const AdmitOptions& options, Terminal& terminal) {
  if (const std::string wrong = WrongInOpening(options.run); !wrong.empty()) {
    return terminal.WrongUsage(wrong);
  }
  const auto fill = WithWholeIds(options.run.fill, options.run.signing.ledger, terminal);
  if (!fill) return terminal.Fail(fill.error());
  const auto given = OpenDraft(schemas::Kind::kRun, options.run.draft, *fill);
  if (!given) return terminal.Fail(given.error());
  const auto by = OpenJudgedBy(options.judging, terminal);
  if (!by) return terminal.CouldNotTell(by.error());
  if (const auto checked = CheckDraft(options, *given, terminal); !checked) {
    return terminal.Fail(checked.error());
  }
  const auto base = Judge(options, *by, terminal);
  if (!base) return terminal.Fail(base.error());
  if (base->verdict && !Passed(*base->verdict)) {
    terminal.Out(options.run.json ? AdmissionJson(*base, nullptr, nullptr)
                                  : VerdictText(*base->verdict, terminal));
    return ExitCode::kNo;
  }
  if (!base->verdict) {
    if (const auto refused = RefuseKnown(*base, options, terminal); !refused) {
      return terminal.Fail(refused.error());
    }
  }
  return Open(options, *given, *base, terminal);
}

}  // namespace carnet::cli

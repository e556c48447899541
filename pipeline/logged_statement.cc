#include "pipeline/logged_statement.h"

#include <fmt/core.h>

#include "core/hex.h"
#include "core/utf8.h"
#include "schemas/enums.h"
#include "schemas/readers.h"
#include "sigstore/statement.h"

namespace carnet::pipeline {
namespace {

std::string AmountText(bool present, wire::FlopAmount::Reader amount) {
  if (!present) return "";
  return amount.isUndisclosed() ? "undisclosed" : schemas::FlopOf(amount).ToString();
}

std::string SegmentFlopText(wire::Segment::Reader segment) {
  if (!segment.getFlop().hasTotal()) return "";
  const auto total = segment.getFlop().getTotal();
  return total.isUndisclosed() ? "undisclosed" : AmountText(true, total.getStated().getAmount());
}

// "4 x h100-sxm5", or a CPU by its model.
std::string DeviceLabel(wire::Device::Reader device) {
  const auto chip = device.hasCpu() ? device.getCpu().getModel() : device.getChip();
  return std::to_string(device.getUnits().getValue()) + " x " + std::string(schemas::TextOf(chip));
}

// A verdict has no head, and its time of verification instead.
TimestampMs CreatedOf(const schemas::Predicate& predicate) {
  if (const auto head = predicate.head()) return head->created;
  return schemas::TimeOf(schemas::ReaderOf<wire::Verdict>(predicate).getTimeVerified());
}

void DescribeFields(const schemas::Predicate& predicate, LoggedStatement& statement) {
  using schemas::Kind;
  using schemas::ReaderOf;
  using schemas::TextOf;
  switch (predicate.kind()) {
    case Kind::kDataset:
      statement.label = TextOf(ReaderOf<wire::Dataset>(predicate).getName());
      return;
    case Kind::kDevice:
      statement.label = DeviceLabel(ReaderOf<wire::Device>(predicate));
      return;
    case Kind::kAllocation:
      return;
    case Kind::kRun:
      statement.label =
          schemas::RunKindName(schemas::RunKindOf(ReaderOf<wire::Run>(predicate).getKind()));
      statement.label_is_ours = true;
      return;
    case Kind::kSegment: {
      const auto segment = ReaderOf<wire::Segment>(predicate);
      const uint64_t lane = segment.hasLane() ? segment.getLane().getValue() : 0;
      statement.label = std::to_string(segment.getSeq().getValue());
      if (lane != 0) statement.label += " of lane " + std::to_string(lane);
      statement.flop = SegmentFlopText(segment);
      statement.run = schemas::DigestOf<StatementId>(segment.getRun());
      statement.label_is_ours = true;
      return;
    }
    case Kind::kCompletion: {
      const auto completion = ReaderOf<wire::Completion>(predicate);
      statement.label = completion.getOutcome() == wire::Outcome::ABORTED ? "aborted" : "completed";
      statement.label_is_ours = true;
      statement.flop = AmountText(completion.getFlop().hasTotal(), completion.getFlop().getTotal());
      return;
    }
    case Kind::kPassport: {
      const auto passport = ReaderOf<wire::Passport>(predicate);
      statement.label = TextOf(passport.getName());
      statement.flop = AmountText(true, passport.getFlop().getCumulative());
      return;
    }
    case Kind::kVerdict:
      statement.label = TextOf(ReaderOf<wire::Verdict>(predicate).getVerificationResult());
      return;
  }
}

}  // namespace

LoggedStatement Undescribed(const ledger::StoredEntry& entry, schemas::Kind kind,
                            const trust::Trust* trust) {
  const trust::TrustedKey* key = trust == nullptr ? nullptr : trust->FindSigner(entry.signer);
  return {.id = entry.id,
          .index = entry.index,
          .kind = kind,
          .signer = entry.signer,
          .party = key == nullptr ? "" : key->party,
          .label = {},
          .flop = {},
          .run = {}};
}

void Describe(const schemas::Predicate& predicate, LoggedStatement& statement) {
  statement.created = CreatedOf(predicate);
  DescribeFields(predicate, statement);
}

void Describe(const schemas::Absence& absence, LoggedStatement& statement) {
  const bool erased = absence.cause == schemas::AbsenceCause::kErased;
  statement.label =
      fmt::format("({} since {})", erased ? "erased" : "withheld", FormatTimestamp(absence.since));
  statement.label_is_ours = true;
}

Result<LoggedStatement> ReadLogged(const ledger::Reader& reader, LeafIndex index,
                                   const trust::Trust* trust) {
  CARNET_TRY(const ledger::StoredEntry entry, reader.EntryAt(index));
  CARNET_TRY(const ledger::StatementRow row, reader.Find(entry.id));
  LoggedStatement statement = Undescribed(entry, row.kind, trust);
  if (const auto* absence = std::get_if<schemas::Absence>(&entry.content)) {
    Describe(*absence, statement);
    return statement;
  }
  const auto read = sigstore::ReadStatement(*entry.payload());
  if (const auto* error = std::get_if<sigstore::StatementError>(&read))
    return Corruption("statement " + LongId(entry.id) + " cannot be read back: " + error->message);
  Describe(std::get<sigstore::Statement>(read).predicate, statement);
  return statement;
}

bool IsTrusted(const trust::Trust* trust, const SignerId& signer, schemas::Kind kind) {
  const trust::TrustedKey* key = trust == nullptr ? nullptr : trust->FindSigner(signer);
  return key != nullptr && key->kinds.contains(kind);
}

std::string ShortId(const StatementId& id) {
  return "sha256:" + HexEncode(id.span().first<4>()) + "…";
}

std::string LongId(const StatementId& id) { return "sha256:" + HexEncode(id.span()); }

std::string SpeakerOf(const LoggedStatement& statement) {
  constexpr size_t kKeyDigits = 12;  // "key:" and eight of 64
  return statement.party.empty() ? statement.signer.ToString().substr(0, kKeyDigits) + "…"
                                 : statement.party;
}

std::string TextOf(const LoggedStatement& statement) {
  std::string text(schemas::KindName(statement.kind));
  if (statement.label.empty()) return text;
  if (statement.label_is_ours) return text + " " + statement.label;
  return text + " " + Quoted(statement.label) + ", says " + SpeakerOf(statement);
}

void WriteLogged(const LoggedStatement& statement, json::Writer& writer) {
  writer.Member("statement", HexEncode(statement.id.span()))
      .Member("index", statement.index.value())
      .Member("kind", schemas::KindName(statement.kind))
      .Member("signer", statement.signer.ToString())
      .Member("label", statement.label);
  if (!statement.party.empty()) writer.Member("party", statement.party);
  if (statement.created) writer.Member("created", FormatTimestamp(*statement.created));
  if (!statement.flop.empty()) writer.Member("flop", statement.flop);
  if (statement.run) writer.Member("run", HexEncode(statement.run->span()));
}

std::string ReferenceLabel(std::string_view field) {
  if (field == "last[]") return "segments";
  if (field == "datasets[].statement") return "dataset";
  if (field == "usage[].device" || field == "devices[]") return "device";
  if (field == "usage[].allocation" || field == "allocations[]") return "allocation";
  return std::string(field.substr(0, field.find('[')));
}

}  // namespace carnet::pipeline

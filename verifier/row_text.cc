#include "verifier/row_text.h"

#include <fmt/core.h>

#include <algorithm>
#include <map>
#include <set>

#include "core/hex.h"
#include "core/utf8.h"
#include "schemas/readers.h"
#include "statements/follow.h"
#include "statements/graph.h"
#include "verifier/describe.h"
#include "verifier/signing_party.h"

namespace carnet::verifier {
namespace {

using schemas::Kind;
using schemas::ReaderOf;

// Words of statements, and parties in a trust directory, may be as many as they like.
constexpr size_t kMaxWords = 8;

std::string Joined(const std::set<std::string>& words) {
  std::string joined;
  size_t shown = 0;
  for (const std::string& word : words) {
    if (shown == kMaxWords) return joined + fmt::format(" and {} more", words.size() - shown);
    joined += (shown++ == 0 ? "" : ", ") + word;
  }
  return joined;
}

// 3,312,544 bytes are "3.3 MB", rounded down.
std::string ByteSize(uint64_t bytes) {
  constexpr std::string_view kPrefixes = "kMGTPE";
  if (bytes < 1000) return Counted(bytes, "byte");
  uint64_t tenths = bytes / 100;
  size_t prefix = 0;
  for (; tenths >= 10'000; tenths /= 1000) ++prefix;
  return fmt::format("{}.{} {}B", tenths / 10, tenths % 10, kPrefixes[prefix]);
}

std::string CountedIdentities(size_t count) {
  return fmt::format("{} {}", count, count == 1 ? "identity" : "identities");
}

std::string Grouped(uint64_t number) {
  std::string text = std::to_string(number);
  for (size_t at = text.size(); at > 3; at -= 3) text.insert(at - 3, ",");
  return text;
}

std::string WeightsText(const std::vector<artifact::WeightSet>& sets) {
  if (sets.empty()) return "no weight file with a readable header";
  if (sets.size() > 1) return Counted(sets.size(), "weight set");
  std::set<std::string> dtypes;
  for (const artifact::TensorSummary& tensor : sets.front().tensors) dtypes.insert(tensor.dtype);
  return fmt::format("{} {} ({})", Grouped(sets.front().elements),
                     sets.front().packed ? "elements" : "parameters", Joined(dtypes));
}

std::set<std::string> PartiesOf(const PassportFile& file,
                                const std::vector<const Statement*>& lines) {
  std::set<std::string> parties;
  for (const Statement* line : lines) parties.insert(SpeakerOfLine(file, *line));
  return parties;
}

std::vector<const Statement*> LinesOf(const PassportFile& file, Kind kind) {
  std::vector<const Statement*> lines;
  for (const Statement& line : file.lines) {
    if (line.kind() == kind) lines.push_back(&line);
  }
  return lines;
}

// Statements that the log's operator signed itself; verdicts, which decide nothing, apart.
size_t CountOwnStatements(const PassportFile& file, const LogView& view) {
  size_t count = 0;
  for (const Statement& line : file.lines) {
    const Attestation& attestation = file.Of(line);
    if (line.kind() == Kind::kVerdict || !attestation.signer || !attestation.place) continue;
    if (attestation.place->log != view.log) continue;
    count += attestation.signer->party() == view.log->operator_party ? 1U : 0U;
  }
  return count;
}

// Devices of another party than the run's that segments use without an allocation.
std::vector<const Statement*> UsedWithoutAllocation(const PassportFile& file) {
  const SigningParty party = PartiesIn(file);
  std::set<const Statement*> devices;
  for (const Statement& line : file.lines) {
    if (line.kind() != Kind::kSegment) continue;
    const Statement* run = statements::RunOf(file.lines, line);
    for (const statements::UsageItem& item : line.segment.value().usage) {
      const Statement* device = statements::Follow(file.lines, item.device, Kind::kDevice);
      if (device == nullptr || run == nullptr || item.allocation) continue;
      if (party(*device) != party(*run)) devices.insert(device);
    }
  }
  return {devices.begin(), devices.end()};
}

const trust::TrustedLog* LogOf(const Attestation& attestation) {
  return attestation.position ? attestation.position->log : nullptr;
}

}  // namespace

std::string SpeakerOfLine(const PassportFile& file, const Statement& line) {
  const auto& signer = file.Of(line).signer;
  return signer ? signer->party() : "an unknown key";
}

std::string ModelText(const artifact::ModelFiles& model, const artifact::CoveredFiles& files) {
  if (!files.digest()) return "no file of the model is covered";
  return fmt::format("sha256:{}…  {}, {}, {}", HexEncode(files.digest()->span()).substr(0, 16),
                     Counted(files.files().size(), "file"), ByteSize(files.bytes()),
                     WeightsText(model.weight_sets));
}

std::string SignaturesText(const PassportFile& file) {
  std::set<SignerId> keys, identities;
  std::set<std::string> parties, certified;
  for (const Attestation& attestation : file.attestations) {
    if (!attestation.signer) continue;
    const LineSigner& signer = *attestation.signer;
    parties.insert(signer.party());
    const CertifiedSigner* certificate = signer.certified();
    (certificate == nullptr ? keys : identities).insert(signer.id());
    if (certificate != nullptr) certified.insert(IdentityText(certificate->certificate.identity));
  }
  std::string text = Counted(file.lines.size(), "attestation") + ", ";
  if (!keys.empty() || identities.empty()) text += Counted(keys.size(), "key");
  if (identities.empty()) return text + ": " + Joined(parties);
  if (!keys.empty()) text += ", ";
  return text + fmt::format("{}: {}; certified: {}", CountedIdentities(identities.size()),
                            Joined(parties), Joined(certified));
}

std::string LogText(const PassportFile& file) {
  std::string text;
  for (const LogView& view : file.views) {
    const auto count =
        std::count_if(file.attestations.begin(), file.attestations.end(),
                      [&](const Attestation& each) { return LogOf(each) == view.log; });
    text += fmt::format("{}{} of {} in {}, tree size {}", text.empty() ? "" : "; ", count,
                        file.lines.size(), view.log->origin, view.checkpoint.size.value());
  }
  return text;
}

std::string IdentityText(const PassportFile& file) {
  std::map<std::string, std::set<Kind>> signed_by;
  for (const Statement& line : file.lines) {
    const auto& signer = file.Of(line).signer;
    if (signer) signed_by[signer->party()].insert(line.kind());
  }
  std::string text;
  size_t listed = 0;
  for (const auto& [party, kinds] : signed_by) {
    if (listed++ == kMaxWords) {
      return text + fmt::format("; and {} more", Counted(signed_by.size() - kMaxWords, "signer"));
    }
    text += (text.empty() ? "" : "; ") + party + " may sign ";
    for (const Kind kind : kinds) {
      text += (kind == *kinds.begin() ? "" : ", ") + std::string(schemas::KindName(kind));
    }
  }
  return text;
}

namespace {

// "KYC according to the seller: passed for 2, failed for 1, not stated for 1".
std::string KycText(const std::vector<const Statement*>& allocations) {
  std::map<wire::KycStatus, size_t> counts;
  for (const Statement* line : allocations) {
    const auto allocation = ReaderOf<wire::Allocation>(line->predicate);
    ++counts[allocation.hasKyc() ? allocation.getKyc().getStatus() : wire::KycStatus::UNSET];
  }
  if (counts[wire::KycStatus::UNSET] == allocations.size()) return "no KYC statement";
  std::string text;
  for (const auto& [status, word] : {std::pair(wire::KycStatus::PASSED, "passed"),
                                     std::pair(wire::KycStatus::PENDING, "pending"),
                                     std::pair(wire::KycStatus::FAILED, "failed"),
                                     std::pair(wire::KycStatus::NOT_DONE, "not done"),
                                     std::pair(wire::KycStatus::UNSET, "not stated")}) {
    if (counts[status] == 0) continue;
    text += fmt::format("{} {} for {}", text.empty() ? "" : ",", word, counts[status]);
  }
  return "KYC according to the seller:" + text;
}

}  // namespace

Row CustodyRow(const PassportFile& file) {
  const auto allocations = LinesOf(file, Kind::kAllocation);
  std::string text;
  if (!allocations.empty()) {
    text = fmt::format("{} signed by {}, {}", Counted(allocations.size(), "allocation"),
                       Joined(PartiesOf(file, allocations)), KycText(allocations));
  }
  if (const auto unsold = UsedWithoutAllocation(file); !unsold.empty()) {
    text += fmt::format("{}{} of {} used without an allocation", text.empty() ? "" : "; ",
                        Counted(unsold.size(), "device"), Joined(PartiesOf(file, unsold)));
  }
  if (text.empty()) return {"custody", RowStatus::kNotApplicable, "no allocation is used"};
  return {"custody", RowStatus::kUnattested, text};
}

Row HardwareRow(const PassportFile& file) {
  const auto devices = LinesOf(file, Kind::kDevice);
  if (devices.empty()) return {"hardware", RowStatus::kNotApplicable, "no device is stated"};
  std::set<std::string> evidence;
  for (const Statement* device : devices) {
    for (const auto item : ReaderOf<wire::Device>(device->predicate).getEvidence()) {
      evidence.insert(Quoted(schemas::TextOf(item.getType())));
    }
  }
  const std::string parties = Joined(PartiesOf(file, devices));
  std::string text = "devices are self-declared by " + parties;
  if (!evidence.empty()) {
    text += fmt::format("; evidence stated, not verified: {}, says {}", Joined(evidence), parties);
  }
  return {"hardware", RowStatus::kUnattested, text};
}

namespace {

// Entries of logs that nobody lists, by log.
void AddUnknownLogs(const PassportFile& file, const trust::Trust& trust,
                    std::vector<std::string>& list) {
  std::map<LogId, uint64_t> unknown;
  for (const Attestation& attestation : file.attestations) {
    for (const sigstore::LogEntry& entry : attestation.bundle.entries)
      if (trust.FindLog(entry.log_id) == nullptr) ++unknown[entry.log_id];
  }
  size_t named = 0;
  for (const auto& [id, count] : unknown) {
    if (named++ == kMaxWords) break;
    list.push_back(fmt::format("{} of log {}, which the trust directory does not list",
                               Counted(count, "receipt"), HexEncode(id.span())));
  }
  if (unknown.size() > kMaxWords) {
    list.push_back(fmt::format("receipts of {} besides, which the trust directory does not list",
                               Counted(unknown.size() - kMaxWords, "log")));
  }
}

}  // namespace

std::vector<std::string> NotChecked(const PassportFile& file, const trust::Trust& trust) {
  std::vector<std::string> list = {
      "newer passports, other completions and revocations outside this file",
      "other views of the log", "times in statements are self-declared",
      "devices, allocations and their time that no statement in this file names"};
  for (const LogView& view : file.views) {
    const std::string& operator_party = view.log->operator_party;
    if (operator_party.empty()) {
      list.push_back(fmt::format("who runs the ledger {}: the trust directory does not say",
                                 view.log->origin));
    } else if (const size_t own = CountOwnStatements(file, view); own > 0) {
      list.push_back(fmt::format(
          "the ledger {} is run by {}, which signed {} in it: their order is proved only as far as "
          "others had seen its checkpoints",
          view.log->origin, operator_party, Counted(own, "statement")));
    }
  }
  const auto unseen =
      std::count_if(file.attestations.begin(), file.attestations.end(), [](const auto& each) {
        const CertifiedSigner* of = each.signer ? each.signer->certified() : nullptr;
        return of != nullptr && !of->timestamp_checked;
      });
  if (unseen > 0) {
    list.push_back(fmt::format(
        "certificate timestamps (SCT) of {}: the trust directory lists no certificate-transparency "
        "log",
        Counted(static_cast<uint64_t>(unseen), "attestation")));
  }
  AddUnknownLogs(file, trust, list);
  if (file.not_verified > 0) {
    list.push_back(Counted(file.not_verified, "signature") + " after the last bad one listed");
  }
  return list;
}

std::vector<std::string> UncoveredFiles(const artifact::ModelFiles& model,
                                        const artifact::CoveredFiles& files) {
  std::vector<std::string> list;
  for (const std::string& path : model.not_covered) {
    list.push_back(path + ": not covered by the model digest");
  }
  for (const artifact::FileEntry& left : files.left_out()) {
    list.push_back(
        fmt::format("{}, {}: not covered by the model digest", left.path, ByteSize(left.bytes)));
  }
  return list;
}

}  // namespace carnet::verifier

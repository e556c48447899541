#include "verifier/bundle/read_passport.h"

#include "core/utf8.h"
#include "schemas/limits.h"
#include "schemas/references.h"

namespace carnet::verifier::bundle {
namespace {

using schemas::kMaxLineBytes;
using schemas::kMaxPassportBytes;
using schemas::kMaxPassportLines;
using schemas::kMaxReferences;

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

Refusal RefusalFor(sigstore::StatementFault fault) {
  switch (fault) {
    case sigstore::StatementFault::kMalformedStatement:
      return {3, RejectReason::kMalformedStatement};
    case sigstore::StatementFault::kUnknownKind:
      return {3, RejectReason::kUnknownKind};
    case sigstore::StatementFault::kBadField:
      return {3, RejectReason::kBadField};
    case sigstore::StatementFault::kWrongSubjects:
      return {3, RejectReason::kWrongSubjects};
  }
  CARNET_CHECK(false);
}

// Few lines with a receipt are shorter; lines are large, and moving them costs.
constexpr size_t kUsualLineBytes = 2'048;

bool HasMoreLines(std::string_view bytes, uint64_t limit) {
  uint64_t lines = 0;
  for (size_t end = bytes.find('\n'); end != bytes.npos; end = bytes.find('\n', end + 1)) {
    if (++lines > limit) return true;
  }
  return false;
}

class Reader {
 public:
  explicit Reader(Findings& findings) : findings_(findings) {}

  PassportFile Read(std::string_view bytes) {
    if (!CheckSize(bytes)) return {};
    file_.lines.reserve(bytes.size() / kUsualLineBytes);
    while (!bytes.empty() && references_ <= kMaxReferences) {
      ++number_;
      const size_t end = bytes.find('\n');
      if (end == bytes.npos) {
        Refuse({1, RejectReason::kMalformedLine}, "the last line does not end in LF");
        break;
      }
      ReadLine(bytes.substr(0, end));
      bytes.remove_prefix(end + 1);
    }
    if (references_ > kMaxReferences) {
      Refuse({1, RejectReason::kTooLarge},
             "more than " + std::to_string(kMaxReferences) + " references");
      return {};
    }
    return std::move(file_);
  }

 private:
  void Refuse(Refusal refusal, std::string message) {
    Finding finding{refusal, std::move(message), {}, {}, {}};
    if (number_ != 0) finding.line = number_;
    findings_.Add(std::move(finding));
  }

  bool CheckSize(std::string_view bytes) {
    if (bytes.empty()) Refuse({1, RejectReason::kMalformedLine}, "the file is empty");
    if (bytes.size() > kMaxPassportBytes) {
      Refuse({1, RejectReason::kTooLarge}, std::to_string(bytes.size()) + " bytes, at most " +
                                               std::to_string(kMaxPassportBytes) + " are read");
      return false;
    }
    if (HasMoreLines(bytes, kMaxPassportLines)) {
      Refuse({1, RejectReason::kTooLarge},
             "more than " + std::to_string(kMaxPassportLines) + " lines");
      return false;
    }
    return true;
  }

  bool CheckLine(std::string_view line) {
    if (line.size() > kMaxLineBytes) {
      Refuse({1, RejectReason::kTooLarge}, "a line of " + std::to_string(line.size()) +
                                               " bytes, at most " + std::to_string(kMaxLineBytes) +
                                               " are read");
      return false;
    }
    std::string_view what;
    if (line.empty()) {
      what = "an empty line";
    } else if (line.starts_with(kByteOrderMark)) {
      what = "a byte order mark";
    } else if (line.find('\r') != line.npos) {
      what = "a carriage return";
    } else {
      return true;
    }
    Refuse({1, RejectReason::kMalformedLine}, std::string(what));
    return false;
  }

  void ReadLine(std::string_view line) {
    if (!CheckLine(line)) return;
    auto bundle = sigstore::ReadBundle(line);
    if (!bundle) return Refuse({2, RejectReason::kMalformedBundle}, bundle.error().message);
    const sigstore::Envelope& envelope = bundle->envelope;
    if (envelope.payload_type != sigstore::kInTotoPayloadType) {
      return Refuse({2, RejectReason::kWrongPayloadType},
                    "dsseEnvelope.payloadType: \"" + Printable(envelope.payload_type) +
                        "\", wanted " + std::string(sigstore::kInTotoPayloadType));
    }
    auto statement = sigstore::ReadStatement(envelope.payload);
    if (const auto* error = std::get_if<sigstore::StatementError>(&statement)) {
      return Refuse(RefusalFor(error->fault), error->message);
    }
    Keep(*std::move(bundle), std::get<sigstore::Statement>(std::move(statement)));
  }

  void Keep(sigstore::Bundle bundle, sigstore::Statement statement) {
    const StatementId id = sigstore::StatementIdOf(bundle.envelope.payload);
    const auto [found, added] = file_.by_id.emplace(id, file_.lines.size());
    if (!added) {
      const size_t first = file_.lines[found->second].number;
      return findings_.Add({{4, RejectReason::kDuplicateStatement},
                            "the statement of line " + std::to_string(first) + " again",
                            id,
                            number_,
                            "keep one of the two lines"});
    }
    references_ += schemas::StrongReferences(statement.predicate).size();
    file_.lines.push_back({.number = number_,
                           .id = id,
                           .bundle = std::move(bundle),
                           .predicate = std::move(statement.predicate),
                           .subjects = std::move(statement.subjects),
                           .position = std::nullopt});
  }

  Findings& findings_;
  PassportFile file_;
  size_t number_ = 0;  // of the line being read; 0: none yet
  uint64_t references_ = 0;
};

}  // namespace

PassportFile ReadPassport(std::string_view bytes, Findings& findings) {
  return Reader(findings).Read(bytes);
}

}  // namespace carnet::verifier::bundle

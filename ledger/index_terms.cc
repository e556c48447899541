#include "ledger/index_terms.h"

#include <fmt/core.h>

#include <algorithm>
#include <unordered_set>

#include "core/byte_reader.h"
#include "core/byte_writer.h"
#include "schemas/limits.h"
#include "schemas/readers.h"
#include "schemas/references.h"
#include "sigstore/statement.h"

namespace carnet::ledger {
namespace {

// Keeps the first occurrence of each value.
template <typename T>
void KeepDistinct(std::vector<T>& values) {
  std::unordered_set<T> seen;
  values.erase(std::remove_if(values.begin(), values.end(),
                              [&](const T& value) { return !seen.insert(value).second; }),
               values.end());
}

std::vector<StatementId> DistinctReferences(const schemas::Predicate& predicate) {
  std::vector<StatementId> targets;
  for (const schemas::Reference& reference : schemas::StrongReferences(predicate))
    targets.push_back(reference.target);
  KeepDistinct(targets);
  return targets;
}

void ReadRun(const schemas::Predicate& predicate, IndexTerms& terms) {
  const auto run = schemas::ReaderOf<wire::Run>(predicate);
  for (const auto edge : run.getInputs())
    if (edge.getModel().isBytes())
      terms.parent_models.push_back(schemas::DigestOf<ModelDigest>(edge.getModel()));
  KeepDistinct(terms.parent_models);
  for (const auto recorder : run.getRecorders())
    terms.recorders.push_back(schemas::SignerIdOf(recorder));
}

void ReadSegment(const schemas::Predicate& predicate, IndexTerms& terms) {
  const auto segment = schemas::ReaderOf<wire::Segment>(predicate);
  terms.run = schemas::DigestOf<StatementId>(segment.getRun());
  if (segment.hasLane()) terms.lane = segment.getLane().getValue();
  terms.seq = segment.getSeq().getValue();
}

void ReadPassport(const schemas::Predicate& predicate, IndexTerms& terms) {
  const auto passport = schemas::ReaderOf<wire::Passport>(predicate);
  terms.model = schemas::DigestOf<ModelDigest>(passport.getModel());
  terms.supersedes = passport.hasSupersedes();
}

void ReadKindTerms(const schemas::Predicate& predicate, IndexTerms& terms) {
  switch (predicate.kind()) {
    case schemas::Kind::kRun:
      return ReadRun(predicate, terms);
    case schemas::Kind::kSegment:
      return ReadSegment(predicate, terms);
    case schemas::Kind::kCompletion:
      terms.run =
          schemas::DigestOf<StatementId>(schemas::ReaderOf<wire::Completion>(predicate).getRun());
      return;
    case schemas::Kind::kPassport:
      return ReadPassport(predicate, terms);
    case schemas::Kind::kDataset:
    case schemas::Kind::kDevice:
    case schemas::Kind::kAllocation:
    case schemas::Kind::kVerdict:
      return;
  }
}

// Lists of values of one size: u32be how many, then the values.

template <typename Value>
void PutList(ByteWriter& writer, const std::vector<Value>& values) {
  writer.U32Be(static_cast<uint32_t>(values.size()));
  for (const Value& value : values) writer.Append(value.span());
}

void PutList(ByteWriter& writer, const std::vector<SignerId>& signers) {
  writer.U32Be(static_cast<uint32_t>(signers.size()));
  for (const SignerId& signer : signers) writer.Append(signer.encoded());
}

template <typename Value>
void PutOptional(ByteWriter& writer, const std::optional<Value>& value) {
  writer.U8(value ? 1 : 0);
  if (value) writer.Append(value->span());
}

// Takes what was put; once something is wrong, nothing more.
class TermsReader {
 public:
  explicit TermsReader(ByteSpan bytes) : reader_(bytes) {}

  uint8_t Byte() { return Of(reader_.U8()); }
  uint64_t Number() { return Of(reader_.U64Be()); }
  bool Flag() {
    const uint8_t flag = Byte();
    if (flag > 1) sound_ = false;
    return flag == 1;
  }
  template <typename Value>
  std::optional<Value> Optional() {
    if (!Flag()) return std::nullopt;
    const auto digest = Digest<Value>();
    return digest;
  }
  template <typename Value>
  std::vector<Value> List() {
    return ListOf<Value, Value::kSize>([](ByteSpan bytes) { return Value::FromSpan(bytes); });
  }
  std::vector<SignerId> Signers() {
    return ListOf<SignerId, SignerId::kSize>(
        [](ByteSpan bytes) { return SignerId::Decode(bytes); });
  }
  bool sound() const { return sound_ && reader_.at_end(); }

 private:
  template <typename Number>
  Number Of(std::optional<Number> number) {
    if (!number) sound_ = false;
    return number.value_or(0);
  }
  template <typename Value>
  std::optional<Value> Digest() {
    const auto bytes = reader_.Take(Value::kSize);
    if (!bytes) sound_ = false;
    return bytes ? Value::FromSpan(*bytes) : std::nullopt;
  }
  template <typename Value, size_t Size, typename Decode>
  std::vector<Value> ListOf(const Decode& decode) {
    const uint32_t count = Of(reader_.U32Be());
    std::vector<Value> values;
    if (uint64_t{count} * Size > reader_.remaining()) sound_ = false;
    for (uint32_t i = 0; sound_ && i < count; ++i) {
      const auto value = decode(*reader_.Take(Size));
      if (!value) sound_ = false;
      if (value) values.push_back(*value);
    }
    return values;
  }

  ByteReader reader_;
  bool sound_ = true;
};

Result<IndexTerms> Read(const schemas::Predicate& predicate,
                        const std::vector<schemas::Subject>& subjects, const SignerId& signer) {
  IndexTerms terms{};
  terms.kind = predicate.kind();
  if (const auto head = predicate.head()) {
    if (head->signer != signer)
      return Rejected(fmt::format("head.signer: names {}, not the signer, {}",
                                  head->signer.ToString(), signer.ToString()));
    terms.ledger = head->ledger;
  }
  for (const schemas::Subject& subject : subjects) terms.subjects.push_back(subject.digest);
  KeepDistinct(terms.subjects);
  terms.references = DistinctReferences(predicate);
  ReadKindTerms(predicate, terms);
  return terms;
}

}  // namespace

Result<> CheckPayloadSize(size_t payload_bytes) {
  if (payload_bytes <= schemas::kMaxLineBytes) return Ok();
  return Rejected(fmt::format("payload: larger than {} bytes", schemas::kMaxLineBytes));
}

Result<IndexTerms> TermsOf(const sigstore::ParsedStatement& statement, const SignerId& signer) {
  CARNET_TRY_VOID(CheckPayloadSize(statement.payload().size()));
  return Read(statement.predicate(), statement.subjects(), signer);
}

Result<IndexTerms> ReadIndexTerms(ByteSpan payload, const SignerId& signer) {
  CARNET_TRY_VOID(CheckPayloadSize(payload.size()));
  const auto read = sigstore::ReadStatement(payload);
  if (const auto* error = std::get_if<sigstore::StatementError>(&read))
    return Malformed(error->message);
  const auto& statement = std::get<sigstore::Statement>(read);
  return Read(statement.predicate, statement.subjects, signer);
}

Bytes EncodeTerms(const IndexTerms& terms) {
  ByteWriter writer;
  writer.U8(schemas::RowOf(terms.kind).stored);
  PutList(writer, terms.subjects);
  PutList(writer, terms.references);
  PutList(writer, terms.parent_models);
  PutOptional(writer, terms.run);
  writer.U64Be(terms.lane).U64Be(terms.seq);
  PutList(writer, terms.recorders);
  PutOptional(writer, terms.model);
  writer.U8(terms.supersedes ? 1 : 0);
  return ToBytes(AsBytes(writer.text()));
}

Result<IndexTerms> DecodeTerms(ByteSpan bytes) {
  TermsReader reader(bytes);
  const auto kind = schemas::KindOfStored(reader.Byte());
  if (!kind) return Corruption("index terms: unknown kind");
  IndexTerms terms{};
  terms.kind = *kind;
  terms.subjects = reader.List<SubjectDigest>();
  terms.references = reader.List<StatementId>();
  terms.parent_models = reader.List<ModelDigest>();
  terms.run = reader.Optional<StatementId>();
  terms.lane = reader.Number();
  terms.seq = reader.Number();
  terms.recorders = reader.Signers();
  terms.model = reader.Optional<ModelDigest>();
  terms.supersedes = reader.Flag();
  if (!reader.sound()) return Corruption("index terms: not what was written");
  return terms;
}

}  // namespace carnet::ledger

// Digests that begin with given digits: one row is read of each, however many rows it has.
#include "ledger/digest_prefix.h"
#include "ledger/keyspace.h"
#include "ledger/reader.h"
#include "ledger/reader_state.h"

namespace carnet::ledger {
namespace {

constexpr size_t kDigestBytes = 32;

std::string Letter(RowClass row_class) { return std::string(1, static_cast<char>(row_class)); }

// The index that a row speaks of: the lowest of its digest, as rows of one are in this order.
Result<LeafIndex> IndexOfRow(std::string_view key, std::string_view value) {
  if (RowClassOf(key) != RowClass::kStatement) return PostingIndex(key);
  if (key.size() != KeySize(RowClass::kStatement))
    return Corruption(DescribeRow(key) + ": not the key of a statement");
  auto statement = DecodeStatement(AsBytes(value));
  if (!statement) return statement.error().In(DescribeRow(key));
  return statement->index;
}

template <typename Digest>
std::vector<Digest> Typed(const std::vector<std::string>& digests) {
  std::vector<Digest> typed;
  typed.reserve(digests.size());
  for (const std::string& digest : digests) typed.push_back(*Digest::FromSpan(AsBytes(digest)));
  return typed;
}

}  // namespace

Result<std::vector<std::string>> Reader::State::DigestsFrom(const std::string& before,
                                                            const DigestPrefix& prefix,
                                                            size_t limit) const {
  std::vector<std::string> digests;
  std::string begin = before + std::string(AsText(prefix.First()));
  const std::string end = PrefixEnd(before + std::string(AsText(prefix.Last())));
  bool found = true;
  while (found && digests.size() < limit && begin < end) {
    std::optional<Error> failed;
    found = false;
    CARNET_TRY_VOID(store.Scan(begin, end, [&](std::string_view row, std::string_view value) {
      const auto index = IndexOfRow(row, value);
      if (!index) {
        failed = index.error().In(store.folder());
        return false;
      }
      found = true;
      const std::string_view to_digest = row.substr(0, before.size() + kDigestBytes);
      if (head.checkpoint.size().Contains(*index))
        digests.emplace_back(to_digest.substr(before.size()));
      begin = PrefixEnd(std::string(to_digest));
      return false;
    }));
    if (failed) return *std::move(failed);
  }
  return digests;
}

Result<std::vector<StatementId>> Reader::StatementsFrom(const DigestPrefix& prefix,
                                                        size_t limit) const {
  CARNET_TRY(const auto digests, state_->DigestsFrom(Letter(RowClass::kStatement), prefix, limit));
  return Typed<StatementId>(digests);
}

Result<std::vector<SubjectDigest>> Reader::SubjectsFrom(const DigestPrefix& prefix,
                                                        size_t limit) const {
  CARNET_TRY(const auto digests, state_->DigestsFrom(Letter(RowClass::kSubject), prefix, limit));
  return Typed<SubjectDigest>(digests);
}

Result<std::vector<ModelDigest>> Reader::ParentModelsFrom(const DigestPrefix& prefix,
                                                          size_t limit) const {
  CARNET_TRY(const auto digests, state_->DigestsFrom(Letter(RowClass::kFromModel), prefix, limit));
  return Typed<ModelDigest>(digests);
}

Result<std::vector<SignerId>> Reader::SignersFrom(SignerId::Form form, const DigestPrefix& prefix,
                                                  size_t limit) const {
  const std::string before = Letter(RowClass::kSigner) + static_cast<char>(form);
  CARNET_TRY(const auto digests, state_->DigestsFrom(before, prefix, limit));
  std::vector<SignerId> signers;
  signers.reserve(digests.size());
  for (const std::string& digest : digests)
    signers.push_back(*SignerId::Decode(AsBytes(before.substr(1) + digest)));
  return signers;
}

}  // namespace carnet::ledger

#include "ledger/reader.h"

#include <fmt/core.h>

#include <algorithm>
#include <limits>

#include "crypto/sha256.h"
#include "ledger/entry.h"
#include "ledger/keyspace.h"
#include "ledger/reader_state.h"
#include "merkle/build_proof.h"
#include "merkle/check_proof.h"
#include "merkle/hasher.h"
#include "sigstore/dsse.h"
#include "sigstore/hashedrekord.h"

namespace carnet::ledger {
namespace {

Result<merkle::InclusionProof> BuildInclusion(NodeReader& nodes, LeafIndex index, TreeSize size) {
  CARNET_TRY(const auto list, merkle::InclusionNodes(index, size));
  CARNET_TRY(const auto hashes, nodes.Nodes(list.nodes));
  return merkle::InclusionProof{merkle::FoldProof(list, hashes)};
}

Result<merkle::ConsistencyProof> BuildConsistency(NodeReader& nodes, TreeSize from, TreeSize to) {
  CARNET_TRY(const auto list, merkle::ConsistencyNodes(from, to));
  CARNET_TRY(const auto hashes, nodes.Nodes(list.nodes));
  return merkle::ConsistencyProof{merkle::FoldProof(list, hashes)};
}

Error NotConsistent(const Store& store, TreeSize from, TreeSize to, const Error& why) {
  return Corruption(fmt::format("{}: tiles do not prove consistency of size {} with size {}: {}",
                                store.folder(), to.value(), from.value(), why.message));
}

}  // namespace

Result<RootHash> Reader::State::VerifiedRoot(NodeReader& nodes, TreeSize size) const {
  const TreeSize head_size = head.checkpoint.size();
  if (size == head_size) return head.checkpoint.root();
  if (size == TreeSize(0)) return merkle::EmptyRoot();
  CARNET_TRY_VOID(CheckUnderHead(size));
  CARNET_TRY(auto hashes, nodes.Nodes(merkle::RangeNodes(size)));
  CARNET_TRY(const auto range, merkle::CompactRange::FromHashes(size, std::move(hashes)));
  CARNET_TRY(const auto proof, BuildConsistency(nodes, size, head_size));
  const auto checked =
      merkle::CheckConsistency(size, range.Root(), head_size, head.checkpoint.root(), proof);
  if (!checked) return NotConsistent(store, size, head_size, checked.error());
  return range.Root();
}

Result<> Reader::State::CheckUnderHead(LeafIndex index) const {
  if (head.checkpoint.size().Contains(index)) return Ok();
  return NotFound(fmt::format("{}: no entry {}: the size is {}", store.folder(), index.value(),
                              head.checkpoint.size().value()));
}

Result<> Reader::State::CheckUnderHead(TreeSize size) const {
  if (size <= head.checkpoint.size()) return Ok();
  return NotFound(fmt::format("{}: no tree of size {}: the size is {}", store.folder(),
                              size.value(), head.checkpoint.size().value()));
}

Result<std::optional<LeafIndex>> Reader::State::IndexIn(const std::string& row) const {
  CARNET_TRY(const auto value, store.Get(row));
  if (!value) return std::optional<LeafIndex>();
  const auto index = DecodeIndex(AsBytes(*value));
  if (!index) return store.InRow(row, index.error());
  if (!head.checkpoint.size().Contains(*index)) return std::optional<LeafIndex>();
  return std::optional<LeafIndex>(*index);
}

Result<std::optional<StatementRow>> Reader::State::StatementIn(
    const StatementId& id, const std::optional<std::string>& value) const {
  if (!value) return std::optional<StatementRow>();
  auto row = DecodeStatement(AsBytes(*value));
  if (!row) return store.InRow(StatementKey(id), row.error());
  if (!head.checkpoint.size().Contains(row->index)) return std::optional<StatementRow>();
  return std::optional(StatementRow{id, row->index, row->kind, std::move(row->references)});
}

Result<std::vector<LeafIndex>> Reader::State::Postings(const std::string& begin,
                                                       const std::string& end, size_t limit) const {
  std::vector<LeafIndex> indices;
  std::optional<Error> failed;
  if (limit == 0 || begin >= end) return indices;
  CARNET_TRY_VOID(store.Scan(begin, end, [&](std::string_view row, std::string_view) {
    const auto index = PostingIndex(row);
    if (!index) {
      failed = index.error().In(store.folder());
      return false;
    }
    indices.push_back(*index);
    return indices.size() < limit;
  }));
  if (failed) return *failed;
  return indices;
}

Result<std::vector<LeafIndex>> Reader::State::IndicesBehind(const std::string& prefix,
                                                            size_t limit) const {
  std::vector<LeafIndex> indices;
  std::optional<Error> failed;
  if (limit == 0) return indices;
  CARNET_TRY_VOID(
      store.Scan(prefix, PrefixEnd(prefix), [&](std::string_view row, std::string_view value) {
        const auto index = DecodeIndex(AsBytes(value));
        if (!index) {
          failed = store.InRow(row, index.error());
          return false;
        }
        if (head.checkpoint.size().Contains(*index)) indices.push_back(*index);
        return indices.size() < limit;
      }));
  if (failed) return *failed;
  return indices;
}

Reader::Reader(std::unique_ptr<State> state) : state_(std::move(state)) {}
Reader::~Reader() = default;

const merkle::NoteKey& Reader::key() const { return state_->key; }
TreeSize Reader::size() const { return head().size(); }
const std::string& Reader::checkpoint() const { return state_->head.note; }
const merkle::VerifiedCheckpoint& Reader::head() const { return state_->head.checkpoint; }

Result<merkle::InclusionProof> Reader::Inclusion(LeafIndex index, TreeSize size) const {
  CARNET_TRY_VOID(state_->CheckUnderHead(size));
  NodeReader nodes(state_->store);
  CARNET_TRY(auto proof, BuildInclusion(nodes, index, size));
  CARNET_TRY(const NodeHash leaf, nodes.Node({0, index.value()}));
  CARNET_TRY(const RootHash root, state_->VerifiedRoot(nodes, size));
  const auto checked = merkle::CheckInclusion(index, size, Retag<LeafHash>(leaf), proof, root);
  if (!checked)
    return Corruption(fmt::format("{}: tiles do not prove entry {}: {}", state_->store.folder(),
                                  index.value(), checked.error().message));
  return proof;
}

Result<merkle::ConsistencyProof> Reader::Consistency(TreeSize from, TreeSize to) const {
  CARNET_TRY_VOID(state_->CheckUnderHead(to));
  NodeReader nodes(state_->store);
  CARNET_TRY(auto proof, BuildConsistency(nodes, from, to));
  if (from == TreeSize(0) || from == to) return proof;
  CARNET_TRY(const RootHash from_root, state_->VerifiedRoot(nodes, from));
  CARNET_TRY(const RootHash to_root, state_->VerifiedRoot(nodes, to));
  const auto checked = merkle::CheckConsistency(from, from_root, to, to_root, proof);
  if (!checked) return NotConsistent(state_->store, from, to, checked.error());
  return proof;
}

Result<RootHash> Reader::RootAt(TreeSize size) const {
  NodeReader nodes(state_->store);
  return state_->VerifiedRoot(nodes, size);
}

Result<OpenedEntry> Reader::State::Entry(LeafIndex index) const {
  CARNET_TRY_VOID(CheckUnderHead(index));
  const std::string row = EntryKey(index);
  CARNET_TRY(const std::string value, store.Need(row));
  auto entry = OpenEntry(AsBytes(value));
  if (!entry) return store.InRow(row, entry.error());
  NodeReader nodes(store);
  CARNET_TRY(const NodeHash leaf, nodes.Node({0, index.value()}));
  if (Retag<LeafHash>(leaf) != entry->leaf)
    return store.InRow(row, Corruption("differs from its leaf hash in the tree"));
  return entry;
}

Result<sigstore::LogEntry> Reader::State::ReceiptOf(const Reader& reader, LeafIndex index,
                                                    const OpenedEntry& entry) const {
  const merkle::VerifiedCheckpoint& checkpoint = head.checkpoint;
  CARNET_TRY(auto proof, reader.Inclusion(index, checkpoint.size()));
  return sigstore::LogEntry{.log_index = index.value(),
                            .log_id = key.id(),
                            .kind = std::string(sigstore::kEntryKind),
                            .version = std::string(sigstore::kEntryVersion),
                            .integrated_time = 0,
                            .signed_entry_timestamp = {},
                            .proof_log_index = index.value(),
                            .proof_root_hash = ToBytes(checkpoint.root().span()),
                            .proof_tree_size = checkpoint.size().value(),
                            .proof = std::move(proof),
                            .checkpoint = head.note,
                            .canonicalized_body = ToBytes(AsBytes(entry.body))};
}

Result<sigstore::LogEntry> Reader::Receipt(LeafIndex index) const {
  CARNET_TRY(const OpenedEntry entry, state_->Entry(index));
  return state_->ReceiptOf(*this, index, entry);
}

Result<sigstore::Bundle> Reader::State::BundleOf(const Reader& reader, LeafIndex index,
                                                 OpenedEntry entry, Bytes payload) const {
  CARNET_TRY(auto receipt, ReceiptOf(reader, index, entry));
  sigstore::Bundle bundle;
  if (entry.stored.certificate.empty()) {
    bundle.material = sigstore::HintOf(Retag<KeyId>(crypto::Sha256Of(entry.stored.spki)));
  } else {
    bundle.material = sigstore::Certificate{std::move(entry.stored.certificate)};
  }
  bundle.timestamps = std::move(entry.stored.timestamps);
  bundle.entries.push_back(std::move(receipt));
  bundle.envelope = {std::string(sigstore::kInTotoPayloadType), std::move(payload),
                     std::move(entry.stored.signature)};
  return bundle;
}

Result<sigstore::Bundle> Reader::BundleAt(LeafIndex index) const {
  CARNET_TRY(OpenedEntry entry, state_->Entry(index));
  if (const auto* absence = std::get_if<schemas::Absence>(&entry.stored.content))
    return state_->store.InRow(EntryKey(index), IsAbsent(*absence));
  Bytes payload = std::get<Bytes>(std::move(entry.stored.content));
  return state_->BundleOf(*this, index, std::move(entry), std::move(payload));
}

Result<sigstore::Bundle> Reader::BundleAt(LeafIndex index, Bytes payload) const {
  CARNET_TRY(OpenedEntry entry, state_->Entry(index));
  if (sigstore::StatementIdOf(payload) != entry.id())
    return state_->store.InRow(EntryKey(index), Rejected("the text given is another statement's"));
  return state_->BundleOf(*this, index, std::move(entry), std::move(payload));
}

Result<StoredEntry> Reader::EntryAt(LeafIndex index) const {
  CARNET_TRY(OpenedEntry entry, state_->Entry(index));
  return StoredEntry{index,
                     entry.id(),
                     entry.stored.signer,
                     std::move(entry.stored.content),
                     std::move(entry.stored.signature),
                     std::move(entry.stored.spki),
                     std::move(entry.stored.certificate)};
}

Result<StatementRow> Reader::Find(const StatementId& id) const {
  const std::string key = StatementKey(id);
  CARNET_TRY(const auto value, state_->store.Get(key));
  CARNET_TRY(auto row, state_->StatementIn(id, value));
  if (!row) return state_->store.InRow(key, NotFound("is not logged"));
  return *std::move(row);
}

Result<std::vector<std::optional<StatementRow>>> Reader::FindAll(
    std::span<const StatementId> ids) const {
  std::vector<std::string> keys;
  keys.reserve(ids.size());
  for (const StatementId& id : ids) keys.push_back(StatementKey(id));
  CARNET_TRY(const auto values, state_->store.GetAll(keys));
  std::vector<std::optional<StatementRow>> rows(ids.size());
  for (size_t i = 0; i < ids.size(); ++i) {
    CARNET_TRY(rows[i], state_->StatementIn(ids[i], values[i]));
  }
  return rows;
}

Result<std::vector<LeafIndex>> Reader::IndicesOf(const StatementId& id) const {
  CARNET_TRY(const StatementRow statement, Find(id));
  CARNET_TRY(auto indices,
             state_->IndicesBehind(DedupPrefix(id), std::numeric_limits<size_t>::max()));
  if (indices.empty()) indices.push_back(statement.index);
  std::sort(indices.begin(), indices.end());
  return indices;
}

Result<std::vector<LeafIndex>> Reader::BySubject(const SubjectDigest& digest, size_t limit,
                                                 LeafIndex from) const {
  return state_->Postings(SubjectKey(digest, from), SubjectKey(digest, LeafIndex(size().value())),
                          limit);
}

Result<std::vector<LeafIndex>> Reader::BySigner(const SignerId& signer, size_t limit,
                                                LeafIndex from) const {
  return state_->Postings(SignerKey(signer, from), SignerKey(signer, LeafIndex(size().value())),
                          limit);
}

Result<std::vector<LeafIndex>> Reader::ReferrersOf(const StatementId& id, size_t limit,
                                                   LeafIndex from) const {
  return state_->Postings(ReferrerKey(id, from), ReferrerKey(id, LeafIndex(size().value())), limit);
}

Result<std::vector<LeafIndex>> Reader::RunsFromModel(const ModelDigest& model, size_t limit,
                                                     LeafIndex from) const {
  return state_->Postings(FromModelKey(model, from), FromModelKey(model, LeafIndex(size().value())),
                          limit);
}

Result<std::vector<LeafIndex>> Reader::ByRun(const StatementId& run, size_t limit) const {
  CARNET_TRY(auto indices, state_->IndicesBehind(SegmentPrefix(run), limit));
  CARNET_TRY(const auto completion, CompletionOf(run));
  if (completion && indices.size() < limit) indices.push_back(*completion);
  return indices;
}

Result<std::optional<LeafIndex>> Reader::SegmentAt(const StatementId& run, uint64_t lane,
                                                   uint64_t seq) const {
  return state_->IndexIn(SegmentKey({run, lane, seq}));
}

Result<std::optional<LeafIndex>> Reader::CompletionOf(const StatementId& run) const {
  return state_->IndexIn(CompletionKey(run));
}

}  // namespace carnet::ledger

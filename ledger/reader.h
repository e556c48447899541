// Reader: everything that can be asked of a ledger without writing to it. All answers of one
// Reader are consistent: of one tree size. Many readers may be open beside one writer, in this
// process or others. Const methods are thread safe. Errors: not_found, corruption (a row that does
// not agree with the tree; every proof is checked before it is handed out), io.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <variant>
#include <vector>

#include "core/digests.h"
#include "core/result.h"
#include "core/signer_id.h"
#include "core/strong_u64.h"
#include "merkle/checkpoint.h"
#include "merkle/proof.h"
#include "schemas/kind.h"
#include "schemas/stored.h"
#include "sigstore/bundle.h"

namespace carnet::ledger {

class DigestPrefix;
class Store;

struct StatementRow {  // what the index alone knows of a statement
  StatementId id;
  LeafIndex index;  // the lowest, if it is logged more than once
  schemas::Kind kind;
  std::vector<StatementId> references;  // strong, distinct, in field order
};

struct StoredEntry {
  LeafIndex index;
  StatementId id;
  SignerId signer;
  std::variant<Bytes, schemas::Absence> content;  // the statement's text, or why it is not here
  Bytes signature;
  Bytes spki;         // empty with a certificate
  Bytes certificate;  // empty with a key

  const Bytes* payload() const { return std::get_if<Bytes>(&content); }  // null where absent
};

class Reader {
 public:
  // Read-only, with or without a writer beside it. The latest signed checkpoint is the guard's, or
  // the database's own where there is a gap; it must be signed by the ledger's key. Errors also:
  // rejected (the database is older than the checkpoint: a restored backup).
  static Result<std::unique_ptr<Reader>> Open(const std::string& folder);
  ~Reader();
  // Moves on to the latest signed checkpoint: true if the log has grown. Nothing is opened anew
  // where it has not. Only for a reader that Open made; not beside other calls. After an error the
  // reader is as before. Errors: as Open.
  Result<bool> Follow();
  Reader(const Reader&) = delete;
  Reader& operator=(const Reader&) = delete;

  const merkle::NoteKey& key() const;  // origin and public key
  LogId log_id() const { return key().id(); }
  TreeSize size() const;                  // of checkpoint()
  const std::string& checkpoint() const;  // the signed note
  const merkle::VerifiedCheckpoint& head() const;

  Result<merkle::InclusionProof> Inclusion(LeafIndex index, TreeSize size) const;
  Result<merkle::ConsistencyProof> Consistency(TreeSize from, TreeSize to) const;
  Result<RootHash> RootAt(TreeSize size) const;

  // What a tlog-tiles client asks for (C2SP tlog-tiles v1.0.0), of the tree of checkpoint(): the
  // hashes of a tile, 32 bytes each; the leaves of an entry bundle, each after its length (u16be).
  // The tile is checked against the checkpoint. `width`: 1 to 256, 256 for a full one; less than
  // the tree has is served too. Errors also: not_found (the tree has no such tile, or not so wide).
  Result<std::string> Tile(uint32_t level, uint64_t index, uint32_t width) const;
  Result<std::string> EntryBundle(uint64_t index, uint32_t width) const;

  // Log entry of the leaf under checkpoint(), as it appears in a bundle. Does not need the
  // statement's text.
  Result<sigstore::LogEntry> Receipt(LeafIndex index) const;
  // The whole attestation with its receipt. Errors also: not_found (its text is withheld or
  // erased, and since when).
  Result<sigstore::Bundle> BundleAt(LeafIndex index) const;
  // The same with the text from elsewhere. Errors also: rejected (it is another statement's).
  Result<sigstore::Bundle> BundleAt(LeafIndex index, Bytes payload) const;

  Result<StoredEntry> EntryAt(LeafIndex index) const;
  Result<StatementRow> Find(const StatementId& id) const;  // errors: not_found
  // In the order of `ids`; absent where a statement is not logged.
  Result<std::vector<std::optional<StatementRow>>> FindAll(std::span<const StatementId> ids) const;
  // Every index at which the statement is logged, ascending (one per signer).
  Result<std::vector<LeafIndex>> IndicesOf(const StatementId& id) const;

  // Digests that begin so, ascending, at most `limit`: of statements; that statements are about;
  // that edges of runs name as a parent model; of those who signed.
  Result<std::vector<StatementId>> StatementsFrom(const DigestPrefix& prefix, size_t limit) const;
  Result<std::vector<SubjectDigest>> SubjectsFrom(const DigestPrefix& prefix, size_t limit) const;
  Result<std::vector<ModelDigest>> ParentModelsFrom(const DigestPrefix& prefix, size_t limit) const;
  Result<std::vector<SignerId>> SignersFrom(SignerId::Form form, const DigestPrefix& prefix,
                                            size_t limit) const;

  // Ascending indices, at most `limit`, from `from` on.
  Result<std::vector<LeafIndex>> BySubject(const SubjectDigest& digest, size_t limit,
                                           LeafIndex from = LeafIndex(0)) const;
  Result<std::vector<LeafIndex>> BySigner(const SignerId& signer, size_t limit,
                                          LeafIndex from = LeafIndex(0)) const;
  // Statements that refer to this one (strong references).
  Result<std::vector<LeafIndex>> ReferrersOf(const StatementId& id, size_t limit,
                                             LeafIndex from = LeafIndex(0)) const;
  // Runs with an edge from this model.
  Result<std::vector<LeafIndex>> RunsFromModel(const ModelDigest& model, size_t limit,
                                               LeafIndex from = LeafIndex(0)) const;
  // Of one run, by its signer or recorders only: segments by (lane, seq), then the completion.
  Result<std::vector<LeafIndex>> ByRun(const StatementId& run, size_t limit) const;
  // The segment of (run, lane, seq), or the completion of a run, where there is one.
  Result<std::optional<LeafIndex>> SegmentAt(const StatementId& run, uint64_t lane,
                                             uint64_t seq) const;
  Result<std::optional<LeafIndex>> CompletionOf(const StatementId& run) const;

 private:
  friend class Ledger;
  struct State;
  explicit Reader(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace carnet::ledger

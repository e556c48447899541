// The index: which rows an entry adds beside its leaf, and which submissions contradict what is
// recorded (docs/rules.md, "Cases").
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "core/result.h"
#include "core/strong_u64.h"
#include "ledger/index_terms.h"
#include "ledger/keyspace.h"

namespace carnet::ledger {

class RowBatch;
class Store;

// Rows that follow from the entry alone: subject, signer, referrer, from-model, recorders.
void ForEachOwnRow(const StatementId& id, const SignerId& signer, const IndexTerms& terms,
                   LeafIndex index, const RowSink& put);

// What the index is made from.
struct Indexed {
  const StatementId& id;
  const SignerId& signer;
  const IndexTerms& terms;
};

// Index rows of one group of calls that are to be committed together. A look-up sees the stored
// rows and the group's earlier ones. The store must outlive it.
class PendingIndex {
 public:
  PendingIndex(const Store& store, RowBatch& batch) : store_(store), batch_(batch) {}

  // Puts the rows of an attestation at `next`; if the same one is already recorded, puts nothing
  // and returns its index. Errors: conflict, corruption, io.
  Result<std::optional<LeafIndex>> Place(const Indexed& attestation, LeafIndex next);

  // Keeps a call's rows for the calls after it, or drops them.
  void KeepCall();
  void DropCall();

 private:
  struct RunSigners {
    StatementId id;
    std::vector<SignerId> signers;
  };
  Result<std::optional<LeafIndex>> FindDuplicate(const Indexed& attestation) const;
  Result<> PlaceStatement(const Indexed& attestation, LeafIndex next);
  Result<> PlaceRunMember(const Indexed& attestation, LeafIndex next);
  Result<> PlacePassport(const Indexed& attestation, LeafIndex next);
  Result<bool> MaySignFor(const StatementId& run, const SignerId& signer);

  Result<std::optional<std::string>> Find(const std::string& key) const;
  Result<std::optional<LeafIndex>> FindIndex(const std::string& key) const;
  void Put(std::string key, std::string value);  // a row that may be looked up again

  const Store& store_;
  RowBatch& batch_;
  std::unordered_map<std::string, std::string> kept_;
  std::unordered_map<std::string, std::string> call_;
  std::optional<RunSigners> last_run_;  // segments of one run come together
};

}  // namespace carnet::ledger

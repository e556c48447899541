// What commands open before they work: key, ledger, trust, policy, model.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "artifact/model_files.h"
#include "cli/command.h"
#include "core/not_covered.h"
#include "core/result.h"
#include "ledger/ledger.h"
#include "ledger/reader.h"
#include "pipeline/check_statement.h"
#include "pipeline/parent_tensors.h"
#include "signer/file_key.h"
#include "signer/signer.h"
#include "trust/trust.h"
#include "verifier/compute/chips.h"
#include "verifier/policy/policy.h"

namespace carnet::cli {

inline constexpr uint64_t kMaxInputBytes = uint64_t{4} << 20;  // a draft: as large as a line

// Whatever stops a command, other than content that is refused, is exit status 3 (not_found, io,
// unsupported): another writer at work all the while, or a key, trust or policy that cannot be
// used.

// A warning where others than its owner can read a file with a secret.
void WarnIfExposed(const std::string& path, Terminal& terminal,
                   std::string_view secret = "private key");

inline constexpr char kPinVariable[] = "CARNET_PIN";
inline constexpr char kPasswordVariable[] = "CARNET_PASSWORD";
inline constexpr char kLedgerPasswordVariable[] = "CARNET_LEDGER_PASSWORD";

// `error`, which opening the key file `path` gave, with its hint. `variable` is where its password
// comes from.
Error HintedKeyError(Error error, const std::string& path, const std::string& variable,
                     Terminal& terminal);
// The same for a ledger, and for a policy's name.
Error HintedLedgerError(Error error, const std::string& folder, Terminal& terminal);
Error HintedPolicyError(Error error, const std::string& name, const std::string& trust,
                        Terminal& terminal);
signer::KeyFileRandomness FreshRandomness();

Result<std::unique_ptr<ledger::Ledger>> OpenLedger(const std::string& folder,
                                                   const std::string& guard, Terminal& terminal,
                                                   unsigned wait_seconds = kDefaultWaitSeconds);
Result<std::unique_ptr<ledger::Reader>> OpenReader(const std::string& folder, Terminal& terminal);
// A key wherever it is (signer/key_place.h).
Result<std::unique_ptr<signer::Signer>> OpenSigner(const std::string& key, Terminal& terminal);
pipeline::OnFinding OnFindingOf(const SigningOptions& signing);
Result<trust::Trust> OpenTrust(const std::string& folder, Terminal& terminal);

// A shipped policy's id, a file `policies/<id>.toml` of the trust directory (it takes precedence),
// or a path that ends in `.toml`. `at`: YYYY-MM-DD, or empty for now.
Result<verifier::policy::Policy> OpenPolicy(const std::string& name, const std::string& trust,
                                            const std::string& at, Terminal& terminal);

// The shipped chip catalogue, what the trust directory adds, and then what `file` adds, if given.
Result<verifier::compute::Catalogue> OpenChips(const trust::Trust& trust, const std::string& file);
// The same with the trust directory in `folder`; empty: none.
Result<verifier::compute::Catalogue> OpenChipsIn(const std::string& folder, const std::string& file,
                                                 Terminal& terminal);

// A file that changed while it was read is no fault of the model's: io. Thread safe.
Result<artifact::ModelFiles> ReadModelFiles(const std::string& path,
                                            const artifact::ReadOptions& options);
// `digest_cache` is a file (cli/open_digest_cache.h), or empty: then every byte is read.
Result<artifact::ModelFiles> OpenModel(const std::string& path, bool follow, Terminal& terminal,
                                       const std::string& digest_cache = "");
// A model as it is recorded: without what its digest leaves out.
Result<artifact::ModelFiles> OpenRecordedModel(const std::string& path, bool follow,
                                               const CoveringOptions& covering, Terminal& terminal,
                                               const std::string& digest_cache = "");
NotCovered PatternsOf(const CoveringOptions& covering);
// Models that one was trained from.
Result<std::vector<pipeline::ParentModel>> OpenParents(const std::vector<std::string>& paths,
                                                       bool follow, Terminal& terminal);
// A small file, such as a draft.
Result<std::string> OpenFile(const std::string& path, uint64_t max_bytes, Terminal& terminal);

}  // namespace carnet::cli

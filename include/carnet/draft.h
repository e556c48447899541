// Drafts filled with what is at hand, as the command fills them: the machine, the files, the run so
// far. Link carnet::record.
//
// `given` is JSON, with the fields that the caller states (docs/formats.md); they go before all
// that is derived, and what cannot be known has to be among them. See also RunRecorder::FillRun and
// FillSegment (<carnet/record.h>).
#pragma once

#include <carnet/export.h>
#include <carnet/ledger.h>
#include <carnet/record.h>
#include <carnet/result.h>
#include <carnet/verify.h>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace carnet {

// Of the files at this path: `name` and `size`. Attest takes it with the files' digests.
// Errors: malformed (given; what nobody said, field by field), not_found, io, rejected.
CARNET_API Result<FilledDraft> FillDataset(const std::string& path, std::string_view given);

// `intended_deployment`, as the run of this completion states it. Errors: malformed (given, id),
// not_found (not in this ledger).
CARNET_API Result<FilledDraft> FillPassport(const Ledger& ledger, std::string_view completion,
                                            std::string_view given);

// What this machine reports of its GPUs, or of its CPU where it has none: JSON, which another
// process of the same job may attest. Errors: io, malformed, rejected (GPUs of several kinds).
CARNET_API Result<std::string> ReportMachine(bool cpu_only = false);

struct AttestedMachine {
  std::string statement;  // id
  bool repeated;          // this key had attested it before
  std::vector<std::string> notes;
};

// Signs and logs a device statement of a machine, unless this key has done so: the statement is
// used again as long as the machine reports the same units and model. Errors: malformed (report;
// its chip is not in the catalogue: attest it with a draft), and as Attest.
CARNET_API Result<AttestedMachine> AttestMachine(const Ledger& ledger, const Key& key,
                                                 std::string_view report, Time now);

// carnet.toml: where the ledger, key and trust directory of a project are, and whose it is.
struct Project {
  std::string path;    // of the file, absolute
  std::string ledger;  // paths are as seen from the working directory; empty: not given
  std::string guard;
  std::string key;  // a file, or what names a key elsewhere, as the command takes it
  std::string trust;
  std::string policy;  // id, or .toml file
  std::string party_id;
  std::string party_name;
  // Files on the way that were passed over because a stranger may have written them.
  std::vector<std::string> warnings;
};

// The file that is named, by the argument or by CARNET_CONFIG; else the first in the working
// directory or above it, as far as $HOME; absent where there is none, or for "none". Not for a
// program that judges models of others there. Errors: not_found, malformed, io (named, and a
// stranger may have written it).
CARNET_API Result<std::optional<Project>> FindProject(const std::string& named = "");

}  // namespace carnet

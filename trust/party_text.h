// The text of party files, continued as somebody would by hand: everything else in a file stays as
// it is. Private to trust/.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "core/file.h"
#include "core/result.h"
#include "trust/load_parties.h"

namespace carnet::trust {

// One editor at a time, in the folder, which is made where there is none; the lock ends with the
// descriptor. Errors: io.
Result<FileDescriptor> LockParties(const std::string& folder);

// Where the party's keys and identities are listed: its file, or the one to make. Errors: malformed
// (a new party's id that is no file name), conflict (another party has that file).
Result<std::string> PartyFileOf(const std::string& party, const std::vector<PartyFile>& files);

// Writes the party's file with the block, one key or one identity, at its end. Errors: malformed
// (where it would not read back as that, such as after `key = [{…}]` on one line, which TOML lets
// nobody continue), io.
Result<> AppendBlock(const std::string& path, const std::string& party, const std::string& block);

// Lines of a block. `from` and `until` as TOML spells them; empty: there is none.
std::string WindowLines(const std::string& from, const std::string& until);
std::string DateLines(const DateWindow& dates);  // whole days, UTC
std::string KindsLine(const std::set<schemas::Kind>& kinds);

}  // namespace carnet::trust

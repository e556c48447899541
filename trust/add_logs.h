// Adds the logs of somebody else's trusted root to a trust directory.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"
#include "merkle/signed_note.h"

namespace carnet::trust {

struct AddedLog {
  merkle::NoteKey key;
  std::string operator_party;  // empty: nobody says who
  bool known;                  // it was there already
};

// `trusted_root` is Sigstore's JSON, `file` its name in messages; `operator_party`, where given,
// goes before what it says about who runs the logs. trusted_root.json is made where there is none.
// A log that is there already stays as it is, and a key is never added to it: whoever writes a
// trusted root could then speak for a log that others made. Whatever else the file holds is kept.
// Nothing is changed on an error:
//   conflict   a log of this origin is trusted with another key, other dates or another operator
//   malformed, unsupported  either file
//   not_found, io
Result<std::vector<AddedLog>> AddLogs(const std::string& folder, std::string_view trusted_root,
                                      std::string_view file,
                                      const std::optional<std::string>& operator_party);

}  // namespace carnet::trust

// Canonical device ids (S7): what names one accelerator, or a group of them.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"
#include "core/signer_id.h"

namespace carnet::schemas {

// One device, not a group. The message says what is wrong, not where, and where a tool's spelling
// was taken over, what to write instead. Errors: malformed.
Result<> CheckDeviceId(std::string_view id);

// The canonical id of what a tool prints, spaces around it aside: "GPU-5B3C…" of nvidia-smi, NVML
// and CUDA, "i-0abc…" of AWS, and canonical ids in upper case. Errors: malformed: an id of a MIG
// instance, which is a part of a GPU, with the GPU's id where it is in there; or of no known form.
Result<std::string> CanonicalDeviceId(std::string_view text);

bool IsGroupId(std::string_view id);
// "group:" and the SHA-256 of the sorted members, one per line.
std::string GroupId(const std::vector<std::string_view>& members);

// The signer that a `declared:` id names; absent for ids of other forms.
std::optional<SignerId> DeclaringSigner(std::string_view id);

}  // namespace carnet::schemas

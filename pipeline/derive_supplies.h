// What can be known of the drafts of what a run is supplied with: devices, data, device time.
#pragma once

#include <optional>
#include <string>

#include "artifact/manifest.h"
#include "core/result.h"
#include "core/signer_id.h"
#include "core/timestamp.h"
#include "pipeline/derived_draft.h"
#include "pipeline/this_machine.h"
#include "verifier/compute/chips.h"

namespace carnet::pipeline {

// Whether the fields that its user states describe a device by themselves: its `id`, with `chip` or
// `cpu`. Nothing of this machine belongs to it then, whichever it is.
bool IsDeviceStated(const json::Document& given);

// A group where there are several GPUs. A CPU's id is declared by `signer`, and left to fill in
// where there is none; so is a chip that the catalogue does not know by the name reported. Nothing
// is derived where `given` is of another device: a chip, and this machine has none; a CPU, and this
// machine is described by its GPUs; or the id of other hardware.
DerivedDraft DeriveDevice(const ThisMachine& machine, const std::optional<SignerId>& signer,
                          const verifier::compute::Catalogue& chips, const json::Document& given);

// `name` from the folder's or file's, and `size.bytes`.
DerivedDraft DeriveDataset(const std::string& path, const artifact::FileList& files);

// `window.from`.
DerivedDraft DeriveAllocation(TimestampMs now);

}  // namespace carnet::pipeline

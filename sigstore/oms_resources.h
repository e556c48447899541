// Private to sigstore/: the resources of an OpenSSF Model Signing statement, each by itself and all
// of them together.
#pragma once

#include "artifact/oms_manifest.h"
#include "core/result.h"
#include "json/tree.h"
#include "sigstore/oms_statement.h"

namespace carnet::sigstore {

// Fills `manifest.resources`; the rest of it is there. Where a check other than that of the schema
// fails, `fault` says which. Errors: malformed, with the path of the field.
Result<> ReadOmsResources(json::Value predicate, artifact::OmsManifest& manifest, OmsFault& fault);

// Whatever cannot be so at once: the same name twice, shards that do not make up a file, a single
// file among others, a file that is signed and ignored. Errors as above.
Result<> CheckOmsResources(const artifact::OmsManifest& manifest, OmsFault& fault);

}  // namespace carnet::sigstore

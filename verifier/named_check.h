// The checks of bundles and of certificates, each under a name of its own: "3 leaf-is-a-ca" is of
// step 3 of bundle/verify_bundle.h, "R15 created-early" of rule 15. Tests take them out by these
// names, one at a time, and see whether any case notices (tools/mutate_checks.py, which finds them
// in the sources).
//
// What yields a value that later steps need, a parser or a lookup, has no name: nothing could go on
// without it.
#pragma once

#include <string_view>

namespace carnet::verifier {

// `failed`, as it is given. In a file of its own, so that a linker can lead calls elsewhere.
bool Fails(std::string_view check, bool failed);

}  // namespace carnet::verifier

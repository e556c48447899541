// Private to crypto/: libsodium set up before its first use.
#pragma once

namespace carnet::crypto {

// Called by everything that calls libsodium. Any thread may come first, in any order of use, and a
// program that never touches a key pays nothing: hence neither a static object nor a duty of
// main().
void EnsureSodium();

}  // namespace carnet::crypto

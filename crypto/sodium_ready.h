// Private to crypto/: libsodium set up before its first use.
#pragma once

namespace carnet::crypto {

// Called by everything that calls libsodium. Any order of use and any thread may come first, and
// programs that never touch a key pay nothing, so this is no static object and no duty of main().
void EnsureSodium();

}  // namespace carnet::crypto

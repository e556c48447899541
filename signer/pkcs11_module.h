// Private to signer/: a PKCS#11 module that is loaded and initialized, and shut down at the end.
#pragma once

#include <memory>
#include <string>

#include "core/result.h"
#include "signer/pkcs11_header.h"
#include "signer/pkcs11_uri.h"

namespace carnet::signer {

class Pkcs11Module {
 public:
  // The code of the module runs in this process: only one that the user named. Errors: io,
  // unsupported (a file that is no module).
  static Result<std::unique_ptr<Pkcs11Module>> Load(const Pkcs11Uri& uri);

  Pkcs11Module(const Pkcs11Module&) = delete;
  Pkcs11Module& operator=(const Pkcs11Module&) = delete;
  ~Pkcs11Module();

  const CK_FUNCTION_LIST& calls() const { return *calls_; }

 private:
  Pkcs11Module(void* library, const CK_FUNCTION_LIST* calls, bool shut_down)
      : library_(library), calls_(calls), shut_down_(shut_down) {}
  void* library_;
  const CK_FUNCTION_LIST* calls_;
  bool shut_down_;  // not where others in this process had initialized it
};

}  // namespace carnet::signer

#include "signer/pkcs11_module.h"

#include <dlfcn.h>
#include <fmt/core.h>

#include <vector>

#include "core/utf8.h"
#include "signer/pkcs11_error.h"

namespace carnet::signer {
namespace {

std::vector<std::string> FilesOf(const Pkcs11Uri& uri) {
  if (!uri.module_path.empty()) return {uri.module_path};
  return {uri.module_name + ".so", "lib" + uri.module_name + ".so"};
}

Result<void*> OpenLibrary(const Pkcs11Uri& uri) {
  std::string why;
  for (const std::string& file : FilesOf(uri)) {
    if (void* library = ::dlopen(file.c_str(), RTLD_NOW | RTLD_LOCAL)) return library;
    const char* said = ::dlerror();
    why += (why.empty() ? "" : "; ") + Printable(said == nullptr ? file : said, 300);
  }
  return Io("the module cannot be loaded: " + why);
}

// PKCS#11 v2.40, 5.4: several threads, locking by the system. A module that cannot is told that
// there is one, as calls come one after the other anyway.
CK_RV Initialize(const CK_FUNCTION_LIST& calls) {
  CK_C_INITIALIZE_ARGS arguments{};
  arguments.flags = CKF_OS_LOCKING_OK;
  const CK_RV answer = calls.C_Initialize(&arguments);
  return answer == CKR_CANT_LOCK ? calls.C_Initialize(nullptr) : answer;
}

Result<const CK_FUNCTION_LIST*> CallsOf(void* library) {
  // POSIX: a function's address comes as that of an object.
  const auto get_list =
      reinterpret_cast<CK_C_GetFunctionList>(::dlsym(library, "C_GetFunctionList"));
  if (get_list == nullptr) {
    return Unsupported("the library is no PKCS#11 module: it has no C_GetFunctionList");
  }
  CK_FUNCTION_LIST* calls = nullptr;
  const CK_RV answer = get_list(&calls);
  if (answer != CKR_OK) return Pkcs11Error(answer, "C_GetFunctionList");
  if (calls == nullptr || calls->version.major < 2) {
    return Unsupported("the module is older than PKCS#11 v2");
  }
  return calls;
}

}  // namespace

Result<std::unique_ptr<Pkcs11Module>> Pkcs11Module::Load(const Pkcs11Uri& uri) {
  CARNET_TRY(void* const library, OpenLibrary(uri));
  const auto calls = CallsOf(library);
  if (!calls) {
    ::dlclose(library);
    return calls.error();
  }
  const CK_RV answer = Initialize(**calls);
  if (answer != CKR_OK && answer != CKR_CRYPTOKI_ALREADY_INITIALIZED) {
    ::dlclose(library);
    return Pkcs11Error(answer, "C_Initialize");
  }
  return std::unique_ptr<Pkcs11Module>(new Pkcs11Module(library, *calls, answer == CKR_OK));
}

Pkcs11Module::~Pkcs11Module() {
  if (shut_down_) calls_->C_Finalize(nullptr);
  ::dlclose(library_);
}

}  // namespace carnet::signer

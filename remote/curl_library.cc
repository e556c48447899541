#include "remote/curl_library.h"

#include <dlfcn.h>

#include <array>
#include <string>

#include "core/utf8.h"

namespace carnet::remote {
namespace {

// The same interface, built with OpenSSL and with GnuTLS; Debian has both.
constexpr std::array kFiles = {"libcurl.so.4", "libcurl-gnutls.so.4"};

template <typename Call>
bool TakeCall(void* library, const char* name, Call& call) {
  // POSIX: a function's address comes as that of an object.
  call = reinterpret_cast<Call>(::dlsym(library, name));
  return call != nullptr;
}

bool TakeAll(void* library, CurlCalls& calls) {
  return TakeCall(library, "curl_global_init", calls.global_init) &&
         TakeCall(library, "curl_easy_init", calls.easy_init) &&
         TakeCall(library, "curl_easy_setopt", calls.easy_setopt) &&
         TakeCall(library, "curl_easy_perform", calls.easy_perform) &&
         TakeCall(library, "curl_easy_getinfo", calls.easy_getinfo) &&
         TakeCall(library, "curl_easy_strerror", calls.easy_strerror) &&
         TakeCall(library, "curl_easy_cleanup", calls.easy_cleanup) &&
         TakeCall(library, "curl_slist_append", calls.slist_append) &&
         TakeCall(library, "curl_slist_free_all", calls.slist_free_all);
}

}  // namespace

Result<CurlCalls> LoadCurl() {
  std::string why;
  for (const char* file : kFiles) {
    void* library = ::dlopen(file, RTLD_NOW | RTLD_LOCAL);
    if (library == nullptr) {
      const char* said = ::dlerror();
      if (why.empty() && said != nullptr) why = Printable(said, 300);
      continue;
    }
    CurlCalls calls{};
    if (TakeAll(library, calls) && calls.global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK) {
      return calls;
    }
    why = std::string(file) + " is not as expected";
  }
  return Io("services on the network are reached through libcurl, which cannot be loaded: " + why +
            " (install it with: apt install libcurl4)");
}

}  // namespace carnet::remote

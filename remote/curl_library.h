// Private to remote/: libcurl, loaded when the first request is made (docs/design/0009-remote.md).
#pragma once

#define CURL_DISABLE_TYPECHECK
#include <curl/curl.h>

#include "core/result.h"

namespace carnet::remote {

struct CurlCalls {
  decltype(&::curl_global_init) global_init;
  decltype(&::curl_easy_init) easy_init;
  decltype(&::curl_easy_setopt) easy_setopt;
  decltype(&::curl_easy_perform) easy_perform;
  decltype(&::curl_easy_getinfo) easy_getinfo;
  decltype(&::curl_easy_strerror) easy_strerror;
  decltype(&::curl_easy_cleanup) easy_cleanup;
  decltype(&::curl_slist_append) slist_append;
  decltype(&::curl_slist_free_all) slist_free_all;
};

// Stays loaded until the process ends. Errors: io, with the package to install.
Result<CurlCalls> LoadCurl();

}  // namespace carnet::remote

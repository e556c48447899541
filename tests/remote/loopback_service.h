// service.py at work for one test, and what it was asked. Stopped, by closing its standard input,
// at the end of the test.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "remote/http_client.h"
#include "tests/support/scratch_folder.h"

namespace carnet::test {

struct Said {
  int status = 200;
  std::string content_type = {};
  std::string body = {};
  std::vector<std::string> headers = {};  // "Retry-After: 1"
  double wait = 0;
  std::string how = "whole";  // as in service.py
};

class LoopbackService {
 public:
  // The answers to the first request, the second, …; the last to all that follow. With a file of
  // key and certificate it speaks TLS.
  explicit LoopbackService(const std::vector<Said>& answers, const std::string& tls_pem = "");
  LoopbackService(const LoopbackService&) = delete;
  LoopbackService& operator=(const LoopbackService&) = delete;
  ~LoopbackService();

  remote::Url url(const std::string& path = "") const;
  // First line, headers and body as they came; "" where there was no such request.
  std::string Asked(size_t number = 0) const;
  std::string AskedBody(size_t number = 0) const;
  size_t requests() const;

 private:
  ScratchFolder folder_;
  pid_t process_ = 0;
  int input_ = -1;
  std::string port_;
  std::string scheme_;
};

// A client in a hurry, and the pauses that it would have made.
struct HurriedClient {
  explicit HurriedClient(remote::HttpLimits limits = Limits());
  static remote::HttpLimits Limits();
  std::vector<std::chrono::milliseconds> pauses;
  std::unique_ptr<remote::HttpClient> http;
};

}  // namespace carnet::test

// HTTP on a port of loopback for one test, answered by a function of the test in a thread of its
// own. For scripted services: tests/remote/loopback_service.h.
#pragma once

#include <functional>
#include <string>
#include <thread>

namespace carnet::test {

struct HttpAsked {
  std::string path;
  std::string body;
};

struct HttpReply {
  int status = 200;
  std::string content_type = {};
  std::string body = {};
};

class HttpService {
 public:
  // `reply` is called by one thread, one request after the other, and not once this is gone.
  explicit HttpService(std::function<HttpReply(const HttpAsked&)> reply);
  HttpService(const HttpService&) = delete;
  HttpService& operator=(const HttpService&) = delete;
  ~HttpService();

  std::string url(const std::string& path = "") const {
    return "http://127.0.0.1:" + std::to_string(port_) + path;
  }

 private:
  void Serve();
  void Answer(int connection) const;

  std::function<HttpReply(const HttpAsked&)> reply_;
  int listener_;
  int port_ = 0;
  std::thread thread_;
};

}  // namespace carnet::test

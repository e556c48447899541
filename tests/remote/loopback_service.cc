#include "tests/remote/loopback_service.h"

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <boost/json.hpp>

#include "core/base64.h"
#include "tests/support/test.h"
#include "tests/support/value_of.h"
#include "tests/support/vectors.h"

extern char** environ;

namespace carnet::test {
namespace {

std::string Script(const Said& said) {
  boost::json::object headers;
  if (!said.content_type.empty()) headers["Content-Type"] = said.content_type;
  for (const std::string& line : said.headers) {
    const size_t colon = line.find(": ");
    headers[line.substr(0, colon)] = line.substr(colon + 2);
  }
  return boost::json::serialize(boost::json::object{{"status", said.status},
                                                    {"headers", headers},
                                                    {"body", Base64Encode(AsBytes(said.body))},
                                                    {"wait", said.wait},
                                                    {"how", said.how}});
}

}  // namespace

LoopbackService::LoopbackService(const std::vector<Said>& answers, const std::string& tls_pem)
    : scheme_(tls_pem.empty() ? "http" : "https") {
  for (size_t i = 0; i < answers.size(); ++i) {
    folder_.Write(std::to_string(i) + ".json", Script(answers[i]));
  }
  int to[2], from[2];
  BOOST_REQUIRE(::pipe2(to, O_CLOEXEC) == 0 && ::pipe2(from, O_CLOEXEC) == 0);
  std::string script = (SourceFolder() / "tests/remote/service.py").string();
  std::string python = "/usr/bin/python3", folder = folder_.str();
  std::string pem = tls_pem;
  char* arguments[] = {python.data(), script.data(), folder.data(),
                       pem.empty() ? nullptr : pem.data(), nullptr};
  posix_spawn_file_actions_t actions;
  ::posix_spawn_file_actions_init(&actions);
  ::posix_spawn_file_actions_adddup2(&actions, to[0], STDIN_FILENO);
  ::posix_spawn_file_actions_adddup2(&actions, from[1], STDOUT_FILENO);
  BOOST_REQUIRE_EQUAL(::posix_spawn(&process_, arguments[0], &actions, nullptr, arguments, environ),
                      0);
  ::posix_spawn_file_actions_destroy(&actions);
  ::close(to[0]);
  ::close(from[1]);
  input_ = to[1];
  char c = 0;
  while (::read(from[0], &c, 1) == 1 && c != '\n') port_ += c;
  ::close(from[0]);
  BOOST_REQUIRE_MESSAGE(!port_.empty(), "the service did not start");
}

LoopbackService::~LoopbackService() {
  ::close(input_);
  ::waitpid(process_, nullptr, 0);
}

remote::Url LoopbackService::url(const std::string& path) const {
  return ValueOf(remote::Url::Parse(scheme_ + "://127.0.0.1:" + port_ + path), "url");
}

std::string LoopbackService::Asked(size_t number) const {
  const std::string file = folder_ / (std::to_string(number) + ".request");
  return std::filesystem::exists(file) ? Slurp(file) : "";
}

std::string LoopbackService::AskedBody(size_t number) const {
  const std::string asked = Asked(number);
  return asked.substr(asked.find("\n\n") + 2);
}

size_t LoopbackService::requests() const {
  size_t count = 0;
  while (!Asked(count).empty()) ++count;
  return count;
}

remote::HttpLimits HurriedClient::Limits() {
  remote::HttpLimits limits;
  limits.connect = std::chrono::milliseconds(2'000);
  limits.whole = std::chrono::milliseconds(5'000);
  return limits;
}

HurriedClient::HurriedClient(remote::HttpLimits limits)
    : http(
          ValueOf(remote::HttpClient::Create(
                      limits, [this](std::chrono::milliseconds pause) { pauses.push_back(pause); }),
                  "client")) {}

}  // namespace carnet::test

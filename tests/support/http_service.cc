#include "tests/support/http_service.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <utility>

#include "tests/support/value_of.h"

namespace carnet::test {
namespace {

constexpr char kHeadEnd[] = "\r\n\r\n";

size_t LengthIn(const std::string& head) {
  const size_t at = head.find("Content-Length: ");
  return at == head.npos ? 0 : std::stoul(head.substr(at + 16));
}

// Head and body, as far as they come.
std::string ReadRequest(int connection) {
  std::string text;
  char buffer[4096];
  for (;;) {
    const size_t end = text.find(kHeadEnd);
    if (end != text.npos && text.size() >= end + 4 + LengthIn(text.substr(0, end))) return text;
    const ssize_t count = ::recv(connection, buffer, sizeof buffer, 0);
    if (count <= 0) return "";
    text.append(buffer, static_cast<size_t>(count));
  }
}

void SendAll(int connection, const std::string& text) {
  size_t sent = 0;
  while (sent < text.size()) {
    const ssize_t count = ::send(connection, text.data() + sent, text.size() - sent, MSG_NOSIGNAL);
    if (count <= 0) return;
    sent += static_cast<size_t>(count);
  }
}

}  // namespace

HttpService::HttpService(std::function<HttpReply(const HttpAsked&)> reply)
    : reply_(std::move(reply)), listener_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = ::htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  auto* const any = reinterpret_cast<sockaddr*>(&address);
  if (::bind(listener_, any, size) != 0 || ::listen(listener_, 16) != 0 ||
      ::getsockname(listener_, any, &size) != 0) {
    GiveUp("no port to listen on");
  }
  port_ = ::ntohs(address.sin_port);
  thread_ = std::thread([this] { Serve(); });
}

HttpService::~HttpService() {
  ::shutdown(listener_, SHUT_RDWR);
  thread_.join();
  ::close(listener_);
}

void HttpService::Serve() {
  for (;;) {
    const int connection = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (connection < 0) return;
    Answer(connection);
    ::close(connection);
  }
}

void HttpService::Answer(int connection) const {
  const std::string text = ReadRequest(connection);
  const size_t end = text.find(kHeadEnd);
  if (end == text.npos) return;
  const size_t from = text.find(' ') + 1;
  const HttpReply reply =
      reply_({text.substr(from, text.find(' ', from) - from), text.substr(end + 4)});
  SendAll(connection, "HTTP/1.1 " + std::to_string(reply.status) + " Said\r\nContent-Type: " +
                          reply.content_type + "\r\nConnection: close\r\nContent-Length: " +
                          std::to_string(reply.body.size()) + "\r\n\r\n" + reply.body);
}

}  // namespace carnet::test

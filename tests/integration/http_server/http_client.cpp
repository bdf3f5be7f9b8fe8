#include "tests/integration/http_server/http_client.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <stdexcept>

namespace mcp {

namespace {

constexpr Duration patience = std::chrono::seconds(20);
constexpr Duration step = std::chrono::milliseconds(5);

}  // namespace

ServerFixture::ServerFixture(ScriptedHandler::Script script, HttpServerOptions options)
    : handler(std::move(script)),
      server(make_http_server(*loop, std::move(options), handler).value()) {}

bool ServerFixture::turn_until(const std::function<bool()>& condition) {
  const auto end = Clock::now() + patience;
  while (!condition()) {
    if (Clock::now() > end) return false;
    loop->turn(Clock::now() + step);
  }
  return true;
}

void ServerFixture::turn_for(Duration time) {
  const auto end = Clock::now() + time;
  while (Clock::now() < end) loop->turn(end);
}

RawClient::RawClient(ServerFixture& fixture)
    : fixture_(fixture), descriptor_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(fixture.server->port());
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (descriptor_ < 0 ||
      ::connect(descriptor_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    throw std::runtime_error("cannot connect");
  }
}

RawClient::~RawClient() {
  ::close(descriptor_);
}

void RawClient::send(std::string_view bytes) {
  while (!bytes.empty()) {
    const auto sent = ::send(descriptor_, bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    if (sent > 0) {
      bytes.remove_prefix(static_cast<std::size_t>(sent));
    } else if (sent < 0 && errno != EAGAIN) {
      return;  // the server has closed: the test sees it when it receives
    }
    fixture_.loop->turn(Clock::now() + step);
  }
}

void RawClient::shut_down_sending() {
  ::shutdown(descriptor_, SHUT_WR);
}

bool RawClient::receive_some(std::string& into) {
  static std::array<char, 1024UL * 1024> buffer;
  const auto got = ::recv(descriptor_, buffer.data(), buffer.size(), MSG_DONTWAIT);
  if (got > 0) into.append(buffer.data(), static_cast<std::size_t>(got));
  if (got == 0) ending = "eof";
  if (got < 0 && errno != EAGAIN) ending = "reset";
  return ending == "open";
}

std::string RawClient::receive_until(std::string_view text) {
  std::string all;
  fixture_.turn_until([&] {
    // Only what is new is searched: of 20 MB, all of it each time takes longer than the patience.
    const auto from = all.size() < text.size() ? 0 : all.size() - text.size();
    return !receive_some(all) || (!text.empty() && all.find(text, from) != std::string::npos);
  });
  return all;
}

std::string RawClient::receive_now() {
  std::string all;
  fixture_.loop->turn(Clock::now() + step);
  receive_some(all);
  return all;
}

std::string RawClient::receive_all() {
  return receive_until({});
}

}  // namespace mcp

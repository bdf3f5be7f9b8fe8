#include "tests/integration/relay/relay_bench.hpp"

#include <doctest/doctest.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <stdexcept>

#include "mcp/io/http_server_socket.hpp"

namespace mcp {
namespace {

constexpr auto patience = std::chrono::seconds(10);

bool would_block() {
  return errno == EAGAIN || errno == EWOULDBLOCK;
}

Descriptor connect_to(std::uint16_t port) {
  Descriptor socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  if (!socket) throw std::runtime_error("no socket can be had");
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  REQUIRE(::connect(socket.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) ==
          0);
  return socket;
}

void turn_shortly(Loop& loop) {
  loop.turn(Clock::now() + std::chrono::milliseconds(2));
}

}  // namespace

RelayPeer::RelayPeer(Loop& loop, Descriptor socket) : loop_(loop), socket_(std::move(socket)) {}

bool RelayPeer::wait(const std::function<bool()>& done) {
  const auto latest = Clock::now() + patience;
  while (!done()) {
    if (Clock::now() > latest) return false;
    turn_shortly(loop_);
  }
  return true;
}

bool RelayPeer::send(std::string_view bytes) {
  bool taken = true;
  const bool in_time = wait([&] {
    const auto sent =
        ::send(socket_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    if (sent > 0) bytes.remove_prefix(static_cast<std::size_t>(sent));
    if (sent < 0 && !would_block()) taken = false;
    return bytes.empty() || !taken;
  });
  return in_time && taken;
}

std::size_t RelayPeer::send_what_is_taken(std::string_view bytes) {
  std::size_t taken = 0;
  int quiet_turns = 0;
  while (taken < bytes.size() && quiet_turns < 20) {
    const auto rest = bytes.substr(taken);
    const auto sent = ::send(socket_.get(), rest.data(), rest.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    quiet_turns = sent > 0 ? 0 : quiet_turns + 1;
    if (sent > 0) taken += static_cast<std::size_t>(sent);
    turn_shortly(loop_);
  }
  return taken;
}

bool RelayPeer::receive_some() {
  std::array<char, 65536> block{};
  const auto got = ::recv(socket_.get(), block.data(), block.size(), MSG_DONTWAIT);
  if (got > 0) received_.append(block.data(), static_cast<std::size_t>(got));
  if (got == 0) ending = "eof";
  if (got < 0 && !would_block()) ending = errno == ECONNRESET ? "reset" : "error";
  return got > 0;
}

std::string RelayPeer::take(std::size_t size) {
  auto text = received_.substr(0, size);
  received_.erase(0, text.size());
  return text;
}

std::string RelayPeer::receive_until(std::string_view text) {
  std::size_t at = std::string::npos;
  wait([&] {
    receive_some();
    at = received_.find(text);
    return at != std::string::npos || ending != "open";
  });
  return take(at == std::string::npos ? at : at + text.size());
}

std::string RelayPeer::receive(std::size_t size) {
  wait([&] {
    receive_some();
    return received_.size() >= size || ending != "open";
  });
  return take(size);
}

std::string RelayPeer::receive_all() {
  wait([&] {
    receive_some();
    return ending != "open";
  });
  return take(std::string::npos);
}

std::string RelayPeer::receive_now() {
  for (int turns = 0; turns < 10; ++turns) {
    turn_shortly(loop_);
    receive_some();
  }
  return take(std::string::npos);
}

void RelayPeer::shut_down_sending() {
  ::shutdown(socket_.get(), SHUT_WR);
}

void RelayPeer::reset() {
  const linger at_once{.l_onoff = 1, .l_linger = 0};
  ::setsockopt(socket_.get(), SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
  socket_.reset();
}

bool RecordingGate::needs_body(const RelayedRequest& /*head*/) {
  return wants_bodies;
}

RelayVerdict RecordingGate::admit(const RelayedRequest& request) {
  last_id = request.id;
  log.push_back(std::string(request.method) + " " + std::string(request.target) +
                (request.body.empty() ? "" : " " + std::string(request.body)));
  return judge ? judge(request) : RelayVerdict{};
}

void RecordingGate::on_answer(std::uint64_t id, int status,
                              const std::vector<HeaderView>& /*headers*/) {
  CHECK(id == last_id);
  log.push_back(std::to_string(status));
}

void RecordingGate::on_end(std::uint64_t /*id*/) {
  log.emplace_back("end");
}

RelayBench::RelayBench(HttpRelayOptions options) {
  listener_ = Descriptor(*listen_on("127.0.0.1", 0));
  upstream_port = local_port(listener_.get());
  if (options.upstream_host.empty()) options.upstream_host = "127.0.0.1";
  options.upstream_port = upstream_port;
  auto made = make_http_relay(*loop, options, gate);
  REQUIRE(made.has_value());
  relay = std::move(*made);
}

RelayPeer RelayBench::client() {
  return {*loop, connect_to(relay->port())};
}

RelayPeer RelayBench::server() {
  Descriptor accepted;
  turn_until([&] {
    accepted = Descriptor(accept_from(listener_.get()));
    return static_cast<bool>(accepted);
  });
  REQUIRE(accepted);
  return {*loop, std::move(accepted)};
}

bool RelayBench::has_connection() {
  for (int turns = 0; turns < 10; ++turns) turn();
  return static_cast<bool>(Descriptor(accept_from(listener_.get())));
}

void RelayBench::turn() {
  turn_shortly(*loop);
}

bool RelayBench::turn_until(const std::function<bool()>& holds) {
  const auto latest = Clock::now() + patience;
  while (!holds()) {
    if (Clock::now() > latest) return false;
    turn();
  }
  return true;
}

}  // namespace mcp

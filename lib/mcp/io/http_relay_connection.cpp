#include "mcp/io/http_relay_connection.hpp"

#include <utility>

namespace mcp {
namespace {

/// Closing with bytes unread would send RST, and the peer could lose the answer (RFC 9112 section
/// 9.6): so the sending side ends first.
constexpr Duration linger_limit = std::chrono::seconds(1);
/// For a client that takes nothing of what is left to send.
constexpr Duration slow_limit = std::chrono::seconds(60);

}  // namespace

RelayConnection::RelayConnection(RelayHost& host, Descriptor client, std::uint64_t number,
                                 Room room)
    : host_(host), number_(number), room_(room) {
  client_.open(std::move(client), true);
  wait_for_head();
  settle();
}

void RelayConnection::cut() {
  if (dead_) return;
  client_.reset();
  upstream_.reset();
  die();
}

void RelayConnection::answer_locally(int status, const HeaderList& headers, std::string_view body,
                                     KeepAlive keep) {
  std::string answer;
  append_head(answer, {.status = status,
                       .headers = &headers,
                       .framing = BodyFraming::length,
                       .length = body.size(),
                       .keep_alive = keep});
  if (!asked_.by_head) answer += body;
  if (!client_.send(answer)) return cut();
  if (keep == KeepAlive::no) linger();
}

void RelayConnection::answer_text(int status, std::string_view reason) {
  const HeaderList headers{{.name = "Content-Type", .value = "text/plain; charset=utf-8"}};
  answer_locally(status, headers, std::string(reason) + "\n", KeepAlive::no);
}

/// The client is given what was sent so far, and FIN behind it.
void RelayConnection::linger() {
  end_request();
  if (dead_ || asking_ == Asking::lingering) return;
  asking_ = Asking::lingering;
  answering_ = Answering::none;
  connecting_ = false;
  std::string().swap(input_);
  std::string().swap(answer_head_);
  upstream_.close();
  timer_.reset();
  left_to_send_ = client_.unsent();
  if (!client_.end_sending()) return cut();
}

void RelayConnection::settle_lingering() {
  const auto left = client_.unsent();
  if (left == 0 && client_ended_) return die();
  if (timer_ && (left > 0 || left_to_send_ == 0)) return;
  left_to_send_ = left;
  limit(left > 0 ? slow_limit : linger_limit, &RelayConnection::late_lingering);
}

void RelayConnection::late_lingering() {
  const auto left = client_.unsent();
  // What the kernel has taken it still sends after an orderly end.
  if (left == 0) return die();
  if (left == left_to_send_) return cut();
  timer_.reset();
}

void RelayConnection::end_request() {
  const auto id = std::exchange(request_, 0);
  if (id == 0) return;
  host_.request_ends(id);
  host_.gate().on_end(id);
}

void RelayConnection::die() {
  if (std::exchange(dead_, true)) return;
  timer_.reset();
  client_.close();
  upstream_.close();
  std::string().swap(input_);
  std::string().swap(answer_head_);
  tell_held();
  end_request();
  host_.retire(number_);
}

void RelayConnection::tell_held() {
  const auto held = input_.size() + answer_head_.size() + client_.unsent() + upstream_.unsent();
  host_.holds_more(static_cast<std::int64_t>(held) - static_cast<std::int64_t>(held_));
  held_ = held;
}

void RelayConnection::settle() {
  if (dead_) return;
  tell_held();
  if (asking_ == Asking::lingering) settle_lingering();
  if (dead_) return;
  if (asking_ == Asking::tunnel && client_ended_ && upstream_ended_ && client_.unsent() == 0 &&
      upstream_.unsent() == 0) {
    return die();
  }
  watch_client();
  watch_upstream();
}

void RelayConnection::watch_client() {
  bool read = !client_ended_;
  if (asking_ == Asking::whole) read = read && input_.size() < max_buffered();
  if (asking_ == Asking::body || asking_ == Asking::tunnel) {
    read = read && upstream_.unsent() < max_buffered();
  }
  client_.watch(host_.loop(), read, client_.unsent() > 0,
                [this](Readiness ready) { on_client(ready); });
}

void RelayConnection::watch_upstream() {
  if (!upstream_.is_open()) return;
  const bool is_connected = upstream_.is_connected();
  const bool read = is_connected && !upstream_ended_ && client_.unsent() < max_buffered();
  const bool write = !is_connected || (upstream_.unsent() > 0 && !upstream_deaf_);
  upstream_.watch(host_.loop(), read, write, [this](Readiness ready) { on_upstream(ready); });
}

void RelayConnection::limit(Duration time, void (RelayConnection::*late)()) {
  timer_ = host_.loop().start_timer(host_.loop().now() + time, [this, late] {
    (this->*late)();
    settle();
  });
}

}  // namespace mcp

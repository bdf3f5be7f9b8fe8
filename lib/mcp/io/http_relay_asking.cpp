#include <algorithm>
#include <utility>

#include "mcp/base/text.hpp"
#include "mcp/io/http_relay_connection.hpp"
#include "mcp/io/http_relay_unchunk.hpp"

// The client's side: requests one after the other, each asked about before it passes.

namespace mcp {
namespace {

constexpr std::string_view line_end = "\r\n";

bool is_close(const Header& header) {
  return equals_ignoring_case(header.name, "connection") &&
         equals_ignoring_case(header.value, "close");
}

}  // namespace

void RelayConnection::on_client(Readiness ready) {
  if (ready.writable && !client_.flush()) return cut();
  if (ready.readable && !client_ended_) {
    const auto space = host_.space();
    const auto got = client_.receive(space);
    if (got.step == RelaySocket::Step::failed) return cut();
    if (got.step == RelaySocket::Step::ended) on_client_end();
    if (got.step == RelaySocket::Step::done) on_client_bytes({space.data(), got.bytes});
  }
  settle();
}

void RelayConnection::on_client_bytes(std::string_view bytes) {
  if (asking_ == Asking::lingering) return;
  if (!input_.empty()) {
    input_.append(bytes);
    take_kept();
    return refuse_to_hold();
  }
  const auto used = take_input(bytes);
  if (dead_ || asking_ == Asking::lingering) return;
  input_.assign(bytes.substr(used));
  refuse_to_hold();
}

/// Only what waits for its end is refused; pipelined requests are not read for.
void RelayConnection::refuse_to_hold() {
  const bool waits = asking_ == Asking::head || asking_ == Asking::inspecting;
  if (!waits || input_.empty() || !host_.is_crowded()) return;
  refuse({.status = 503, .reason = "too much is held for other requests"});
}

void RelayConnection::take_kept() {
  const auto used = take_input(input_);
  if (used < input_.size()) {
    input_.erase(0, used);
  } else {
    std::string().swap(input_);
  }
}

/// The client sends nothing more, or is gone: they look the same. The server is told so at once,
/// and does what it would do without a relay; what it still answers passes.
void RelayConnection::on_client_end() {
  client_ended_ = true;
  switch (asking_) {
    case Asking::head:
    case Asking::inspecting:
      return linger();
    case Asking::body:
    case Asking::whole:
    case Asking::tunnel:
      if (!upstream_.end_sending()) upstream_deaf_ = true;
      return;
    case Asking::lingering:
      return;
  }
}

std::size_t RelayConnection::take_input(std::string_view view) {
  std::size_t used = 0;
  while (used < view.size() && !dead_) {
    const auto step = take_step(view.substr(used));
    if (step == 0) break;
    used += step;
  }
  return used;
}

std::size_t RelayConnection::take_step(std::string_view view) {
  switch (asking_) {
    case Asking::head:
      return take_head(view);
    case Asking::inspecting:
      return take_inspected(view);
    case Asking::body:
      return take_body(view);
    case Asking::tunnel:
      pass(view);
      return view.size();
    case Asking::whole:
    case Asking::lingering:
      return 0;
  }
  return 0;
}

void RelayConnection::wait_for_head() {
  asking_ = Asking::head;
  answering_ = Answering::none;
  head_end_.clear();
  asked_ = {};
  // Where there is an upstream connection, the server decides how long it is kept.
  if (!upstream_.is_open()) limit(host_.options().header_timeout, &RelayConnection::late_head);
}

std::size_t RelayConnection::take_head(std::string_view view) {
  // RFC 9112 section 2.2: an empty line in front of a request is passed over.
  if (head_end_.size() == 0 && view.starts_with(line_end)) return line_end.size();
  if (view == "\r") return 0;
  const auto what = head_end_.look(view);
  const bool is_long = head_end_.size() > host_.options().max_header_bytes;
  if (what == HeadEnd::What::bare_line_feed) {
    refuse({.status = 400, .reason = "a line ends with a bare line feed"});
  } else if (is_long) {
    refuse({.status = 431, .reason = "the request's header is too long"});
  } else if (what == HeadEnd::What::whole) {
    timer_.reset();
    return take_whole_head(view, head_end_.size());
  } else if (!timer_) {
    limit(host_.options().header_timeout, &RelayConnection::late_head);
  }
  return 0;
}

std::size_t RelayConnection::take_whole_head(std::string_view view, std::size_t size) {
  const auto head = read_relayed_request(view.substr(0, size));
  if (!head) {
    refuse(head.error());
    return 0;
  }
  asked_ = {.by_head = head->method == "HEAD", .upgrade = head->upgrades};
  close_after_ = !head->keep_alive;
  request_body_ = RelayBody(head->framing, head->length);
  if (room_ == Room::none) {
    refuse({.status = 503, .reason = "too many connections"});
    return 0;
  }
  const RelayedRequest request{
      .method = head->method, .target = head->target, .headers = head->headers, .body = {}};
  if (holds_back(*head, request)) {
    inspected_ = size;
    asking_ = Asking::inspecting;
    return take_inspected(view);
  }
  if (!admit(*head, {})) return asking_ == Asking::lingering ? 0 : size;
  const auto used = size + request_body_.take(view.substr(size));
  asking_ = request_body_.state() == RelayBody::State::whole ? Asking::whole : Asking::body;
  pass(view.substr(0, used));
  if (request_body_.state() == RelayBody::State::broken) refuse_body();
  return used;
}

bool RelayConnection::holds_back(const RelayHead& head, const RelayedRequest& request) {
  if (head.framing == BodyFraming::none || !host_.gate().needs_body(request)) return false;
  if (head.length > host_.options().max_inspected_bytes) return false;
  // The server can not ask for the body yet. It may do so once more later: any number of 1xx
  // answers may come before the final one (RFC 9110 section 15.2).
  if (head.expects_continue && !client_.send("HTTP/1.1 100 Continue\r\n\r\n")) cut();
  return !dead_;
}

std::size_t RelayConnection::take_inspected(std::string_view view) {
  inspected_ += request_body_.take(view.substr(inspected_));
  const auto state = request_body_.state();
  if (state == RelayBody::State::broken) {
    refuse({.status = 400, .reason = "a chunk of the request is malformed"});
    return 0;
  }
  const auto size = head_end_.size();
  const bool is_whole = state == RelayBody::State::whole;
  const bool is_long = inspected_ - size > host_.options().max_inspected_bytes;
  if (!is_whole && !is_long) {
    if (!timer_) limit(host_.options().header_timeout, &RelayConnection::late_head);
    return 0;
  }
  timer_.reset();
  const auto head = read_relayed_request(view.substr(0, size));
  const auto body = !is_long ? view.substr(size, inspected_ - size) : std::string_view();
  const auto data = head->framing == BodyFraming::chunked ? unchunk(body) : std::string();
  asking_ = is_whole ? Asking::whole : Asking::body;
  if (!admit(*head, head->framing == BodyFraming::chunked ? data : body)) {
    return asking_ == Asking::lingering ? 0 : inspected_;
  }
  pass(view.substr(0, inspected_));
  return inspected_;
}

/// False when the gate has it answered here.
bool RelayConnection::admit(const RelayHead& head, std::string_view body) {
  const RelayedRequest request{.id = host_.new_request(),
                               .method = head.method,
                               .target = head.target,
                               .headers = head.headers,
                               .body = body};
  auto verdict = host_.gate().admit(request);
  if (dead_) return false;
  if (verdict.pass) {
    request_ = request.id;
    host_.request_begins(request_, *this);
    answering_ = Answering::head;
    // The server may have closed an idle connection in this very turn: nothing is sent yet.
    if (upstream_.has_ended()) upstream_.close();
    return true;
  }
  const bool is_read = request_body_.state() == RelayBody::State::whole;
  const bool says_close = std::erase_if(verdict.headers, is_close) > 0;
  const bool keep = is_read && !close_after_ && !says_close;
  answer_locally(verdict.status, verdict.headers, verdict.body,
                 keep ? KeepAlive::yes : KeepAlive::no);
  if (keep && !dead_) wait_for_head();
  return false;
}

void RelayConnection::pass(std::string_view bytes) {
  if (!upstream_.is_open() && !connecting_) connect();
  // What could not even begin to connect has been answered, and its bytes are gone.
  if (dead_ || asking_ == Asking::lingering || upstream_deaf_) return;
  // Whoever takes nothing more may still have answered: that is read first.
  if (!upstream_.send(bytes)) upstream_deaf_ = true;
}

std::size_t RelayConnection::take_body(std::string_view view) {
  const auto used = request_body_.take(view);
  pass(view.substr(0, used));
  if (request_body_.state() == RelayBody::State::broken) {
    refuse_body();
  } else if (request_body_.state() == RelayBody::State::whole) {
    asking_ = Asking::whole;
    if (answering_ == Answering::whole) complete();
  }
  return used;
}

/// A part of it has passed: the server must not take it for the whole.
void RelayConnection::refuse_body() {
  if (dead_ || asking_ == Asking::lingering) return;
  upstream_.reset();
  const bool is_answered = answering_ != Answering::head;
  if (is_answered) return cut();
  end_request();
  if (!dead_) answer_text(400, "a chunk of the request is malformed");
}

void RelayConnection::refuse(HeadRefusal refusal) {
  answer_text(refusal.status, refusal.reason);
}

void RelayConnection::late_head() {
  const bool has_begun = !input_.empty() || asking_ == Asking::inspecting;
  if (has_begun) return answer_text(408, "the request did not come in time");
  linger();
}

}  // namespace mcp

#include <utility>

#include "mcp/io/http_relay_connection.hpp"

// The server's side: what answers pass, and how its end is passed on.

namespace mcp {

void RelayConnection::on_upstream(Readiness ready) {
  if (!upstream_.is_connected()) {
    check_connect();
    return settle();
  }
  if (ready.writable && !upstream_deaf_ && !upstream_.flush()) upstream_deaf_ = true;
  if (ready.readable && !upstream_ended_) {
    const auto space = host_.space();
    const auto got = upstream_.receive(space);
    if (got.step == RelaySocket::Step::done) on_upstream_bytes({space.data(), got.bytes});
    if (got.step == RelaySocket::Step::ended) on_upstream_end(false);
    if (got.step == RelaySocket::Step::failed) on_upstream_end(true);
  }
  settle();
}

void RelayConnection::on_upstream_bytes(std::string_view bytes) {
  std::string kept;
  if (!answer_head_.empty()) {
    kept = std::exchange(answer_head_, {});
    kept += bytes;
    bytes = kept;
  }
  const auto used = take_answer(bytes);
  if (dead_) return;
  if (used > 0 && !client_.send(bytes.substr(0, used))) return cut();
  const auto rest = bytes.substr(used);
  if (!answer_fault_.empty()) return refuse_answer();
  switch (answering_) {
    case Answering::head:
      answer_head_.assign(rest);
      return;
    case Answering::whole:
      // What nobody asked for might be taken for the answer to the next request.
      if (!rest.empty()) close_after_ = true;
      return answer_is_whole();
    case Answering::none:
      return linger();
    case Answering::tunnel:
      if (!input_.empty()) take_kept();
      return;
    case Answering::body:
      return;
  }
}

/// How many bytes pass.
std::size_t RelayConnection::take_answer(std::string_view view) {
  if (answering_ == Answering::tunnel) return view.size();
  std::size_t used = 0;
  while (used < view.size() && answering_ == Answering::head && !dead_) {
    const auto step = take_answer_head(view.substr(used));
    if (step == 0) return used;
    used += step;
  }
  if (answering_ == Answering::tunnel) return view.size();
  if (answering_ != Answering::body) return used;
  used += answer_body_.take(view.substr(used));
  if (answer_body_.state() == RelayBody::State::whole) answering_ = Answering::whole;
  if (answer_body_.state() == RelayBody::State::broken) answer_fault_ = "a chunk is malformed";
  return used;
}

std::size_t RelayConnection::take_answer_head(std::string_view view) {
  const auto what = answer_end_.look(view);
  if (what == HeadEnd::What::bare_line_feed) answer_fault_ = "a line ends with a bare line feed";
  const auto size = answer_end_.size();
  if (size > host_.options().max_header_bytes) answer_fault_ = "its header is too long";
  if (what != HeadEnd::What::whole || !answer_fault_.empty()) return 0;
  const auto head = read_relayed_answer(view.substr(0, size), asked_);
  if (!head) {
    answer_fault_ = head.error().reason;
    return 0;
  }
  answer_end_.clear();
  // RFC 9110 section 15.2: any number of 1xx answers may come before the final one.
  if (head->status >= 200 || head->status == 101) take_final_head(*head);
  return size;
}

void RelayConnection::take_final_head(const RelayHead& head) {
  host_.gate().on_answer(request_, head.status, head.headers);
  if (dead_) return;
  if (head.status == 101) {
    answering_ = Answering::tunnel;
    asking_ = Asking::tunnel;
    return;
  }
  if (!head.keep_alive) close_after_ = true;
  answer_body_ = RelayBody(head.framing, head.length);
  const bool is_whole = answer_body_.state() == RelayBody::State::whole;
  answering_ = is_whole ? Answering::whole : Answering::body;
}

/// Before its head has passed, the client can still be told; after that it is cut, so that it sees
/// a truncated body as truncated.
void RelayConnection::refuse_answer() {
  upstream_.reset();
  if (answering_ != Answering::head) return cut();
  end_request();
  if (!dead_) answer_text(502, "the server's answer is malformed: " + std::string(answer_fault_));
}

void RelayConnection::on_upstream_end(bool reset) {
  upstream_ended_ = true;
  if (answering_ == Answering::tunnel) {
    if (reset || !client_.end_sending()) cut();
    return;
  }
  const bool by_its_end =
      answering_ == Answering::body && answer_body_.ends_with_connection() && !reset;
  const bool is_whole = answering_ == Answering::none || answering_ == Answering::whole;
  if (by_its_end || is_whole) return linger();
  // What has come passes; then the client's connection ends as the server's has.
  if (!answer_head_.empty() && !client_.send(answer_head_)) return cut();
  if (reset) return cut();
  linger();
}

void RelayConnection::answer_is_whole() {
  end_request();
  if (dead_) return;
  if (asking_ == Asking::whole) {
    complete();
    if (asking_ == Asking::head && !input_.empty()) take_kept();
    return;
  }
  // The request is still on its way; an end that was announced need not wait for it.
  if (close_after_) linger();
}

/// Request and answer are both through.
void RelayConnection::complete() {
  if (close_after_ || client_ended_ || upstream_ended_ || upstream_deaf_) return linger();
  wait_for_head();
}

}  // namespace mcp

#include "mcp/io/http_server_connection.hpp"

#include <array>
#include <utility>

#include "mcp/io/http_server_format.hpp"
#include "mcp/io/http_server_responder.hpp"

namespace mcp {

namespace {

/// Of requests that wait behind the one being answered.
constexpr std::size_t max_pipelined = 64UL * 1024;
/// Pipelined requests that are answered before other connections have their turn, and the bytes of
/// answers beyond which the next request waits until they are sent.
constexpr int requests_in_a_turn = 32;
constexpr std::size_t max_backlog = 64UL * 1024;

/// No doubling: what waits here is a piece of a header, and thousands may wait with theirs.
void append_exactly(std::string& buffer, std::string_view bytes) {
  if (buffer.size() + bytes.size() <= buffer.capacity()) {
    buffer += bytes;
    return;
  }
  std::string grown;
  grown.reserve(buffer.size() + bytes.size());
  grown += buffer;
  grown += bytes;
  buffer = std::move(grown);
}

}  // namespace

HttpServerConnection::HttpServerConnection(ConnectionHost& host,
                                           std::unique_ptr<ServerSocket> socket, std::uint64_t id)
    : host_(host),
      socket_(std::move(socket)),
      id_(id),
      parser_(host.options().max_header_bytes, host.options().max_body_bytes,
              host.options().kept_buffer_bytes),
      request_since_(host.loop().now()),
      last_activity_(request_since_) {
  request_.connection = id;
  update_watch();
}

HttpServerConnection::~HttpServerConnection() {
  if (responder_ != nullptr) std::exchange(responder_, nullptr)->connection_lost();
  host_.count_held(held_, 0);
}

void HttpServerConnection::clear_buffer(std::string& buffer) {
  buffer.clear();
  if (buffer.capacity() > host_.options().kept_buffer_bytes) buffer.shrink_to_fit();
}

/// Counts what it holds at the end of a turn, and ends it where that is too much.
void HttpServerConnection::bound_memory() {
  const auto before = held_;
  held_ = input_.capacity() + output_.capacity() + parser_.held_bytes() +
          request_.headers.capacity() * sizeof(HeaderView);
  if (host_.count_held(before, held_) || phase_ == Phase::dead) return;
  if (unsent() > 0) return die(Ending::reset);
  if (phase_ == Phase::reading && is_inside_request()) refuse(503);
}

void HttpServerConnection::on_ready(Readiness ready) {
  if (ready.writable && write_blocked_) {
    flush();
    bound_memory();
  }
  if (phase_ == Phase::dead) return;
  if (ready.readable || ready.error || (ready.writable && read_wants_write_)) read_some();
}

void HttpServerConnection::read_some() {
  std::array<char, 16UL * 1024> buffer;  // NOLINT(cppcoreguidelines-pro-type-member-init): filled
  for (int round = 0; round < 4; ++round) {
    const auto step = socket_->read(buffer.data(), buffer.size());
    read_wants_write_ = step.kind == SocketStep::Kind::wants_write;
    if (step.kind == SocketStep::Kind::closed) return on_peer_closed();
    if (step.kind != SocketStep::Kind::bytes) break;
    on_bytes(std::string_view(buffer.data(), step.bytes));
    if (phase_ == Phase::dead) return;
    if (step.bytes < buffer.size() && !socket_->has_pending()) break;
    if (input_.size() > max_pipelined && (phase_ != Phase::reading || waiting_)) break;
  }
  update_watch();
}

void HttpServerConnection::on_bytes(std::string_view bytes) {
  last_activity_ = host_.loop().now();
  if (phase_ == Phase::lingering || phase_ == Phase::closing) return;
  if (phase_ == Phase::reading && !is_inside_request()) {
    request_since_ = last_activity_;
  }
  append_exactly(input_, bytes);
  process();
  bound_memory();
}

void HttpServerConnection::on_peer_closed() {
  die();
}

void HttpServerConnection::process() {
  if (processing_ || waiting_) return;
  processing_ = true;
  bool more = true;
  for (int count = 0; more && phase_ == Phase::reading && !input_.empty(); ++count) {
    // Others want their answers too, and who does not read gets no further ones.
    waiting_ = count == requests_in_a_turn || unsent() > max_backlog;
    if (waiting_) break;
    more = parse_one();
  }
  processing_ = false;
  if (phase_ != Phase::dead) flush();
}

void HttpServerConnection::resume() {
  if (!waiting_ || write_blocked_) return;
  waiting_ = false;
  process();
  bound_memory();
}

bool HttpServerConnection::parse_one() {
  const auto progress = parser_.feed(input_);
  if (progress.consumed == input_.size()) {
    clear_buffer(input_);
  } else {
    input_.erase(0, progress.consumed);
  }
  if (progress.refusal != 0) {
    refuse(progress.refusal);
    return false;
  }
  if (parser_.done()) {
    dispatch();
    return true;
  }
  if (parser_.header_done() && !continue_sent_ && parser_.expects_continue()) {
    continue_sent_ = true;
    queue("HTTP/1.1 100 Continue\r\n\r\n");
  }
  return progress.consumed > 0 && !input_.empty();
}

void HttpServerConnection::dispatch() {
  phase_ = Phase::answering;
  parser_.fill(request_);
  auto responder = std::make_unique<ConnectionResponder>(*this);
  responder_ = responder.get();
  host_.handler().on_request(request_, std::move(responder));
  // What the handler read of the request is no longer needed, so it can be overwritten.
  continue_sent_ = false;
  fresh_ = false;
  if (phase_ == Phase::reading) forget_request();
}

void HttpServerConnection::forget_request() {
  parser_.reset();
  auto& headers = request_.headers;
  headers.clear();
  if (headers.capacity() * sizeof headers[0] > host_.options().kept_buffer_bytes) {
    headers.shrink_to_fit();
  }
}

void HttpServerConnection::refuse(int status) {
  host_.handler().on_refused(status);
  const HeaderList headers{{.name = "Content-Type", .value = "text/plain"}};
  const auto text = std::string(reason_phrase(status)) + "\n";
  append_head(
      output_,
      {.status = status, .headers = &headers, .length = text.size(), .keep_alive = KeepAlive::no});
  output_ += text;
  begin_closing();
}

void HttpServerConnection::queue(std::string_view bytes) {
  output_ += bytes;
}

void HttpServerConnection::flush_soon() {
  if (unsent() > host_.options().max_unsent_bytes) return die(Ending::reset);
  if (processing_) return;
  flush();
  bound_memory();
}

void HttpServerConnection::flush() {
  write_blocked_ = false;
  while (unsent() > 0) {
    const auto step = socket_->write(std::string_view(output_).substr(sent_));
    if (step.kind == SocketStep::Kind::closed) return die();
    if (step.kind != SocketStep::Kind::bytes) {
      write_blocked_ = true;
      break;
    }
    sent_ += step.bytes;
    last_activity_ = host_.loop().now();
  }
  if (!write_blocked_) after_flush();
  if (phase_ != Phase::dead) update_watch();
}

void HttpServerConnection::after_flush() {
  sent_ = 0;
  clear_buffer(output_);
  if (phase_ == Phase::closing) return shut_down();
  if (waiting_) host_.resume_later(id_);
  if (responder_ != nullptr && responder_->wants_drained()) arm_drained();
}

void HttpServerConnection::arm_drained() {
  host_.report_drained_later(id_);
}

void HttpServerConnection::report_drained() {
  if (responder_ != nullptr && unsent() == 0) responder_->run_drained();
}

void HttpServerConnection::answer_complete() {
  if (phase_ != Phase::answering) return;
  if (close_after_answer_) return begin_closing();
  phase_ = Phase::reading;
  request_since_ = host_.loop().now();
  if (processing_) return;
  forget_request();
  process();
  bound_memory();
}

void HttpServerConnection::responder_gone() {
  responder_ = nullptr;
  if (phase_ == Phase::answering) begin_closing();
}

bool HttpServerConnection::keeps_alive() const {
  // A client of HTTP/1.0 would have to be told, and waits for the end if it is not.
  return parser_.keep_alive() && !parser_.http_1_0() && !host_.draining();
}

}  // namespace mcp

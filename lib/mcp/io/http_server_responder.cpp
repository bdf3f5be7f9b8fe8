#include "mcp/io/http_server_responder.hpp"

#include <utility>

namespace mcp {

ConnectionResponder::ConnectionResponder(HttpServerConnection& connection)
    : connection_(&connection),
      head_request_(connection.parser_.is_head()),
      http_1_0_(connection.parser_.http_1_0()) {}

ConnectionResponder::~ConnectionResponder() {
  if (connection_ != nullptr) connection_->responder_gone();
}

void ConnectionResponder::respond(int status, const HeaderList& headers, std::string_view body) {
  if (connection_ == nullptr) return;
  const bool keep = connection_->keeps_alive();
  connection_->close_after_answer_ = !keep;
  // RFC 9110 section 8.6: no Content-Length in 1xx and 204.
  const auto framing = status == 204 ? BodyFraming::none : BodyFraming::length;
  append_head(connection_->output(), {.status = status,
                                      .headers = &headers,
                                      .framing = framing,
                                      .length = body.size(),
                                      .keep_alive = keep ? KeepAlive::yes : KeepAlive::no});
  if (!head_request_ && framing == BodyFraming::length) connection_->queue(body);
  complete();
}

void ConnectionResponder::start(int status, const HeaderList& headers) {
  if (connection_ == nullptr) return;
  framing_ = http_1_0_ ? BodyFraming::until_close : BodyFraming::chunked;
  const bool keep = connection_->keeps_alive();
  connection_->close_after_answer_ = !keep;
  append_head(connection_->output(), {.status = status,
                                      .headers = &headers,
                                      .framing = framing_,
                                      .keep_alive = keep ? KeepAlive::yes : KeepAlive::no});
  connection_->flush_soon();
}

void ConnectionResponder::write(std::string_view bytes) {
  if (connection_ == nullptr) return;
  if (!taken_over_ && head_request_) return;
  if (!taken_over_ && framing_ == BodyFraming::chunked) {
    append_chunk(connection_->output(), bytes);
  } else {
    connection_->queue(bytes);
  }
  connection_->flush_soon();
}

void ConnectionResponder::finish() {
  if (connection_ == nullptr) return;
  if (framing_ == BodyFraming::chunked && !head_request_) connection_->queue(last_chunk);
  complete();
}

void ConnectionResponder::take_over() {
  taken_over_ = true;
}

void ConnectionResponder::close(Ending ending) {
  if (connection_ == nullptr) return;
  auto* connection = std::exchange(connection_, nullptr);
  connection->responder_ = nullptr;
  if (ending == Ending::reset) {
    connection->die(Ending::reset);
  } else {
    connection->begin_closing();
  }
}

void ConnectionResponder::close_when_idle(Duration quiet) {
  if (connection_ != nullptr) connection_->close_when_idle(quiet);
}

std::size_t ConnectionResponder::unsent() const {
  return connection_ == nullptr ? 0 : connection_->unsent();
}

void ConnectionResponder::on_drained(Task task) {
  drained_ = std::move(task);
  if (connection_ != nullptr && connection_->unsent() == 0) connection_->arm_drained();
}

void ConnectionResponder::on_closed(Task task) {
  closed_ = std::move(task);
}

void ConnectionResponder::connection_lost() {
  connection_ = nullptr;
  drained_ = {};
  // The task may destroy this responder, and with it the task.
  if (auto task = std::exchange(closed_, {})) task();
}

void ConnectionResponder::run_drained() {
  if (auto task = std::exchange(drained_, {})) task();
}

void ConnectionResponder::complete() {
  auto* connection = std::exchange(connection_, nullptr);
  connection->responder_ = nullptr;
  connection->answer_complete();
}

}  // namespace mcp

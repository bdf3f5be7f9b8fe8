#include <utility>

#include "mcp/io/http_server_connection.hpp"
#include "mcp/io/http_server_responder.hpp"

// How a connection ends: its time limits, closing, and what it waits for.

namespace mcp {

namespace {

constexpr std::size_t max_pipelined = 64UL * 1024;
constexpr Duration linger_limit = std::chrono::seconds(1);

enum WatchBits { watch_none = 0, watch_read = 1, watch_write = 2 };

}  // namespace

void HttpServerConnection::begin_closing() {
  if (phase_ == Phase::dead) return;
  phase_ = Phase::closing;
  if (!processing_) flush();
}

void HttpServerConnection::shut_down() {
  phase_ = Phase::lingering;
  request_since_ = host_.loop().now();
  clear_buffer(input_);
  forget_request();
  // Closing with bytes unread would send RST, and the peer could lose the answer (RFC 9112
  // section 9.6): so the sending side ends first.
  socket_->shut_down();
}

void HttpServerConnection::die(Ending ending) {
  if (phase_ == Phase::dead) return;
  phase_ = Phase::dead;
  if (ending == Ending::reset) socket_->reset_on_close();
  watch_.reset();
  quiet_timer_.reset();
  socket_.reset();
  host_.retire(id_);
}

void HttpServerConnection::update_watch() {
  const bool busy = phase_ == Phase::answering || waiting_;
  const bool crowded = busy && input_.size() > max_pipelined;
  const int wanted = (crowded ? watch_none : watch_read) |
                     (write_blocked_ || read_wants_write_ ? watch_write : watch_none);
  if (wanted == watched_) return;
  watched_ = wanted;
  watch_.reset();
  if (wanted == watch_none) return;
  const auto interest = wanted == watch_read    ? Interest::read
                        : wanted == watch_write ? Interest::write
                                                : Interest::read_write;
  watch_ = host_.loop().watch(socket_->descriptor(), interest,
                              [this](Readiness ready) { on_ready(ready); });
}

void HttpServerConnection::drain() {
  if (phase_ == Phase::reading && !is_inside_request()) begin_closing();
}

std::optional<TimePoint> HttpServerConnection::waits_since() const {
  if (phase_ == Phase::answering || phase_ == Phase::dead) return std::nullopt;
  return phase_ == Phase::reading && is_inside_request() ? request_since_ : last_activity_;
}

bool HttpServerConnection::is_overdue(TimePoint since, Duration limit, TimePoint now) const {
  return limit > Duration::zero() && now - since >= limit;
}

bool HttpServerConnection::check_limits(TimePoint now) {
  const auto before = phase_;
  check_phase(now);
  return phase_ != before;
}

void HttpServerConnection::check_phase(TimePoint now) {
  const auto& limits = host_.options();
  switch (phase_) {
    case Phase::reading:
      return check_reading(now);
    case Phase::answering:
    case Phase::closing:
      if (unsent() > 0 && is_overdue(last_activity_, limits.write_timeout, now)) {
        die(Ending::reset);
      }
      return;
    case Phase::lingering:
      if (is_overdue(request_since_, linger_limit, now)) die();
      return;
    case Phase::dead:
      return;
  }
}

void HttpServerConnection::check_reading(TimePoint now) {
  const auto& limits = host_.options();
  if (waiting_) {
    if (unsent() > 0 && is_overdue(last_activity_, limits.write_timeout, now)) die(Ending::reset);
  } else if (parser_.header_done()) {
    if (is_overdue(last_activity_, limits.body_timeout, now)) refuse(408);
  } else if (is_inside_request()) {
    if (is_overdue(request_since_, limits.header_timeout, now)) refuse(408);
  } else if (unsent() > 0) {
    if (is_overdue(last_activity_, limits.write_timeout, now)) die(Ending::reset);
  } else if (is_overdue(last_activity_, fresh_ ? limits.header_timeout : limits.idle_timeout,
                        now)) {
    begin_closing();
  }
}

void HttpServerConnection::close_when_idle(Duration quiet) {
  quiet_ = quiet;
  check_quiet();
}

void HttpServerConnection::check_quiet() {
  const auto now = host_.loop().now();
  if (now - last_activity_ >= quiet_ && quiet_timer_ != nullptr) return begin_closing();
  quiet_timer_ =
      host_.loop().start_timer(std::max(last_activity_ + quiet_, now), [this] { check_quiet(); });
}

}  // namespace mcp

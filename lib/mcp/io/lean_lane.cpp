#include "mcp/io/lean_lane.hpp"

#include <utility>

#include "mcp/io/lean_request.hpp"

namespace mcp {
namespace {

/// Tells the end of redirects, which are not followed here.
Error no_redirects() {
  return {.kind = ErrorKind::usage,
          .message = "the lean engine follows no redirects (max_redirects)",
          .hint = "give the URL that the server redirects to"};
}

}  // namespace

LeanLane::~LeanLane() {
  for (auto* each = exchanges_; each; each = each->next) each->detach();
  // One by one: a long list must not end in as deep a recursion.
  while (connections_) connections_ = std::move(connections_->next);
}

std::unique_ptr<LeanExchange> LeanLane::make_exchange(TimePoint deadline, HttpObserver& observer) {
  auto exchange = std::make_unique<LeanExchange>(*this, core_, observer);
  exchange->deadline = deadline;
  exchange->next = exchanges_;
  if (exchanges_) exchanges_->previous = exchange.get();
  exchanges_ = exchange.get();
  return exchange;
}

std::unique_ptr<HttpExchange> LeanLane::start(HttpRequest request, HttpObserver& observer) {
  return start_owned(std::move(request), false, observer);
}

std::unique_ptr<HttpExchange> LeanLane::start_connect(HttpRequest request, HttpObserver& observer) {
  return start_owned(std::move(request), true, observer);
}

std::unique_ptr<HttpExchange> LeanLane::start_owned(HttpRequest request, bool connect_only,
                                                    HttpObserver& observer) {
  auto exchange = make_exchange(request.deadline, observer);
  if (auto filled = fill(*exchange, std::move(request), connect_only); !filled) {
    fail_later(*exchange, std::move(filled.error()));
  } else if (connect_only) {
    connect(*exchange);
  } else {
    dispatch(*exchange);
  }
  return exchange;
}

Result<void> LeanLane::fill(LeanExchange& exchange, HttpRequest request, bool connect_only) {
  auto target = core_.target(request.url);
  if (!target) return std::unexpected(std::move(target.error()));
  exchange.target = std::move(*target);
  auto& out = exchange.request;
  out.connect_only = connect_only;
  if (connect_only) return {};
  if (request.max_redirects > 0) return std::unexpected(no_redirects());
  auto bytes = write_request(request, exchange.target->url, core_.user_agent());
  if (!bytes) return std::unexpected(std::move(bytes.error()));
  out.owned = std::move(*bytes);
  out.bytes = out.owned;
  out.body_size = request.body.size();
  out.is_head = request.method == "HEAD";
  out.is_idempotent = is_idempotent_method(request.method);
  out.max_body_bytes = request.max_body_bytes;
  out.max_header_bytes = request.max_header_bytes;
  return {};
}

std::unique_ptr<HttpExchange> LeanLane::start_prepared(const PreparedRequest& request,
                                                       TimePoint deadline, HttpObserver& observer) {
  auto exchange = make_exchange(deadline, observer);
  exchange->target = request.target;
  auto& out = exchange->request;
  out.bytes = request.bytes;
  out.body_size = request.body_size;
  out.is_head = request.is_head;
  out.is_idempotent = request.is_idempotent;
  out.max_body_bytes = request.max_body_bytes;
  out.max_header_bytes = request.max_header_bytes;
  dispatch(*exchange);
  return exchange;
}

void LeanLane::fail_later(LeanExchange& exchange, Error error) {
  exchange.waiting =
      core_.loop.start_timer(core_.loop.now(), [&exchange, error = std::move(error)]() mutable {
        exchange.finish(std::unexpected(std::move(error)));
      });
}

void LeanLane::dispatch(LeanExchange& exchange) {
  while (auto* connection = take_idle(*exchange.target)) {
    if (connection->begin(exchange) == LeanConnection::Began::yes) return;
    const auto told = connection->describe_cut(LaneCut::By::reset);
    close(*connection, &told);
  }
  connect(exchange);
}

LeanConnection* LeanLane::take_idle(const LeanTarget& target) {
  for (auto* each = connections_.get(); each;) {
    auto& connection = *each;
    each = each->next.get();
    if (!connection.idle || !connection.leads_to(target)) continue;
    if (connection.is_alive()) return &connection;
    const auto told = connection.describe_cut(LaneCut::By::fin);
    close(connection, &told);
  }
  return nullptr;
}

void LeanLane::connect(LeanExchange& exchange) {
  exchange.waiting = core_.connector.connect(
      {.url = exchange.target->text, .deadline = exchange.deadline, .source = core_.next_source()},
      [this, &exchange](Result<NewLink> outcome) { made(exchange, std::move(outcome)); });
}

void LeanLane::made(LeanExchange& exchange, Result<NewLink> outcome) {
  if (!outcome) return exchange.finish(std::unexpected(std::move(outcome.error())));
  exchange.waiting.reset();
  auto owned = std::make_unique<LeanConnection>(*this, core_, std::move(*outcome), exchange.target);
  auto& connection = *owned;
  // In front: the one that was made last is the one that the fewest servers have cut.
  owned->next = std::move(connections_);
  connections_ = std::move(owned);
  ++connection_count_;
  tell_connected(connection);
  if (exchange.request.connect_only) {
    auto timings = connection.made();
    release(connection);
    return exchange.finish(std::move(timings));
  }
  // Where even the first byte is not taken, the socket tells why in the next turn.
  connection.begin(exchange);
}

void LeanLane::tell_connected(const LeanConnection& connection) {
  using Why = LaneConnected::Why;
  const auto why = made_count_++ == 0 ? Why::first : to_replace_ > 0 ? Why::again : Why::beside;
  if (why == Why::again) --to_replace_;
  if (!observer_) return;
  observer_->on_connected(
      {.why = why, .timings = connection.made(), .local_address = connection.local_address()});
}

void LeanLane::release(LeanConnection& connection) {
  connection.idle = true;
}

void LeanLane::close(LeanConnection& connection, const LaneCut* cut) {
  auto* link = &connections_;
  while (link->get() != &connection) link = &(*link)->next;
  const auto gone = std::exchange(*link, std::move(connection.next));
  --connection_count_;
  ++to_replace_;
  if (cut && observer_) observer_->on_cut(*cut);
}

bool LeanLane::may_send_again(const LeanExchange& exchange, const LaneCut& cut) const {
  if (exchange.sent_again || cut.exchanges == 0) return false;
  if (cut.during != LaneCut::During::request) return false;
  switch (core_.options.when_cut) {
    case WhenCut::report:
      return false;
    case WhenCut::resend_idempotent:
      return exchange.request.is_idempotent;
    case WhenCut::resend:
      return true;
  }
  return false;
}

void LeanLane::send_again(LeanExchange& exchange) {
  exchange.rewind();
  exchange.sent_again = true;
  connect(exchange);
}

void LeanLane::cancel(LeanExchange& exchange) {
  exchange.waiting.reset();
  if (exchange.connection) close(*exchange.connection, nullptr);
  (exchange.previous ? exchange.previous->next : exchanges_) = exchange.next;
  if (exchange.next) exchange.next->previous = exchange.previous;
}

void LeanLane::time_out(LeanExchange& exchange) {
  auto error = exchange.deadline_error();
  if (auto* connection = std::exchange(exchange.connection, nullptr)) close(*connection, nullptr);
  exchange.finish(std::unexpected(std::move(error)));
}

}  // namespace mcp

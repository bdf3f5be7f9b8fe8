#include "probes/sidecar/line.hpp"

#include <utility>

namespace probes::sidecar {
namespace {

mcp::TransportContext with_http(mcp::TransportContext context, mcp::Http* own) {
  if (own != nullptr) context.http = own;
  return context;
}

}  // namespace

std::string error_type(const mcp::Error& failure) {
  return std::string(to_string(failure.kind));
}

Line::Line(Parts parts, LineOwner& owner, Ledger& ledger)
    : loop_(parts.context.loop),
      owner_(&owner),
      ledger_(ledger),
      http_(std::move(parts.http)),
      connection_(with_http(parts.context, http_.get()), parts.endpoint, std::move(parts.options),
                  *this) {}

void Line::open(mcp::TimePoint deadline,
                std::move_only_function<void(mcp::Result<mcp::Peer>)> done) {
  is_opening_ = true;
  done_ = std::move(done);
  connection_.open(deadline, [this, begun = loop_.now()](mcp::Result<mcp::Peer> outcome) {
    opened(std::move(outcome), begun);
  });
}

void Line::opened(mcp::Result<mcp::Peer> outcome, mcp::TimePoint begun) {
  is_opening_ = false;
  if (outcome) peer_ = *outcome;
  if (!outcome && outcome.error().kind == mcp::ErrorKind::timeout) {
    outcome.error().message.insert(0, "the handshake: ");
  }
  if (owner_ == nullptr) return;
  const bool modern = outcome && outcome->era() == mcp::Era::modern;
  ledger_.add_operation(modern ? "server/discover" : "initialize",
                        outcome ? "" : error_type(outcome.error()), loop_.now() - begun);
  std::exchange(done_, nullptr)(std::move(outcome));
}

void Line::call(std::string method, mcp::Json params, mcp::TimePoint deadline,
                mcp::OnReply on_reply) {
  auto measured = [this, method, begun = loop_.now(),
                   on_reply = std::move(on_reply)](mcp::Result<mcp::Json> reply) mutable {
    if (owner_ == nullptr) return;
    ledger_.add_operation(method, reply ? "" : error_type(reply.error()), loop_.now() - begun);
    // What the connection tells of a deadline does not name what was asked.
    if (!reply && !reply.error().message.starts_with(method)) {
      reply.error().message.insert(0, method + ": ");
    }
    on_reply(std::move(reply));
  };
  connection_.call(std::move(method), std::move(params), {.deadline = deadline},
                   std::move(measured));
}

void Line::hold(std::string method, mcp::Json params, mcp::OnReply on_end) {
  connection_.call(std::move(method), std::move(params), {},
                   [this, on_end = std::move(on_end)](mcp::Result<mcp::Json> reply) mutable {
                     if (owner_ != nullptr) on_end(std::move(reply));
                   });
}

void Line::close(mcp::TimePoint deadline, std::move_only_function<void(mcp::Result<void>)> done) {
  connection_.close(deadline, std::move(done));
}

void Line::on_notification(const mcp::Notification& notification) {
  if (owner_ != nullptr) owner_->on_notification(notification);
}

void Line::on_session_lost(const mcp::Error& why) {
  if (owner_ != nullptr) owner_->on_session_lost(why);
}

void Line::on_timings(const mcp::HttpTimings& timings) {
  if (owner_ != nullptr) ledger_.add_connection(timings);
}

void Line::on_closed(const mcp::Error& why) {
  if (owner_ != nullptr) owner_->on_line_closed(why);
}

}  // namespace probes::sidecar

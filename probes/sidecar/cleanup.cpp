#include "probes/sidecar/cleanup.hpp"

#include <algorithm>
#include <utility>

namespace probes::sidecar {
namespace {

constexpr std::size_t most_closing = 16;
constexpr std::size_t most_late = 64;
constexpr int most_tries = 5;
constexpr auto late_patience = std::chrono::seconds(5);
/// How long the answer to `initialize` is waited for, which may bring a session to be ended: a
/// process that was frozen answers what it was asked before.
constexpr auto opening_patience = std::chrono::minutes(10);

}  // namespace

Cleanup::Cleanup(mcp::TransportContext context, const mcp::Endpoint& endpoint)
    : context_(context), http_session_(endpoint) {}

void Cleanup::close(std::unique_ptr<Line> line, mcp::Duration patience) {
  line->let_go();
  const bool waits = line->is_opening() && line->transport() == mcp::TransportKind::streamable_http;
  const auto now = context_.loop.now();
  const auto deadline = waits ? now + opening_patience : now + patience;
  auto* raw = line.get();
  closing_.push_back(std::move(line));
  if (closing_.size() > most_closing) {
    retire(std::move(closing_.front()));
    closing_.pop_front();
  }
  raw->close(deadline, [this, raw](const mcp::Result<void>& outcome) { closed(raw, outcome); });
}

void Cleanup::closed(Line* line, const mcp::Result<void>& outcome) {
  const auto found = std::ranges::find_if(closing_, [line](auto& each) { return &*each == line; });
  if (found == closing_.end()) return;
  auto id = line->session_id();
  if (!outcome && !id.empty()) keep_for_later(std::move(id), line->peer());
  retire(std::move(*found));
  closing_.erase(found);
  tell_if_empty();
}

void Cleanup::keep_for_later(std::string id, const std::optional<mcp::Peer>& peer) {
  // The one in front may be on its way.
  if (late_.size() == most_late) late_.erase(late_.begin() + 1);
  const auto revision = peer ? peer->revision : mcp::latest_legacy;
  late_.push_back({.id = std::move(id), .revision = revision});
}

void Cleanup::retire(std::unique_ptr<Line> line) {
  // It may be calling right now.
  retired_.push_back(std::move(line));
  if (sweep_) return;
  sweep_ = context_.loop.start_timer(context_.loop.now(), [this] {
    retired_.clear();
    sweep_.reset();
  });
}

void Cleanup::server_answers() {
  if (!session_end_ && !late_.empty()) end_next(context_.loop.now() + late_patience);
}

void Cleanup::end_next(mcp::TimePoint deadline) {
  const auto& session = late_.front();
  http_session_.set_revision(session.revision);
  session_end_ = std::make_unique<mcp::SessionEnd>(context_.loop, *context_.http, http_session_,
                                                   std::vector{session.id});
  session_end_->start(deadline, [this](const mcp::Result<void>& outcome) { ended(outcome); });
}

void Cleanup::ended(const mcp::Result<void>& outcome) {
  auto session = std::move(late_.front());
  late_.pop_front();
  // Behind the others: one that is refused must not keep them waiting.
  if (!outcome && ++session.tries < most_tries) late_.push_back(std::move(session));
  // A new turn: the one that has just ended is calling.
  next_end_ = context_.loop.start_timer(context_.loop.now(), [this, ok = outcome.has_value()] {
    session_end_.reset();
    const auto now = context_.loop.now();
    const bool goes_on = ok && !late_.empty();
    if (goes_on) return end_next(now + late_patience);
    tell_if_empty();
  });
}

void Cleanup::stop(mcp::TimePoint deadline, std::move_only_function<void()> done) {
  stopped_ = std::move(done);
  stop_timer_ = context_.loop.start_timer(deadline, [this] { finish_stop(); });
  if (!session_end_ && !late_.empty()) return end_next(deadline);
  tell_if_empty();
}

void Cleanup::tell_if_empty() {
  if (!stopped_ || !closing_.empty() || session_end_) return;
  stop_timer_ = context_.loop.start_timer(context_.loop.now(), [this] { finish_stop(); });
}

void Cleanup::finish_stop() {
  if (stopped_) std::exchange(stopped_, nullptr)();
}

}  // namespace probes::sidecar

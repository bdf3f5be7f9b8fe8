#include "scenarios/connection_port.hpp"

#include <algorithm>
#include <utility>

#include "mcp/io/child_process.hpp"
#include "scenarios/connection_link.hpp"
#include "scenarios/failure_of.hpp"
#include "scenarios/plan.hpp"

namespace scenarios {
namespace {

/// Sessions of one agent share its range of ids: each has room for a million requests.
constexpr unsigned ids_of_session = 20;
constexpr std::uint64_t sessions_apart = 1ULL << (32U - ids_of_session);

}  // namespace

ConnectionPort::ConnectionPort(mcp::Loop& loop, ConnectionPortOptions& options, AgentId agent,
                               PortObserver& observer)
    : loop_(loop), options_(options), agent_(agent), observer_(observer) {}

ConnectionPort::~ConnectionPort() = default;

mcp::Result<void> ConnectionPort::make_engine() {
  if (!options_.endpoint.url) {
    if (!children_) children_ = mcp::make_child_spawner(loop_);
    return {};
  }
  if (http_) return {};
  auto http_options = options_.endpoint.http;
  http_options.on_connected = [this](const mcp::HttpTimings&) { note_connection(); };
  auto made = mcp::make_curl_http(loop_, std::move(http_options));
  if (!made) return std::unexpected(made.error());
  http_ = std::move(*made);
  return {};
}

mcp::ClientOptions ConnectionPort::client_options() const {
  auto options = options_.client;
  const auto sequence = static_cast<std::uint32_t>((sessions_ % sessions_apart) << ids_of_session);
  options.session.first_request_id = request_id(agent_, sequence);
  if (!options.memory) options.memory = options_.learnt;
  return options;
}

void ConnectionPort::connect(mcp::TimePoint deadline, OnOutcome done) {
  retire_link();
  if (auto made = make_engine(); !made) {
    return answer_later(outcome_of(made.error(), loop_.now(), loop_.now()), std::move(done));
  }
  link_ = std::make_unique<Link>(*this, mcp::TransportContext{loop_, http_.get(), children_.get()},
                                 options_.endpoint, client_options());
  ++sessions_;
  link_->open(deadline, std::move(done));
}

void ConnectionPort::send(Ask ask, OnOutcome done) {
  link_->ask(std::move(ask), std::move(done));
}

void ConnectionPort::disconnect(mcp::TimePoint deadline, OnOutcome done) {
  if (link_) return link_->close(deadline, std::move(done));
  answer_later({.started = loop_.now(), .ended = loop_.now()}, std::move(done));
}

void ConnectionPort::retire_link() {
  if (!link_) return;
  link_->retire();
  retired_.push_back(std::move(link_));
  sweep_soon();
}

/// Not at once: the link may be the one that is calling.
void ConnectionPort::sweep_soon() {
  sweep_ = loop_.start_timer(loop_.now(), [this] {
    std::erase_if(retired_, [](const auto& link) { return link->is_idle(); });
  });
}

/// More connections than there ever were exchanges at a time: one of them replaces another.
void ConnectionPort::note_connection() {
  observer_.on_connection(loop_.now(), connections_ >= most_exchanges_);
  ++connections_;
}

void ConnectionPort::answer_later(Outcome outcome, OnOutcome done) {
  later_.clear();
  later_.push_back(loop_.start_timer(loop_.now(), [outcome, done = std::move(done)]() mutable {
    auto answer = std::move(done);
    answer(outcome);
  }));
}

}  // namespace scenarios

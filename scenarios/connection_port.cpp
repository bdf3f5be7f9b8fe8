#include "scenarios/connection_port.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "mcp/base/text.hpp"
#include "mcp/io/child_process.hpp"
#include "scenarios/connection_link.hpp"
#include "scenarios/failure_of.hpp"
#include "scenarios/plan.hpp"

namespace scenarios {
namespace {

/// Sessions of one agent share its range of ids: each has room for a million requests.
constexpr unsigned ids_of_session = 20;
constexpr std::uint64_t sessions_apart = 1ULL << (32U - ids_of_session);

/// Fields that only libcurl can keep.
bool is_beyond_lean(const mcp::Header& field) {
  return std::ranges::any_of(
      std::to_array({"Accept-Encoding", "Transfer-Encoding", "Trailer", "Upgrade"}),
      [&](std::string_view name) { return mcp::equals_ignoring_case(field.name, name); });
}

}  // namespace

bool suits_lean_engine(const mcp::Endpoint& endpoint) {
  return endpoint.url && endpoint.max_redirects == 0 &&
         mcp::suits_lean_http(endpoint.http, *endpoint.url) &&
         std::ranges::none_of(endpoint.headers, is_beyond_lean);
}

ConnectionPort::ConnectionPort(mcp::Loop& loop, ConnectionPortOptions& options, AgentId agent,
                               PortObserver& observer)
    : loop_(loop),
      options_(options),
      agent_(agent),
      is_lean_(suits_lean_engine(options.endpoint)),
      observer_(observer) {}

ConnectionPort::~ConnectionPort() = default;

mcp::Result<void> ConnectionPort::make_engine() {
  if (!options_.endpoint.url) {
    if (!children_) children_ = mcp::make_child_spawner(loop_);
    return {};
  }
  if (http_) return {};
  if (is_lean_) return make_lane();
  auto http_options = options_.endpoint.http;
  http_options.on_connected = [this](const mcp::HttpTimings&) { note_connection(); };
  auto made = mcp::make_curl_http(loop_, std::move(http_options));
  if (!made) return std::unexpected(made.error());
  http_ = std::move(*made);
  return {};
}

mcp::Result<void> ConnectionPort::make_lane() {
  if (!options_.lean) {
    auto made = mcp::make_lean_http(loop_, options_.endpoint.http, {.sources = options_.sources});
    if (!made) return std::unexpected(made.error());
    options_.lean = std::move(*made);
  }
  auto http = std::make_shared<LaneHttp>(options_.lean->make_lane(this));
  lane_ = http.get();
  http_ = std::move(http);
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
  link_ = std::make_unique<Link>(*this, client_options());
  ++sessions_;
  link_->open(deadline, std::move(done));
}

void ConnectionPort::send(Ask ask, OnOutcome done) {
  link_->ask(std::move(ask), std::move(done));
}

void ConnectionPort::disconnect(mcp::TimePoint deadline, OnOutcome done) {
  if (!link_) return answer_later({.started = loop_.now(), .ended = loop_.now()}, std::move(done));
  // A stream is given up before its session is ended, and its connection with it.
  is_leaving_ = true;
  link_->close(deadline, [this, done = std::move(done)](const Outcome& outcome) mutable {
    // The connections go with the session; who comes back makes new ones.
    retire_link();
    http_.reset();
    is_leaving_ = false;
    lane_ = nullptr;
    connections_ = 0;
    most_exchanges_ = 1;
    std::exchange(done, {})(outcome);
  });
}

void ConnectionPort::on_connected(const mcp::LaneConnected& connected) {
  const bool again = connected.why == mcp::LaneConnected::Why::again && !is_leaving_;
  observer_.on_connection(loop_.now(), again);
}

/// What a cut did to a request or to a stream is told by these.
void ConnectionPort::on_cut(const mcp::LaneCut& cut) {
  using By = mcp::LaneCut::By;
  if (cut.during != mcp::LaneCut::During::idle || cut.by == By::announced) return;
  const bool in_order = cut.by == By::fin || cut.by == By::garbage;
  observer_.on_cut({.at = loop_.now(),
                    .subject = Subject::connection,
                    .by = in_order ? CutBy::fin : CutBy::rst,
                    .idle = cut.after,
                    .announced = cut.keep_alive});
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

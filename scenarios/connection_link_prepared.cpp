#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>
#include <variant>

#include "mcp/wire/codec.hpp"
#include "mcp/wire/json_text.hpp"
#include "scenarios/connection_link.hpp"
#include "scenarios/failure_of.hpp"

namespace scenarios {
namespace {

/// A credential is read anew from time to time: what is older is not sent again.
constexpr std::chrono::seconds longest_with_token{1};
/// Requests of a link that are kept ready.
constexpr std::size_t most_known = 64;

/// The result in the text of a response; none where it is anything else.
mcp::Result<mcp::Json> result_in(std::string_view text, const mcp::DecodeLimits& limits) {
  auto messages = mcp::decode(text, limits);
  if (!messages) return std::unexpected(std::move(messages.error()));
  auto* response = std::get_if<mcp::ResultResponse>(&messages->front());
  if (messages->size() == 1 && response != nullptr) return std::move(response->result);
  return mcp::fail(mcp::ErrorKind::protocol, "the answer is no result");
}

}  // namespace

bool ConnectionPort::Link::may_prepare(const Ask& ask) const {
  if (!is_prepared_for_ || ask.request == nullptr) return false;
  if (!ask.traceparent.empty()) return false;  // it is in the bytes, and never the same
  // Arguments that change may be mirrored in fields that change with them.
  return ask.is_fixed || !is_modern() || !port_.options_.tool_schemas.contains(ask.target);
}

/// Null where there is none that may be sent.
ConnectionPort::Link::Known ConnectionPort::Link::take_known(const Ask& ask) {
  const auto found = std::ranges::find(known_, ask.request, &Known::request);
  if (found == known_.end()) return {};
  auto taken = std::move(*found);
  if (found + 1 != known_.end()) *found = std::move(known_.back());
  known_.pop_back();
  const bool is_old = port_.options_.endpoint.token && now() - taken.learnt > longest_with_token;
  const bool fits = ask.is_fixed || taken.bytes->takes_arguments();
  return is_old || !fits ? Known{} : std::move(taken);
}

bool ConnectionPort::Link::send_prepared(Ask& ask, OnOutcome& done) {
  auto known = take_known(ask);
  if (!known.bytes) return false;
  auto& spare = port_.options_.spare_calls;
  if (spare.empty()) spare.push_back(std::make_unique<PreparedCall>());
  auto& call = *calls_.emplace_back(std::move(spare.back()));
  spare.pop_back();
  const auto id = connection_.reserve_id();
  const auto& request = ask.is_fixed
                            ? known.bytes->with(id)
                            : known.bytes->with(id, mcp::json_text(to_json(ask.arguments)));
  call.ask = std::move(ask);
  call.done = std::move(done);
  call.used = std::move(known.bytes);
  call.learnt = known.learnt;
  call.start({.owner = *this,
              .loop = port_.loop_,
              .lane = lane_->lane(),
              .request = request,
              .id = id,
              .era = era_});
  return true;
}

void ConnectionPort::Link::ask_and_learn(Ask ask, OnOutcome done) {
  const auto* request = ask.request;
  std::optional<mcp::HttpRequest> seen;
  lane_->show_next(&seen);
  const auto id = ask_library(std::move(ask), std::move(done), now(), std::nullopt);
  lane_->show_next(nullptr);
  if (!seen || known_.size() >= most_known) return;
  auto bytes = CallTemplate::learn(*seen, port_.options_.endpoint.http.user_agent, id);
  if (!bytes) return;
  known_.push_back({.request = request,
                    .learnt = now(),
                    .bytes = std::make_unique<CallTemplate>(std::move(*bytes))});
}

std::unique_ptr<PreparedCall> ConnectionPort::Link::take(const PreparedCall& call) {
  const auto found =
      std::ranges::find_if(calls_, [&](const auto& each) { return each.get() == &call; });
  auto taken = std::move(*found);
  *found = std::move(calls_.back());
  calls_.pop_back();
  return taken;
}

void ConnectionPort::Link::on_answered(PreparedCall& call) {
  Outcome outcome{.started = call.started(),
                  .ended = call.ended(),
                  .failure = failure_of_result(call.ask, call.is_tool_error())};
  std::optional<mcp::Json> result;
  if (!outcome.failure && call.ask.wants_result) {
    auto read = result_in(call.text(), port_.options_.endpoint.limits.message);
    if (!read) return on_unusual(call);
    result = std::move(*read);
    outcome.result = &*result;
  }
  auto done = std::move(call.done);
  auto owned = take(call);
  owned->finish();
  known_.push_back(
      {.request = owned->ask.request, .learnt = owned->learnt, .bytes = std::move(owned->used)});
  port_.options_.spare_calls.push_back(std::move(owned));
  answer(outcome, done);
}

/// The library goes on with it as if it had sent it.
void ConnectionPort::Link::on_unusual(PreparedCall& call) {
  auto ask = std::move(call.ask);
  auto done = std::move(call.done);
  lane_->give_next(take(call));
  ask_library(std::move(ask), std::move(done), call.started(), call.id());
  // Not taken, it ends here, and the session tells its deadline.
  if (lane_->take_back()) return;
  call.replay();
}

}  // namespace scenarios

#include "scenarios/idle_hunt.hpp"

#include <fmt/format.h>

#include <utility>

namespace scenarios {
namespace {

/// A server without the stream says so to each who asks.
std::string absence(const IdleTrials& trials) {
  const auto& problem = trials.problem();
  const bool refused =
      problem && problem->asked_for == Operation::listen &&
      (problem->failure == Failure::http_status || problem->failure == Failure::rpc_error);
  if (!refused || trials.ladder().result().trials != 0) return {};
  if (problem->http_status == 0) return "the server offers none";
  return fmt::format("the server offers none (HTTP {})", problem->http_status);
}

}  // namespace

IdleHunt::IdleHunt(Options options) : options_(std::move(options)) {
  for (const auto subject : options_.search.subjects) {
    trials_.push_back(std::make_unique<IdleTrials>(
        options_.loop, subject, options_.search, options_.make_port,
        [this](Subject each, const IdleTrial& trial) { note(each, trial); }));
  }
}

IdleHunt::~IdleHunt() = default;

void IdleHunt::start() {
  running_ = trials_.size();
  for (const auto& each : trials_) each->start([this] { --running_; });
  if (options_.ends == mcp::TimePoint::max()) return;
  end_timer_ = options_.loop.start_timer(options_.ends, [this] { stop(SearchEnd::out_of_time); });
}

void IdleHunt::stop(SearchEnd why) {
  if (is_over() || end_ != SearchEnd::complete) return;
  end_ = why;
  for (const auto& each : trials_) each->stop();
}

void IdleHunt::note(Subject subject, const IdleTrial& trial) {
  if (options_.recorder == nullptr || trial.survived) return;
  options_.recorder->cut({.at = options_.loop.now(),
                          .subject = subject,
                          .by = trial.by,
                          .http_status = trial.http_status,
                          .idle = trial.seen_after.value_or(trial.waited),
                          .keep_alive_seen = trial.keep_alive_seen});
}

SearchReport IdleHunt::report() const {
  IdleReport report;
  for (const auto& each : trials_) {
    report.findings.push_back({.subject = each->subject(),
                               .result = each->ladder().result(),
                               .failed = each->failed(),
                               .absent = absence(*each)});
  }
  return {.found = std::move(report), .end = end_};
}

std::size_t IdleHunt::trials() const {
  std::size_t sum = 0;
  for (const auto& each : trials_) sum += each->ladder().result().trials;
  return sum;
}

}  // namespace scenarios

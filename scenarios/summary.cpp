#include "scenarios/summary.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <chrono>
#include <string_view>

#include "scenarios/step_name.hpp"

namespace scenarios {
namespace {

double share(std::uint64_t part, std::uint64_t whole) {
  return whole == 0 ? 0 : static_cast<double>(part) / static_cast<double>(whole);
}

double per_second(std::uint64_t count, mcp::Duration time) {
  const double seconds = std::chrono::duration<double>(time).count();
  return seconds > 0 ? static_cast<double>(count) / seconds : 0;
}

StepSummary summarize(const StepTotals& step, std::string name) {
  return {.name = std::move(name),
          .requests = step.requests,
          .failed = failed_requests(step.failures),
          .abandoned = step.abandoned,
          .not_started = step.not_started,
          .failures = step.failures,
          .from_intended = quantiles_of(step.from_intended),
          .from_start = quantiles_of(step.from_start)};
}

Saturation saturation_of(const Recording& recording, const StepSummary& all) {
  std::uint64_t measured = 0;
  std::uint64_t busy = 0;
  for (const auto& slot : recording.timeline.slots()) {
    if (slot.cpu_micros == 0) continue;
    ++measured;
    if (slot.cpu_permille >= Saturation::cpu_bound_permille) ++busy;
  }
  return {.late_share = share(recording.totals.late, recording.lag.count()),
          .late_after = recording.late_after,
          .busy_share = share(busy, measured),
          .local_failures = all.failures[index_of(Failure::local)]};
}

void count_requests(Summary& summary) {
  const StepSummary& all = summary.all;
  summary.started = all.requests + all.abandoned;
  summary.intended = summary.started + all.not_started;
  summary.intended_rate = per_second(summary.intended, summary.ran);
  summary.started_rate = per_second(summary.started, summary.ran);
  summary.answered_rate = per_second(summary.answered_in_time, summary.ran);
}

}  // namespace

Quantiles quantiles_of(const Histogram& histogram) {
  return {.count = histogram.count(),
          .min = histogram.min(),
          .p50 = histogram.percentile(50),
          .p90 = histogram.percentile(90),
          .p99 = histogram.percentile(99),
          .p99_9 = histogram.percentile(99.9),
          .max = histogram.max(),
          .mean = histogram.mean()};
}

double StepSummary::error_rate() const {
  return share(failed, requests);
}

double Summary::rate_share() const {
  return intended == 0 ? 1 : share(answered_in_time, intended);
}

std::string Saturation::reason() const {
  std::string text;
  const auto say = [&text](const std::string& more) { text += (text.empty() ? "" : "; ") + more; };
  if (late())
    say(fmt::format("{:.1f} % of the requests started more than {} late", late_share * 100,
                    mcp::format_duration(late_after)));
  if (cpu_full())
    say(fmt::format("a thread's core was full in {:.0f} % of the time", busy_share * 100));
  if (out_of_sockets()) say(fmt::format("this machine could not send {} requests", local_failures));
  return text;
}

Summary summarize(const Recording& recording) {
  Summary summary{.ran = recording.ran, .threads = recording.threads};
  StepTotals all;
  for (std::size_t step = 0; step < recording.by_step.size(); ++step) {
    all.merge(recording.by_step[step]);
    summary.steps.push_back(
        summarize(recording.by_step[step], step_name(recording.steps.at(step))));
  }
  summary.all = summarize(all, "");
  const Totals& totals = recording.totals;
  summary.answered_in_time = totals.answered_in_time;
  count_requests(summary);
  summary.sessions_opened = totals.sessions_opened;
  summary.sessions_closed = totals.sessions_closed;
  summary.sessions_lost = recording.incidents.count(Subject::session);
  summary.sessions_reinitialised = totals.sessions_reinitialised;
  summary.connections_made = totals.connections_made;
  summary.reconnects = totals.reconnects;
  summary.connections_cut = recording.incidents.count(Subject::connection);
  summary.streams_cut = recording.incidents.count(Subject::stream);
  summary.server_requests = totals.server_requests;
  summary.time_to_return = quantiles_of(recording.time_to_return);
  summary.lag = quantiles_of(recording.lag);
  summary.saturation = saturation_of(recording, summary.all);
  return summary;
}

Histogram latencies_of(const Recording& recording, std::string_view name) {
  Histogram latencies;
  for (std::size_t step = 0; step < recording.by_step.size(); ++step)
    if (covers(name, recording.steps[step])) latencies.merge(recording.by_step[step].from_intended);
  return latencies;
}

}  // namespace scenarios

#include "scenarios/threshold.hpp"

#include <fmt/core.h>

#include <chrono>
#include <cmath>

#include "mcp/base/text.hpp"
#include "mcp/base/time.hpp"
#include "scenarios/step_name.hpp"

namespace scenarios {
namespace {

constexpr std::string_view lag_subject = "lag";
constexpr std::string_view return_subject = "time_to_return";

bool is_latency(const Threshold& threshold) {
  return threshold.unit == Unit::micros;
}
/// Of something that is no step.
bool is_special(const Threshold& threshold) {
  return is_latency(threshold) &&
         (threshold.subject == lag_subject || threshold.subject == return_subject);
}

std::string left_side(const Threshold& threshold) {
  const std::size_t end = threshold.text.find_first_of("<>=");
  return std::string(mcp::trim(std::string_view(threshold.text).substr(0, end)));
}

std::string show(double value, Unit unit) {
  switch (unit) {
    case Unit::micros:
      return mcp::format_duration(std::chrono::duration_cast<mcp::Duration>(
          std::chrono::duration<double, std::micro>(value)));
    case Unit::share:
      return fmt::format("{:.3g} %", value * 100);
    case Unit::per_second:
      return fmt::format("{:.1f}/s", value);
    case Unit::count:
      break;
  }
  return fmt::format("{:.0f}", value);
}

bool holds(double measured, Relation relation, double value) {
  switch (relation) {
    case Relation::less:
      return measured < value;
    case Relation::at_most:
      return measured <= value;
    case Relation::more:
      return measured > value;
    case Relation::at_least:
      return measured >= value;
    case Relation::equal:
      break;
  }
  return measured == value;
}

/// Sums over the steps that the threshold is about.
StepTotals totals_of(const Threshold& threshold, const Recording& recording) {
  StepTotals sum;
  for (std::size_t step = 0; step < recording.by_step.size(); ++step)
    if (covers(threshold.subject, recording.steps[step])) sum.merge(recording.by_step[step]);
  return sum;
}

std::optional<double> latency(const Threshold& threshold, const Recording& recording) {
  const Histogram times = threshold.subject == lag_subject ? recording.lag
                          : threshold.subject == return_subject
                              ? recording.time_to_return
                              : latencies_of(recording, threshold.subject);
  if (times.empty()) return std::nullopt;
  if (threshold.metric == Metric::max) return static_cast<double>(times.max());
  if (threshold.metric == Metric::mean) return times.mean();
  return static_cast<double>(times.percentile(threshold.percent));
}

std::optional<double> of_steps(const Threshold& threshold, const Recording& recording) {
  const StepTotals steps = totals_of(threshold, recording);
  const std::uint64_t failed = failed_requests(steps.failures);
  switch (threshold.metric) {
    case Metric::error_rate:
      if (steps.requests == 0) return std::nullopt;
      return static_cast<double>(failed) / static_cast<double>(steps.requests);
    case Metric::errors:
      return static_cast<double>(threshold.failure ? steps.failures[index_of(*threshold.failure)]
                                                   : failed);
    case Metric::requests:
      return static_cast<double>(steps.requests);
    case Metric::abandoned:
      return static_cast<double>(steps.abandoned);
    default:
      return static_cast<double>(steps.not_started);
  }
}

std::optional<double> measure(const Threshold& threshold, const Recording& recording,
                              const Summary& summary) {
  const auto count = [](std::uint64_t number) { return static_cast<double>(number); };
  switch (threshold.metric) {
    case Metric::percentile:
    case Metric::max:
    case Metric::mean:
      return latency(threshold, recording);
    case Metric::rate:
      return threshold.unit == Unit::share ? summary.rate_share() : summary.answered_rate;
    case Metric::sessions_lost:
      return count(summary.sessions_lost);
    case Metric::sessions_opened:
      return count(summary.sessions_opened);
    case Metric::sessions_reinitialised:
      return count(summary.sessions_reinitialised);
    case Metric::reconnects:
      return count(summary.reconnects);
    case Metric::connections_cut:
      return count(summary.connections_cut);
    case Metric::streams_cut:
      return count(summary.streams_cut);
    default:
      return of_steps(threshold, recording);
  }
}

}  // namespace

mcp::Result<void> check_threshold(const Threshold& threshold, const std::vector<Step>& steps) {
  if (threshold.subject.empty() || is_special(threshold)) return {};
  std::vector<std::string> names;
  for (const auto& step : steps) {
    if (covers(threshold.subject, step)) return {};
    names.push_back(step.method);
    names.push_back(step_name(step));
  }
  const std::size_t column = threshold.text.find('(') + 2;
  const std::string near = mcp::nearest(threshold.subject, names);
  return mcp::fail(mcp::ErrorKind::usage,
                   fmt::format("threshold {}, column {}: the scenario has no step {}",
                               mcp::quoted(threshold.text), column, mcp::quoted(threshold.subject)),
                   near.empty() ? "write a method, or method:name, of the script"
                                : fmt::format("did you mean {}?", near));
}

std::string_view to_string(Verdict verdict) {
  switch (verdict) {
    case Verdict::met:
      return "met";
    case Verdict::missed:
      return "missed";
    case Verdict::not_judged:
      break;
  }
  return "not_judged";
}

Judgement judge(const Threshold& threshold, const Recording& recording, const Summary& summary) {
  Judgement judgement{.threshold = threshold};
  judgement.measured = measure(threshold, recording, summary);
  if (!judgement.measured && is_special(threshold) && threshold.subject == return_subject &&
      summary.sessions_lost == 0) {
    judgement.verdict = Verdict::met;
    judgement.reason = "no session was lost";
    return judgement;
  }
  if (!judgement.measured) {
    judgement.reason =
        fmt::format("not judged: there was nothing to measure {} of", left_side(threshold));
    return judgement;
  }
  // The lag is the driver's own, and is judged above all when it was too high.
  const bool of_server = is_latency(threshold) && threshold.subject != lag_subject;
  if (of_server && summary.saturation.saturated()) {
    judgement.reason =
        fmt::format("not judged: generator saturated ({})", summary.saturation.reason());
    return judgement;
  }
  const bool met = holds(*judgement.measured, threshold.relation, threshold.value);
  judgement.verdict = met ? Verdict::met : Verdict::missed;
  judgement.reason =
      fmt::format("{} is {}", left_side(threshold), show(*judgement.measured, threshold.unit));
  return judgement;
}

std::vector<Judgement> judge_all(const std::vector<Threshold>& thresholds,
                                 const Recording& recording) {
  const Summary summary = summarize(recording);
  std::vector<Judgement> judgements;
  for (const auto& threshold : thresholds)
    judgements.push_back(judge(threshold, recording, summary));
  return judgements;
}

}  // namespace scenarios

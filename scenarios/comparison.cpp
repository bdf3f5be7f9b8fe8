#include "scenarios/comparison.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <numbers>
#include <optional>
#include <random>

#include "scenarios/resampling.hpp"
#include "scenarios/step_name.hpp"

namespace scenarios {
namespace {

constexpr std::size_t fewest_units = 10;
/// One in a hundred of them must still be several requests.
constexpr std::uint64_t fewest_for_p99 = 1000;
constexpr std::uint64_t fewest_for_p50 = 100;
/// "No difference" is said only where a doubling, or five percentage points, would have been seen.
constexpr double widest_latency = std::numbers::ln2;
constexpr double widest_share = 0.05;

/// How a figure of a run becomes a metric; logarithms are compared by their ratio.
struct MetricOf {
  std::string name;
  std::function<double(const RunFigures&)> figure;
  /// How many independent observations the weaker run has of it.
  double observations = 0;
  bool logarithm = false;
  /// A few stalls can make it what it is. That k of them are all in one of two equal runs happens
  /// with 2^-k, which is about the root of how often a draw of that run has none of them.
  bool of_events = false;
  bool more_is_worse = true;
};

struct Pair {
  std::vector<Step> steps;
  SampledRun before;
  SampledRun after;
};

/// The z for which a normal value lies beyond ±z with that probability.
double quantile_beyond(double probability) {
  double low = 0;
  double high = 10;
  for (int turn = 0; turn < 60; ++turn) {
    const double middle = (low + high) / 2;
    (std::erfc(middle / std::sqrt(2.0)) > probability ? low : high) = middle;
  }
  return high;
}

/// The same for Student's t, to the first term of its expansion around the normal's: a deviation
/// that was taken from few observations is itself uncertain.
double student_beyond(double probability, double observations) {
  const double z = quantile_beyond(probability);
  const double freedom = std::max(observations - 1, 0.5);
  return z + (z * z * z + z) / (4 * freedom);
}

double deviation(const std::vector<double>& values) {
  double mean = 0;
  for (const double value : values) mean += value / static_cast<double>(values.size());
  double sum = 0;
  for (const double value : values) sum += (value - mean) * (value - mean);
  return std::sqrt(sum / static_cast<double>(std::max<std::size_t>(2, values.size()) - 1));
}

/// The steps of both runs, with their places in each.
Pair pair_of(const Recording& before, const Recording& after) {
  std::vector<Step> steps;
  std::vector<StepId> left;
  std::vector<StepId> right;
  for (std::size_t at = 0; at < before.steps.size(); ++at) {
    const auto found = std::find(after.steps.begin(), after.steps.end(), before.steps[at]);
    if (found == after.steps.end()) continue;
    steps.push_back(before.steps[at]);
    left.push_back(static_cast<StepId>(at));
    right.push_back(static_cast<StepId>(found - after.steps.begin()));
  }
  return {std::move(steps), SampledRun(before, left), SampledRun(after, right)};
}

std::vector<MetricOf> metrics_of(const Pair& runs) {
  std::vector<MetricOf> metrics;
  const double blocks = std::min(runs.before.blocks(), runs.after.blocks());
  for (std::size_t step = 0; step < runs.steps.size(); ++step) {
    if (std::min(runs.before.units_with(step), runs.after.units_with(step)) < fewest_units)
      continue;
    const std::uint64_t requests =
        std::min(runs.before.requests_of(step), runs.after.requests_of(step));
    const std::string name = step_name(runs.steps[step]);
    if (requests >= fewest_for_p50)
      metrics.push_back(
          {.name = fmt::format("p50({})", name),
           .figure = [step](const RunFigures& run) { return run.latencies[step].p50; },
           .observations = blocks,
           .logarithm = true});
    if (requests >= fewest_for_p99)
      metrics.push_back(
          {.name = fmt::format("p99({})", name),
           .figure = [step](const RunFigures& run) { return run.latencies[step].p99; },
           .observations =
               std::min(runs.before.sources_of_p99(step), runs.after.sources_of_p99(step)),
           .logarithm = true,
           .of_events = true});
  }
  metrics.push_back({.name = "error_rate",
                     .figure = [](const RunFigures& run) { return run.error_rate; },
                     .observations = blocks});
  metrics.push_back({.name = "rate",
                     .figure = [](const RunFigures& run) { return run.rate; },
                     .observations = blocks,
                     .more_is_worse = false});
  return metrics;
}

std::vector<RunFigures> draws(const SampledRun& run, const ComparisonOptions& options,
                              std::uint64_t stream) {
  std::seed_seq seed{options.seed, stream};
  std::mt19937_64 random(seed);
  std::vector<RunFigures> drawn;
  drawn.reserve(options.resamples);
  for (std::size_t index = 0; index < options.resamples; ++index) drawn.push_back(run.draw(random));
  return drawn;
}

std::vector<double> figures_of(const std::vector<RunFigures>& drawn, const MetricOf& metric) {
  std::vector<double> values;
  values.reserve(drawn.size());
  for (const auto& run : drawn) values.push_back(metric.figure(run));
  std::sort(values.begin(), values.end());
  return values;
}

/// Of all pairs of draws, the share in which the higher run is not the higher one. A few stalls
/// make two humps of a metric, and its deviation too little of the lower one: of three stalls one
/// draw in twenty has none. Both are sorted.
double share_not_higher(const std::vector<double>& higher, const std::vector<double>& lower) {
  std::size_t pairs = 0;
  for (const double value : higher)
    pairs +=
        static_cast<std::size_t>(lower.end() - std::lower_bound(lower.begin(), lower.end(), value));
  return static_cast<double>(pairs) / static_cast<double>(higher.size() * lower.size());
}

/// How far a metric's difference can be off, and how likely its direction is chance.
struct Noise {
  double error = 0;
  bool direction_is_sure = false;
};

Change verdict_of(const MetricComparison& metric, const MetricOf& of, const Noise& noise,
                  const ComparisonOptions& options) {
  const double least = of.logarithm ? options.least_latency : options.least_share;
  const bool up = metric.lowest > 0 && metric.change >= least;
  const bool down = metric.highest < 0 && metric.change <= -least;
  if ((up || down) && !noise.direction_is_sure) return Change::unknown;
  if (up || down) return up == of.more_is_worse ? Change::worse : Change::better;
  const double widest = of.logarithm ? widest_latency : widest_share;
  return noise.error <= widest ? Change::none : Change::unknown;
}

MetricComparison compared(const MetricOf& metric, double before, double after, const Noise& noise,
                          const ComparisonOptions& options) {
  const auto shown = [&](double value) { return metric.logarithm ? std::exp(value) : value; };
  const auto change = [&](double value) { return metric.logarithm ? std::expm1(value) : value; };
  const double difference = after - before;
  MetricComparison result{.metric = metric.name,
                          .before = shown(before),
                          .after = shown(after),
                          .change = change(difference),
                          .lowest = change(difference - noise.error),
                          .highest = change(difference + noise.error)};
  result.verdict = verdict_of(result, metric, noise, options);
  return result;
}

Comparison too_short(const std::vector<MetricOf>& metrics, const Pair& runs) {
  Comparison comparison;
  const RunFigures before = runs.before.figures();
  const RunFigures after = runs.after.figures();
  for (const auto& metric : metrics)
    comparison.metrics.push_back({.metric = metric.name,
                                  .before = metric.figure(before),
                                  .after = metric.figure(after),
                                  .verdict = Change::unknown});
  return comparison;
}

}  // namespace

std::string_view to_string(Change change) {
  switch (change) {
    case Change::none:
      return "no difference";
    case Change::worse:
      return "worse";
    case Change::better:
      return "better";
    case Change::unknown:
      break;
  }
  return "unknown";
}

bool Comparison::worse() const {
  return std::any_of(metrics.begin(), metrics.end(), [](const MetricComparison& metric) {
    return metric.verdict == Change::worse;
  });
}

Comparison compare(const Recording& before, const Recording& after,
                   const ComparisonOptions& options) {
  const Pair runs = pair_of(before, after);
  const auto metrics = metrics_of(runs);
  if (std::min(runs.before.units(), runs.after.units()) < fewest_units)
    return too_short(metrics, runs);

  const auto drawn_before = draws(runs.before, options, 0);
  const auto drawn_after = draws(runs.after, options, 1);
  const RunFigures whole_before = runs.before.figures();
  const RunFigures whole_after = runs.after.figures();
  // Each metric gets its part of the chance of a false alarm (Bonferroni).
  const double chance = (1 - options.confidence) / static_cast<double>(metrics.size());
  Comparison comparison;
  for (const auto& metric : metrics) {
    const auto left = figures_of(drawn_before, metric);
    const auto right = figures_of(drawn_after, metric);
    const double before_figure = metric.figure(whole_before);
    const double after_figure = metric.figure(whole_after);
    const bool rises = after_figure > before_figure;
    const double doubt = rises ? share_not_higher(right, left) : share_not_higher(left, right);
    const Noise noise{
        .error = student_beyond(chance, metric.observations) *
                 std::hypot(deviation(left), deviation(right)),
        .direction_is_sure = (metric.of_events ? std::sqrt(doubt) : doubt) < chance / 2};
    comparison.metrics.push_back(compared(metric, before_figure, after_figure, noise, options));
  }
  return comparison;
}

}  // namespace scenarios

#include "cli/render/load/verdict.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace cli {

using scenarios::Judgement;
using scenarios::Verdict;

std::string counted(std::uint64_t count, std::string_view one, std::string_view many) {
  return fmt::format("{} {}", count, count == 1 ? one : many);
}

LoadVerdict load_verdict(const scenarios::Summary& summary,
                         const std::vector<Judgement>& judgements) {
  const auto thresholds = counted(judgements.size(), "threshold", "thresholds");
  const auto failed = std::ranges::count_if(
      judgements, [](const Judgement& one) { return one.verdict != Verdict::met; });
  if (failed != 0) {
    return {.word = "MISSED",
            .tone = Tone::bad,
            .reason = fmt::format("{} of {} not met", failed, thresholds)};
  }
  if (summary.saturation.saturated()) {
    return {.word = "SATURATED",
            .tone = Tone::doubtful,
            .reason = "the generator was too slow, so the latencies are its own"};
  }
  if (!judgements.empty()) {
    return {.word = "PASSED", .tone = Tone::good, .reason = thresholds + " met"};
  }
  return {.word = "DONE",
          .tone = Tone::good,
          .reason = fmt::format("{}, {}", counted(summary.all.requests, "request", "requests"),
                                counted(summary.all.failed, "failure", "failures"))};
}

}  // namespace cli

#include "scenarios/results.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <chrono>

#include "mcp/base/text.hpp"

namespace scenarios {
namespace {

std::unexpected<mcp::Error> refuse(std::string why, std::string hint) {
  return mcp::fail(mcp::ErrorKind::usage, std::move(why), std::move(hint));
}

/// What two results must share so that their sum means anything.
std::string difference(const Results& left, const Results& right) {
  if (left.scenario != right.scenario)
    return fmt::format("the scenarios {} and {}", mcp::quoted(left.scenario),
                       mcp::quoted(right.scenario));
  if (left.search || right.search) return "searches, each of them a whole";
  if (left.seed != right.seed) return fmt::format("the seeds {} and {}", left.seed, right.seed);
  if (left.shards_of != right.shards_of)
    return fmt::format("{} and {} shards", left.shards_of, right.shards_of);
  if (left.recording.steps != right.recording.steps) return "different steps";
  if (left.recording.late_after != right.recording.late_after)
    return "different bounds for lateness";
  return {};
}

}  // namespace

std::string to_string(Results::Start start) {
  using namespace std::chrono;
  const auto day = floor<days>(start);
  const year_month_day date(day);
  const hh_mm_ss time(start - day);
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}Z", static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                     time.hours().count(), time.minutes().count(), time.seconds().count(),
                     time.subseconds().count());
}

mcp::Result<Results> merge_results(const std::vector<Results>& parts) {
  if (parts.empty()) return refuse("there is nothing to merge", "name the results files");
  Results sum = parts.front();
  for (std::size_t at = 1; at < parts.size(); ++at) {
    const Results& part = parts[at];
    if (const auto why = difference(sum, part); !why.empty())
      return refuse(
          fmt::format("these results are not of one run: {}", why),
          "merge the shards of one run; `mcpctl load compare` sets two runs side by side");
    for (const auto shard : part.shards) {
      if (std::find(sum.shards.begin(), sum.shards.end(), shard) != sum.shards.end())
        return refuse(fmt::format("shard {} of {} is there twice", shard, sum.shards_of),
                      "give each shard's results once");
      sum.shards.push_back(shard);
    }
    sum.start = std::min(sum.start, part.start);
    sum.recording.merge(part.recording);
  }
  std::sort(sum.shards.begin(), sum.shards.end());
  return sum;
}

}  // namespace scenarios

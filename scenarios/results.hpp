#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "mcp/base/error.hpp"
#include "scenarios/recording.hpp"
#include "scenarios/search_report.hpp"
#include "scenarios/threshold.hpp"

namespace scenarios {

/// A run as its results file keeps it: what was to be done, and everything that was recorded. The
/// published schema is cli/render/schema/load.schema.json.
struct Results {
  using Start = std::chrono::sys_time<std::chrono::milliseconds>;

  std::string scenario;  // its name
  std::string target;    // as it was given
  /// What was agreed on before the run; empty: not known.
  std::string protocol_version;
  std::string transport;
  std::uint64_t seed = 0;
  /// Which of how many shards these are; one run on one machine is {1} of 1.
  std::vector<std::uint32_t> shards = {1};
  std::uint32_t shards_of = 1;
  Start start{};
  /// As the scenario writes them; they are judged anew for whatever was merged.
  std::vector<std::string> thresholds;
  Recording recording;
  /// Of a scenario that searches: the recording is then of what it did, or of the best step.
  std::optional<SearchReport> search;

  friend bool operator==(const Results&, const Results&) = default;
};

inline constexpr int results_version = 1;

/// One JSON document with a line end. It holds the recording without loss, and beside it the
/// summary, the judged thresholds and a series by second, for programs that want figures.
std::string write_results(const Results& results);

/// Reads what `write_results` wrote: the recording equals the one that was written. Errors are of
/// kind usage and name the member.
mcp::Result<Results> read_results(std::string_view text);

/// One big run: the same counts and histograms as if one recorder had seen all. Refuses results of
/// different scenarios, seeds, steps or numbers of shards, and the same shard twice.
mcp::Result<Results> merge_results(const std::vector<Results>& parts);

/// The thresholds of a run, judged anew. A text that is no threshold is left out: whoever wrote the
/// scenario was told before.
std::vector<Judgement> judge_all(const Results& results);

/// "2026-11-21T05:16:12.250Z" (RFC 3339).
std::string to_string(Results::Start start);

}  // namespace scenarios

#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "scenarios/capacity_finder.hpp"
#include "scenarios/idle_ladder.hpp"

namespace scenarios {

/// How a search ended; what it had found until then is told in any case.
enum class SearchEnd : std::uint8_t { complete, interrupted, out_of_time };
std::string_view to_string(SearchEnd end);

/// What is known of one subject.
struct IdleFinding {
  Subject subject = Subject::session;
  IdleLadder::Result result;
  std::uint64_t failed = 0;  // waits that taught nothing
  /// Why there is nothing to find out, where that is so: "the server has no such stream (HTTP
  /// 405)".
  std::string absent;
  friend bool operator==(const IdleFinding&, const IdleFinding&) = default;
};
/// For people: "cut after 7 s (±0.1 s) idle, by FIN".
std::string to_text(const IdleFinding& finding);

struct IdleReport {
  std::vector<IdleFinding> findings;
  friend bool operator==(const IdleReport&, const IdleReport&) = default;
};

struct CapacityReport {
  CapacityFinder::Result result;
  std::vector<CapacityStep> steps;  // in the order in which they were tried
  friend bool operator==(const CapacityReport&, const CapacityReport&) = default;
};

/// What a search has found, as the results file keeps it.
struct SearchReport {
  std::variant<IdleReport, CapacityReport> found;
  SearchEnd end = SearchEnd::complete;
  friend bool operator==(const SearchReport&, const SearchReport&) = default;
};

/// Everything that was asked for is known, and none of it is a failure: all times were found, the
/// lowest rate was kept, and the driver was fast enough.
bool is_answered(const SearchReport& report);

}  // namespace scenarios

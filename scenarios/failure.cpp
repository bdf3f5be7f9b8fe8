#include "scenarios/failure.hpp"

#include <algorithm>
#include <numeric>

namespace scenarios {
namespace {

constexpr std::array<std::string_view, failure_count> names = {
    "refused",   "reset",       "timeout",     "http_status",  "protocol",
    "rpc_error", "tool_error",  "expectation", "session_lost", "stream_cut",
    "local",     "late_answer", "duplicate",   "wrong_id"};

}  // namespace

bool counts_as_latency(std::optional<Failure> failure) {
  if (!failure) return true;
  switch (*failure) {
    case Failure::timeout:
    case Failure::rpc_error:
    case Failure::tool_error:
    case Failure::expectation:
      return true;
    default:
      return false;
  }
}

std::string_view to_string(Failure failure) {
  return names[index_of(failure)];
}

std::optional<Failure> failure_named(std::string_view name) {
  const auto* found = std::find(names.begin(), names.end(), name);
  if (found == names.end()) return std::nullopt;
  return static_cast<Failure>(found - names.begin());
}

std::uint64_t failed_requests(const FailureCounts& counts) {
  const auto* strays = counts.begin() + index_of(Failure::late_answer);
  return std::accumulate(counts.begin(), strays, std::uint64_t{0});
}

}  // namespace scenarios

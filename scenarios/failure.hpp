#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace scenarios {

/// The classes that failures are counted in. A request that was sent ends well or in exactly one
/// of those before `late_answer`; those from `late_answer` on are messages that nobody waits for
/// (strays): they are counted beside the requests and never change a request's own outcome.
enum class Failure : std::uint8_t {
  refused,       // no connection: refused, unreachable, name unknown, TLS failed
  reset,         // the connection broke after the request was sent and before its answer began
  timeout,       // no answer within the request's deadline
  http_status,   // an HTTP status that the other classes do not explain
  protocol,      // an answer that breaks the era's rules: not JSON-RPC, wrong content type, …
  rpc_error,     // a JSON-RPC error response
  tool_error,    // a result with isError
  expectation,   // a valid answer that is not the one that the scenario expects
  session_lost,  // the server no longer knows the session (404, or 400 of some servers)
  stream_cut,    // the answer's event stream ended before the answer
  local,         // this machine could not send it: out of sockets, ports, files or memory
  late_answer,   // an answer to a request whose deadline had passed
  duplicate,     // a second answer to the same request
  wrong_id,      // an answer to a request that was never made
};

inline constexpr std::size_t failure_count = 14;

/// One count a class, indexed by the class.
using FailureCounts = std::array<std::uint64_t, failure_count>;

inline constexpr std::size_t index_of(Failure failure) {
  return static_cast<std::size_t>(failure);
}
inline constexpr bool is_stray(Failure failure) {
  return failure >= Failure::late_answer;
}

/// Whether the time that such a request took says something about the server. It does when the
/// server answered, and when it did not answer in time (the wait is a lower bound of its latency);
/// a refused connection is fast and says nothing.
bool counts_as_latency(std::optional<Failure> failure);

/// "refused", "http_status", …: as thresholds and results files write it.
std::string_view to_string(Failure failure);
std::optional<Failure> failure_named(std::string_view name);

/// The sum over the classes of requests, strays left out.
std::uint64_t failed_requests(const FailureCounts& counts);

}  // namespace scenarios

#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>

namespace mcp::testserver {

/// What the server counts. One thread counts; any thread may read the plain counters.
class Metrics {
 public:
  using Counter = std::atomic<std::uint64_t>;
  Counter sessions_created{0};
  Counter sessions_deleted{0};
  Counter sessions_expired{0};
  Counter sessions_lost{0};  // by fault
  Counter sessions_refused{0};
  Counter sessions_active{0};
  Counter streams_opened{0};
  Counter streams_open{0};
  Counter streams_resumed{0};
  Counter requests{0};
  Counter cancellations{0};
  Counter faults{0};

  /// `method` is an HTTP method or a JSON-RPC one; unknown ones count as "other", so that clients
  /// cannot make up labels.
  void answered(std::string_view method, int status);
  void injected(std::string_view fault);

  /// Prometheus' text format.
  std::string render(std::size_t connections) const;

 private:
  std::map<std::pair<std::string_view, int>, std::uint64_t> answers_;
  std::map<std::string, std::uint64_t, std::less<>> injected_;
};

/// The method's name as a label: one of a fixed set.
std::string_view method_label(std::string_view method);

}  // namespace mcp::testserver

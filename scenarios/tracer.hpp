#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "mcp/base/error.hpp"
#include "mcp/base/time.hpp"
#include "scenarios/failure.hpp"
#include "scenarios/random.hpp"
#include "scenarios/timeline.hpp"

namespace scenarios {

/// Which requests carry a traceparent of their own: a share of all, or so many a second of all
/// threads together; neither: none.
struct TraceSampling {
  double share = 0;       // 0 to 1
  double per_second = 0;  // 0: as many as the share says
  bool is_on() const { return share > 0 || per_second > 0; }
};
/// "1%", "0.01" or "10/s"; errors are of kind usage.
mcp::Result<TraceSampling> read_trace_sampling(std::string_view text);

/// The ids of one traced request (W3C Trace Context); neither is all zeros where there is one.
struct TraceIds {
  std::uint64_t trace_high = 0;
  std::uint64_t trace_low = 0;
  std::uint64_t span = 0;
  explicit operator bool() const { return span != 0; }
};
std::string trace_id(const TraceIds& ids);     // 32 hexadecimal digits
std::string span_id(const TraceIds& ids);      // 16
std::string traceparent(const TraceIds& ids);  // with the flag "sampled"

/// One traced request that ended.
struct TracedRequest {
  TraceIds ids;
  StepId step = 0;
  mcp::TimePoint started;
  mcp::TimePoint ended;
  std::optional<Failure> failure;
  int http_status = 0;
};

/// Chooses the requests of one thread that are traced, and keeps those that ended until they are
/// taken: at most `most`, the others are counted.
class Tracer {
 public:
  static constexpr std::size_t most = 4096;

  /// `sampling` is this thread's part. Another seed makes other ids.
  Tracer(TraceSampling sampling, std::uint64_t seed) : sampling_(sampling), random_(seed) {}

  /// Ids for a request that starts now; none for one that is not traced.
  TraceIds choose(mcp::TimePoint now);
  void ended(const TracedRequest& request);

  std::vector<TracedRequest> take();
  std::uint64_t dropped() const { return dropped_; }

 private:
  bool wants(mcp::TimePoint now);

  TraceSampling sampling_;
  Random random_;
  std::optional<mcp::TimePoint> next_;
  std::vector<TracedRequest> ended_;
  std::uint64_t dropped_ = 0;
};

}  // namespace scenarios

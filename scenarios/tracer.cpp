#include "scenarios/tracer.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <utility>

#include "mcp/base/text.hpp"

namespace scenarios {
namespace {

std::optional<double> number_of(std::string_view text) {
  double value = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (problem != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

std::optional<TraceSampling> sampling_of(std::string_view text) {
  constexpr double most_per_second = 1000;
  if (text.ends_with("/s")) {
    const auto rate = number_of(text.substr(0, text.size() - 2));
    if (!rate || !(*rate >= 0 && *rate <= most_per_second)) return std::nullopt;
    return TraceSampling{.per_second = *rate};
  }
  const bool is_percentage = text.ends_with('%');
  const auto number = number_of(is_percentage ? text.substr(0, text.size() - 1) : text);
  if (!number || !(*number >= 0)) return std::nullopt;
  const double share = is_percentage ? *number / 100 : *number;
  if (share > 1) return std::nullopt;
  return TraceSampling{.share = share};
}

}  // namespace

mcp::Result<TraceSampling> read_trace_sampling(std::string_view text) {
  if (const auto sampling = sampling_of(text)) return *sampling;
  return mcp::fail(mcp::ErrorKind::usage, mcp::quoted(text) + " is no share of the requests",
                   "write 1%, 0.01, or 10/s for at most ten a second (up to 1000/s)");
}

std::string trace_id(const TraceIds& ids) {
  return fmt::format("{:016x}{:016x}", ids.trace_high, ids.trace_low);
}

std::string span_id(const TraceIds& ids) {
  return fmt::format("{:016x}", ids.span);
}

std::string traceparent(const TraceIds& ids) {
  return fmt::format("00-{}-{}-01", trace_id(ids), span_id(ids));
}

/// So many a second: the first one after each period, however many there are.
bool Tracer::wants(mcp::TimePoint now) {
  if (sampling_.per_second <= 0) return sampling_.share > 0 && random_.real() < sampling_.share;
  if (next_ && now < *next_) return false;
  const auto period = std::chrono::duration_cast<mcp::Duration>(
      std::chrono::duration<double>(1 / sampling_.per_second));
  // From the plan, not from now: else a request in between would make each period longer.
  next_ = std::max(next_.value_or(now) + period, now);
  return true;
}

TraceIds Tracer::choose(mcp::TimePoint now) {
  if (!wants(now)) return {};
  // The lowest bit is set, so that no id is all zeros.
  return {
      .trace_high = random_.next(), .trace_low = random_.next() | 1U, .span = random_.next() | 1U};
}

void Tracer::ended(const TracedRequest& request) {
  if (ended_.size() < most) {
    ended_.push_back(request);
  } else {
    ++dropped_;
  }
}

std::vector<TracedRequest> Tracer::take() {
  return std::exchange(ended_, {});
}

}  // namespace scenarios

#include "probes/sidecar/status.hpp"

#include <algorithm>
#include <numeric>
#include <utility>

namespace probes::sidecar {

std::string_view to_string(ProbeKind kind) {
  switch (kind) {
    case ProbeKind::canary:
      return "canary";
    case ProbeKind::handshake:
      return "handshake";
  }
  std::unreachable();
}

std::string_view to_string(Sign sign) {
  switch (sign) {
    case Sign::good:
      return "good";
    case Sign::bad:
      return "bad";
    case Sign::down:
      return "down";
    case Sign::neutral:
      return "neutral";
  }
  std::unreachable();
}

std::string_view to_string(CountSource source) {
  switch (source) {
    case CountSource::proxy:
      return "proxy";
    case CountSource::scrape:
      return "scrape";
    case CountSource::sockets:
      return "sockets";
    case CountSource::none:
      return "none";
  }
  std::unreachable();
}

void Durations::add(mcp::Duration time) {
  const double seconds = std::chrono::duration<double>(time).count();
  // A bucket holds what is at most its bound, as Prometheus' label le says.
  const auto bucket = std::ranges::lower_bound(bounds, seconds) - bounds.begin();
  ++counts.at(static_cast<std::size_t>(bucket));
  sum += seconds;
}

std::uint64_t Durations::total() const {
  return std::accumulate(counts.begin(), counts.end(), std::uint64_t{0});
}

}  // namespace probes::sidecar

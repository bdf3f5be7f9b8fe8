#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "mcp/base/error.hpp"
#include "mcp/base/time.hpp"
#include "mcp/session/peer.hpp"
#include "mcp/transport/transport.hpp"
#include "probes/sidecar/readiness.hpp"
#include "probes/sidecar/session_count.hpp"

namespace probes::sidecar {

/// canary: the cheapest sign of life on the held session. handshake: a connection of its own, with
/// tools/list, closed again.
enum class ProbeKind { canary, handshake };

std::string_view to_string(ProbeKind kind);

/// One probe, as it was seen. Texts are safe to print.
struct ProbeOutcome {
  ProbeKind kind = ProbeKind::canary;
  Sign sign = Sign::neutral;
  mcp::TimePoint ended;
  mcp::Duration took{};
  std::string reason;  // "ping answered", "tools/list timed out after 5 s", …
  std::string hint;
  std::optional<mcp::ErrorKind> failure;
};

/// Observations in fixed buckets, as a Prometheus histogram is: memory does not grow.
struct Durations {
  static constexpr std::array<double, 14> bounds = {0.001, 0.0025, 0.005, 0.01, 0.02, 0.05, 0.1,
                                                    0.2,   0.5,    1,     2,    5,    10,   30};
  std::array<std::uint64_t, bounds.size() + 1> counts{};  // each its own; the last: above all
  double sum = 0;                                         // seconds
  void add(mcp::Duration time);
  std::uint64_t total() const;
};

/// One operation's times, as OpenTelemetry's mcp.client.operation.duration tells them.
struct OperationKey {
  std::string method;  // "ping", "initialize", "server/discover", "tools/list"
  std::string error;   // error.type: empty where it succeeded, else the kind ("timeout")
  auto operator<=>(const OperationKey&) const = default;
};

struct CanaryStatus {
  bool held = false;
  std::optional<mcp::TimePoint> since;  // when this one was opened
  std::optional<mcp::TimePoint> last_sign;
  std::map<std::string, std::uint64_t> losses;  // by cause: "session-lost", "stream-cut", "exit"
  std::string last_loss;                        // one line
  std::optional<mcp::TimePoint> last_loss_at;
};

/// The server's tools compared with those of the first handshake.
struct SurfaceStatus {
  std::string first_digest;  // "sha256:…"; empty before the first
  std::string digest;
  std::size_t tools = 0;
  std::optional<mcp::TimePoint> changed_at;
  std::uint64_t changes = 0;
  std::vector<std::string>
      differing;  // names of tools added (+), removed (-), changed (~); bounded
  bool drifted() const { return digest != first_digest; }
};

/// Everything that is known, at one moment. What /status, /metrics and the answers are made from.
struct Status {
  mcp::TimePoint now;
  std::string target;
  mcp::TransportKind transport = mcp::TransportKind::streamable_http;
  std::optional<mcp::Peer> peer;
  mcp::TimePoint started;
  State state = State::starting;
  mcp::TimePoint since;
  std::string reason;
  Answer ready;
  Answer live;
  Answer startup;
  int failures_in_row = 0;
  std::optional<mcp::TimePoint> last_sign;
  std::vector<ProbeOutcome> recent;  // the newest last, at most 20
  std::map<std::pair<ProbeKind, Sign>, std::uint64_t> probes;
  std::map<OperationKey, Durations> operations;
  std::map<std::string, Durations> phases;  // of handshakes: "connect", "tls", "handshake", "tools"
  CanaryStatus canary;
  SurfaceStatus surface;
  SessionCount sessions;
  std::optional<std::int64_t> child_pid;  // stdio
  std::uint64_t child_restarts = 0;
  std::optional<mcp::TimePoint> drain_until;
};

}  // namespace probes::sidecar

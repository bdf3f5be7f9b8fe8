#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>

#include "mcp/base/error.hpp"
#include "mcp/base/time.hpp"
#include "mcp/client/options.hpp"
#include "mcp/io/http.hpp"
#include "mcp/io/loop.hpp"
#include "mcp/transport/endpoint.hpp"
#include "mcp/transport/table.hpp"
#include "probes/sidecar/readiness.hpp"
#include "probes/sidecar/session_count.hpp"
#include "probes/sidecar/status.hpp"

namespace probes::sidecar {

struct SidecarOptions {
  mcp::Endpoint endpoint;
  mcp::ClientOptions client;
  mcp::Duration interval = std::chrono::seconds(10);
  double jitter = 0.1;                              // of the interval, to either side
  mcp::Duration timeout = std::chrono::seconds(5);  // of one probe
  int handshake_every = 10;                         // every n-th probe is a full handshake
  Thresholds thresholds;
  DrainReadiness while_draining = DrainReadiness::ok;
  /// A drain takes as long even if no session is active: load balancers learn late of a pod's end.
  mcp::Duration drain_least{};
  bool require_stable_surface = false;
  /// A 401 or 403 counts as up: the probe has no credential, and needs none.
  bool protected_passes = false;
  std::uint64_t seed = 1;  // of the jitter
  /// Makes the HTTP client of one handshake, so that it connects anew (resolving, TLS); none: the
  /// context's, which keeps its connections.
  std::function<mcp::Result<std::unique_ptr<mcp::Http>>()> make_http;
};

struct DrainResult {
  bool drained = false;  // no session was active before the time was up
  SessionCount last;     // when it ended
  std::size_t cut = 0;   // sessions that were still active then
  mcp::Duration took{};
};

/// Probes one server for ever, asynchronously, in bounded memory: a canary that is held, a full
/// handshake now and then, everything that it opened closed again. Its answers never wait.
/// `context` and `sessions` outlive it.
class Sidecar {
 public:
  Sidecar(mcp::TransportContext context, SidecarOptions options, SessionCounter& sessions);
  ~Sidecar();
  Sidecar(const Sidecar&) = delete;
  Sidecar& operator=(const Sidecar&) = delete;

  void start();
  Status status() const;
  /// Refuses new sessions where it can and waits until none is active, at most until `until`. May
  /// be called again: each caller gets its own end; the first call fixes the state. A server that
  /// was never ready, or hangs so that /livez fails, has nobody to wait for: then it ends at once
  /// and the state stays, because a probe that failed may be why it is asked.
  void drain(mcp::TimePoint until, std::move_only_function<void(DrainResult)> done);
  /// Probes no more, and closes what is open (DELETE, stream, child) before `deadline`.
  void stop(mcp::TimePoint deadline, std::move_only_function<void()> done);

 private:
  class Core;
  std::unique_ptr<Core> core_;
};

}  // namespace probes::sidecar

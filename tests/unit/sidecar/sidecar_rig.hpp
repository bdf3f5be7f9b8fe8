#pragma once

#include <doctest/doctest.h>

#include <optional>
#include <string>
#include <vector>

#include "mcp/base/url.hpp"
#include "probes/sidecar/sidecar.hpp"
#include "tests/unit/sidecar/scripted_server.hpp"

namespace probes::sidecar {

using namespace std::chrono_literals;

/// A number of sessions that the test sets.
struct FakeCounter final : SessionCounter {
  SessionCount count(mcp::TimePoint) const override { return current; }
  void refuse_new() override { ++refusals; }
  std::size_t cut_all() override {
    ++cuts;
    return current.active.value_or(0);
  }
  SessionCount current;
  int refusals = 0;
  int cuts = 0;
};

/// Ten seconds between two probes, without jitter, and five for one.
inline SidecarOptions plain_options() {
  SidecarOptions options;
  options.jitter = 0;
  options.thresholds.stale_after = 35s;
  return options;
}

/// A sidecar beside a scripted server, in virtual time.
struct SidecarRig {
  explicit SidecarRig(ScriptedServer::Era era = ScriptedServer::Era::legacy,
                      SidecarOptions options = plain_options())
      : server(loop, era) {
    options.endpoint.name = "http://server/mcp";
    options.endpoint.url = *mcp::parse_url(options.endpoint.name);
    sidecar = std::make_unique<Sidecar>(
        mcp::TransportContext{.loop = loop, .http = &server.http, .children = nullptr},
        std::move(options), counter);
  }

  /// Until the handshake and the opening of the canary are done.
  SidecarRig& start() {
    sidecar->start();
    loop.advance(100ms);
    return *this;
  }
  /// One interval on.
  Status next() {
    loop.advance(10s);
    return sidecar->status();
  }
  Status after(mcp::Duration time) {
    loop.advance(time);
    return sidecar->status();
  }
  ProbeOutcome last() const { return sidecar->status().recent.back(); }
  /// Stops it; false when it was not done within five seconds.
  bool stop() {
    bool done = false;
    sidecar->stop(loop.now() + 5s, [&done] { done = true; });
    loop.advance(5s);
    return done;
  }

  mcp::FakeLoop loop;
  ScriptedServer server;
  FakeCounter counter;
  std::unique_ptr<Sidecar> sidecar;
};

using Methods = std::vector<std::string>;
using Losses = std::map<std::string, std::uint64_t>;

}  // namespace probes::sidecar

#pragma once

#include <cstdint>
#include <memory>
#include <optional>

#include "probes/sidecar/canary.hpp"
#include "probes/sidecar/cleanup.hpp"
#include "probes/sidecar/drain.hpp"
#include "probes/sidecar/handshake.hpp"
#include "probes/sidecar/ledger.hpp"
#include "probes/sidecar/schedule.hpp"
#include "probes/sidecar/sidecar.hpp"
#include "probes/sidecar/surface.hpp"

namespace probes::sidecar {

/// The inside of a sidecar: decides which probe is next and when, and what becomes of its outcome.
class Sidecar::Core {
 public:
  Core(mcp::TransportContext context, SidecarOptions options, SessionCounter& sessions);

  void start();
  Status status() const;
  void drain(mcp::TimePoint until, std::move_only_function<void(DrainResult)> done);
  void stop(mcp::TimePoint deadline, std::move_only_function<void()> done);

 private:
  /// The held session has been silent for long enough to ask whether only it is stuck.
  bool is_suspicious() const;
  ProbeKind next_kind() const;
  void begin_probe();
  void ask_canary(ProbeKind kind, OnProbed done);
  enum class HeldSession { not_asked, answers };
  void begin_handshake(HeldSession held);
  void ended(ProbeResult result);
  void judge_surface(ProbeResult& result);
  void after_handshake(const ProbeResult& result);
  void judge_doubt(ProbeResult& result);
  void schedule_next();
  void arm(mcp::TimePoint when);
  void bring_forward();
  /// A preStop hook also runs before a container is restarted because its probe failed. Nothing
  /// leads back from draining, and the sidecar stays: it must not drain for what is to come back.
  bool has_nobody_to_wait_for() const;

  SidecarOptions options_;
  mcp::Loop& loop_;
  SessionCounter& sessions_;
  ChildWatch child_;
  Ledger ledger_;
  Cleanup cleanup_;
  Surroundings surroundings_;
  Readiness readiness_;
  Surface surface_;
  Canary canary_;
  Drain drain_;
  Schedule schedule_;
  std::unique_ptr<Handshake> handshake_;
  std::optional<mcp::Peer> peer_;  // without what may be long

  mcp::TimePoint started_;
  bool is_stopped_ = false;
  bool is_probing_ = false;
  bool was_ready_ = false;
  ProbeKind kind_ = ProbeKind::handshake;
  mcp::TimePoint probe_began_;
  int since_handshake_ = 0;
  bool handshake_succeeded_ = false;  // the newest one
  bool tools_may_have_changed_ = false;
  /// A new session was served while the held one was silent: it is asked once more.
  bool canary_is_doubted_ = false;
  std::optional<Sign> last_sign_;
  mcp::TimePoint next_at_;
  std::unique_ptr<mcp::Handle> timer_;
};

}  // namespace probes::sidecar

#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <unordered_map>

#include "mcp/io/http_relay.hpp"
#include "mcp/io/loop.hpp"
#include "probes/sidecar/relayed_call.hpp"
#include "probes/sidecar/session_count.hpp"
#include "probes/sidecar/session_table.hpp"

namespace probes::sidecar {

struct SessionGateOptions {
  mcp::Duration idle = std::chrono::minutes(5);  // an unasked session is active for so long
  std::size_t max_sessions = 100'000;
  std::chrono::seconds retry_after{1};  // another replica takes the session at once
  /// While new sessions are refused, one whose handshake was so short ago is active too: a drain
  /// that did not give it the time for its first request would cut it.
  mcp::Duration settling = std::chrono::seconds(3);
};

/// Counts the sessions of a server by what passes its relay, and refuses new ones on demand.
/// Active are: sessions with an id (see SessionTable), open event streams without one (HTTP+SSE,
/// subscriptions/listen), tunnels, and requests without session while they are under way: a drain
/// that did not wait for those would cut them.
class SessionGate final : public mcp::RelayGate, public SessionCounter {
 public:
  SessionGate(const mcp::Loop& loop, SessionGateOptions options);

  /// The relay that asks this gate, for `cut_all`; it outlives this or is detached by nullptr.
  void attach(mcp::HttpRelay* relay) { relay_ = relay; }

  bool needs_body(const mcp::RelayedRequest& head) override;
  mcp::RelayVerdict admit(const mcp::RelayedRequest& request) override;
  void on_answer(std::uint64_t id, int status,
                 const std::vector<mcp::HeaderView>& headers) override;
  void on_end(std::uint64_t id) override;

  SessionCount count(mcp::TimePoint now) const override;
  void refuse_new() override { refuses_ = true; }
  std::size_t cut_all() override;

 private:
  /// A request under way.
  struct Open {
    CallKind kind = CallKind::other;
    bool counts = false;  // by itself, as it belongs to no session with an id
    std::string session;
  };

  mcp::RelayVerdict refuse(CallKind kind, const PeekedBody& body) const;
  std::size_t beginning() const;
  void pass(std::uint64_t id, const RelayedCall& call);
  void answered_in_session(const Open& open, int status);

  const mcp::Loop& loop_;
  SessionGateOptions options_;
  SessionTable sessions_;
  std::unordered_map<std::uint64_t, Open> open_;
  std::size_t loose_ = 0;  // open ones that count by themselves
  bool refuses_ = false;
  mcp::HttpRelay* relay_ = nullptr;
};

}  // namespace probes::sidecar

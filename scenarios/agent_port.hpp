#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "mcp/base/json.hpp"
#include "mcp/base/time.hpp"
#include "mcp/schema/value.hpp"
#include "scenarios/failure.hpp"
#include "scenarios/incident.hpp"
#include "scenarios/scenario.hpp"

namespace scenarios {

/// What became of one thing that a port was asked for.
struct Outcome {
  /// When it was handed to the transport.
  mcp::TimePoint started;
  mcp::TimePoint ended;
  std::optional<Failure> failure;
  int http_status = 0;  // of the failures http_status and session_lost
  /// The result, where the request asked for it; lives for the time of the callback.
  const mcp::Json* result = nullptr;
};
using OnOutcome = std::move_only_function<void(const Outcome&)>;

/// One request to send.
struct Ask {
  std::int64_t id = 0;
  Operation operation = Operation::call;
  StepId step = 0;
  std::string target;
  mcp::schema::Value arguments;
  mcp::TimePoint deadline;
  /// What requests that are much alike are prepared by; null: each is made anew. It outlives the
  /// port.
  const Request* request = nullptr;
  /// `target` and `arguments` are the same for each `request`.
  bool is_fixed = false;
  /// A result with isError is what is wanted then, and one without it Failure::expectation; else
  /// one with it is Failure::tool_error.
  bool wants_error = false;
  bool wants_result = false;
  /// W3C Trace Context of this request alone; empty: what the session sends.
  std::string traceparent;
};

/// The way of one agent to its server. Each thing that is asked for ends exactly once, by its
/// callback, at its deadline at the latest, and never before the call has returned. Destroying the
/// port ends everything without a callback.
class AgentPort {
 public:
  virtual ~AgentPort() = default;
  /// Opens a session; where one was open or lost before, a new one.
  virtual void connect(mcp::TimePoint deadline, OnOutcome done) = 0;
  /// Operation::listen ends when the stream is open; what becomes of it then is told as a cut.
  virtual void send(Ask ask, OnOutcome done) = 0;
  /// Leaves nothing behind: the session is deleted, streams and connections are closed.
  virtual void disconnect(mcp::TimePoint deadline, OnOutcome done) = 0;
  /// A connection takes one request at a time: no more of them than the agent may have connections.
  virtual bool takes_one_at_a_time() const { return false; }
};

/// What a port tells besides outcomes.
class PortObserver {
 public:
  struct Cut {
    mcp::TimePoint at;
    Subject subject = Subject::connection;
    CutBy by = CutBy::fin;
    int http_status = 0;
    mcp::Duration idle{};
    bool keep_alive_seen = false;
    /// N of the last answer's `Keep-Alive: timeout=N`, of a connection.
    std::optional<std::chrono::seconds> announced;
  };

  virtual ~PortObserver() = default;
  /// A connection was made: the first of its kind, or one in the place of another that is gone.
  virtual void on_connection(mcp::TimePoint at, bool again) = 0;
  /// Something was lost, and the server or somebody in between was it.
  virtual void on_cut(const Cut& cut) = 0;
  /// A late answer, a duplicate or a wrong id; `step` where the request is known.
  virtual void on_stray(mcp::TimePoint at, Failure kind, std::optional<StepId> step) = 0;
  virtual void on_server_request(mcp::TimePoint at) = 0;
  /// An open stream brought a comment, or an event without a message.
  virtual void on_keep_alive(mcp::TimePoint /*at*/) {}
};

}  // namespace scenarios

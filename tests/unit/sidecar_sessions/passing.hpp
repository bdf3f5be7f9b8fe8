#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "probes/sidecar/session_gate.hpp"
#include "tests/fakes/fake_loop.hpp"

namespace probes::sidecar {

using Fields = std::vector<mcp::HeaderView>;

/// A gate and the requests that pass it, as a relay would show them.
class Passing {
 public:
  explicit Passing(SessionGateOptions options = {});

  /// The id of the request, or 0 where it was refused; `verdict` has how.
  std::uint64_t ask(std::string_view method, const Fields& fields, std::string_view body = {},
                    std::string_view target = "/mcp");
  void answer(std::uint64_t id, int status, const Fields& fields = {});
  void end(std::uint64_t id) { gate.on_end(id); }
  /// A whole exchange.
  void exchange(std::string_view method, const Fields& fields, int status,
                std::string_view body = {}, const Fields& answered = {});
  /// initialize, answered with this session.
  void initialize(std::string_view session);
  void call(std::string_view session, int status = 200);
  std::size_t active() const { return *gate.count(loop.now()).active; }

  mcp::FakeLoop loop;
  SessionGate gate;
  mcp::RelayVerdict verdict;
  bool body_was_seen = false;

 private:
  std::uint64_t last_ = 0;
};

inline constexpr std::string_view initialize_body =
    R"({"jsonrpc":"2.0","id":7,"method":"initialize","params":{}})";
inline const Fields event_stream = {{"Content-Type", "text/event-stream; charset=utf-8"}};
inline const Fields wants_stream = {{"Accept", "text/event-stream"}};

}  // namespace probes::sidecar

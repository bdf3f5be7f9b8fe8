#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "mcp/base/time.hpp"
#include "mcp/io/http_server.hpp"
#include "tests/server/core.hpp"
#include "tests/server/fault.hpp"

namespace mcp::testserver {

/// json: one object wherever that is possible. automatic: an event stream for whatever has more to
/// say than its response, or takes time.
enum class AnswerMode { automatic, json, sse };
enum class SessionMode { stateful, stateless };
/// Where legacy questions of the `ask` tool go.
enum class AskOn { post_stream, get_stream };

struct TestServerOptions {
  HttpServerOptions http;
  CoreOptions core;
  AnswerMode answers = AnswerMode::automatic;
  SessionMode sessions = SessionMode::stateful;
  AskOn ask_on = AskOn::post_stream;
  Duration session_ttl = std::chrono::hours(1);  // 0: no end
  std::size_t max_sessions = 100'000;
  Duration keep_alive = std::chrono::seconds(15);  // comments on event streams; 0: none
  Duration announce_every{};                       // change notifications to listeners; 0: none
  Duration drain_limit = std::chrono::seconds(5);
  std::chrono::milliseconds retry{1000};     // what resumable streams tell their clients
  std::vector<std::string> tokens;           // empty: no authorization
  std::string authorization_server;          // empty: our own origin
  std::vector<std::string> allowed_origins;  // besides loopback ones
  std::vector<Fault> faults;
  std::uint64_t seed = 1;
};

}  // namespace mcp::testserver

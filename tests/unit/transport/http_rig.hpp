#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "mcp/transport/table.hpp"
#include "tests/fakes/fake_http.hpp"
#include "tests/fakes/fake_loop.hpp"
#include "tests/unit/transport/recorder.hpp"

namespace mcp {

using namespace std::chrono_literals;

/// A transport between a test and a server that the test plays, in virtual time.
struct HttpRig {
  explicit HttpRig(TransportKind kind = TransportKind::streamable_http,
                   std::string_view url = "http://127.0.0.1:8080/mcp");

  /// Makes the transport of the endpoint as it is now; it is made anew on the first use otherwise.
  Transport& transport();
  /// Sends a message and gives the exchange that carries it.
  FakeExchange& send(Outgoing outgoing);
  FakeExchange& call(std::int64_t id, std::string method = "tools/list",
                     TimePoint deadline = TimePoint::max());
  FakeExchange& notify(std::string method);
  /// A legacy handshake with a session of this id (none where it is empty).
  void shake_hands(const std::string& session_id = "s-1",
                   Revision revision = Revision::v2025_11_25);
  /// Closes the transport and gives the outcome, once it is there.
  std::optional<Result<void>> close(TimePoint deadline = TimePoint::max());
  /// The same, when the test has still to play what comes before the outcome.
  void start_closing(TimePoint deadline = TimePoint::max());

  FakeLoop loop;
  FakeHttp http{loop};
  Recorder seen;
  Endpoint endpoint;
  TransportKind kind;
  std::optional<Result<void>> closed;

 private:
  std::unique_ptr<Transport> transport_;
};

Outgoing request(std::int64_t id, std::string method, TimePoint deadline = TimePoint::max());
/// With the fields of a modern request.
Outgoing modern_request(std::int64_t id, std::string method);
Outgoing notification(std::string method);

inline const HeaderList json_type = {{"Content-Type", "application/json"}};
inline const HeaderList sse_type = {{"Content-Type", "text/event-stream"}};

/// `{"jsonrpc":"2.0","id":ID,"result":{}}`
std::string result_text(std::int64_t id);
/// "message " and that: how the recorder writes it down.
std::string result_line(std::int64_t id);
/// "data: TEXT" as one event, with an id where one is given.
std::string event(std::string_view text, std::string_view id = {});

}  // namespace mcp

#pragma once

#include <functional>
#include <memory>
#include <string_view>

#include "tests/server/access.hpp"
#include "tests/server/fault_gate.hpp"
#include "tests/server/http_sse.hpp"
#include "tests/server/streamable.hpp"

namespace mcp::testserver {

/// Who gets which HTTP request: checks origin and token, lets the faults strike, and hands it to
/// the transport that owns its path.
class Router : public HttpHandler {
 public:
  explicit Router(Service& service);

  void on_request(const HttpServerRequest& request, ResponderPtr responder) override;
  void on_refused(int status) override;

  void set_connections(std::function<std::size_t()> count) { connections_ = std::move(count); }
  void expire(TimePoint now) { streamable_.expire(now); }
  /// Tells all listeners that lists and resources have changed.
  void announce_all();
  void drain();

 private:
  bool serve_plain(const HttpServerRequest& request, HttpResponder& responder);
  void dispatch(const Inbound& inbound, ResponderPtr responder);
  void announce_tool_change(const Strikes& strikes);

  Service& service_;
  Access access_;
  StreamableEndpoint streamable_;
  HttpSseEndpoint http_sse_;
  FaultGate gate_;  // after the endpoints, to which it hands requests
  std::function<std::size_t()> connections_ = [] { return std::size_t{0}; };
  bool tools_changed_ = false;
};

}  // namespace mcp::testserver

#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "mcp/io/http.hpp"
#include "mcp/io/loop.hpp"
#include "mcp/transport/http_failure.hpp"
#include "mcp/transport/http_session.hpp"

namespace mcp {

/// DELETEs legacy sessions, one after the other (2025-11-25 transports, "Session Management"). A
/// server that has no such session any more, or lets no client end one (405), is in order.
class SessionEnd final : public HttpObserver {
 public:
  using Done = std::move_only_function<void(Result<void>)>;

  SessionEnd(Loop& loop, Http& http, const HttpSession& session, std::vector<std::string> ids);

  /// `done` comes from inside the loop, with the first failure if there is any.
  void start(TimePoint deadline, Done done);

  void on_head(const HttpResponseHead& head) override;
  void on_data(std::string_view bytes) override;
  void on_finished(Result<HttpTimings> outcome) override;

 private:
  void start_next();
  void judge();
  void take(Result<void> outcome);

  Loop& loop_;
  Http& http_;
  const HttpSession& session_;
  std::vector<std::string> ids_;  // still to be ended, the last one next
  TimePoint deadline_;
  Done done_;
  std::optional<Error> failure_;
  HttpAnswer answer_;
  std::unique_ptr<HttpExchange> exchange_;
  std::unique_ptr<Handle> timer_;
};

}  // namespace mcp

#pragma once

#include <functional>
#include <memory>
#include <string_view>

#include "mcp/io/http.hpp"
#include "mcp/io/loop.hpp"
#include "mcp/transport/event_reader.hpp"
#include "mcp/transport/http_failure.hpp"
#include "mcp/transport/http_session.hpp"
#include "mcp/transport/resumption.hpp"

namespace mcp {

/// What the legacy GET stream tells its transport.
class ListenObserver {
 public:
  virtual ~ListenObserver() = default;
  virtual void on_listening() = 0;
  virtual void on_message(Message message) = 0;
  virtual void on_keep_alive() = 0;
  /// Last call.
  virtual void on_listen_ended(Error why) = 0;
  virtual void on_timings(const HttpTimings& timings) = 0;
};

/// The legacy GET stream: the server's own requests and notifications (2025-11-25 transports,
/// "Listening for Messages from the Server"). It has no deadline, and is taken up again when the
/// server closes the connection.
class ListenStream final : public HttpObserver {
 public:
  ListenStream(Loop& loop, Http& http, const HttpSession& session, ListenObserver& observer);

  void start();
  /// Ends it; the observer hears nothing more.
  void cancel();
  bool is_over() const { return stage_ == Stage::over; }

  void on_head(const HttpResponseHead& head) override;
  void on_data(std::string_view bytes) override;
  void on_finished(Result<HttpTimings> outcome) override;

 private:
  enum class Stage { asking, reading, refused, waiting, over };

  void read(std::string_view bytes);
  void connection_ended(std::optional<Error> broken);
  void end(Error why);

  Loop& loop_;
  Http& http_;
  const HttpSession& session_;
  ListenObserver& observer_;
  HttpQuestion question_;
  Stage stage_ = Stage::asking;
  bool was_accepted_ = false;
  TimePoint connected_at_;
  HttpAnswer answer_;
  EventReader reader_;
  Resumption resumption_;
  std::unique_ptr<HttpExchange> exchange_;
  std::unique_ptr<Handle> timer_;
};

}  // namespace mcp

#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "mcp/io/http.hpp"
#include "mcp/io/loop.hpp"
#include "mcp/transport/event_reader.hpp"
#include "mcp/transport/http_failure.hpp"
#include "mcp/transport/http_session.hpp"
#include "mcp/transport/resumption.hpp"

namespace mcp {

class PostExchange;

/// What an exchange tells its transport. `on_over` comes before the failure that ended it, if any.
class ExchangeObserver {
 public:
  virtual ~ExchangeObserver() = default;
  virtual void on_message(Message message) = 0;
  /// The event stream brought a comment, or an event without a message.
  virtual void on_keep_alive() = 0;
  virtual void on_failed(PostExchange& from, Error error) = 0;
  virtual void on_timings(const HttpTimings& timings) = 0;
  /// The answer to `initialize` has begun, with the fields that may name a session.
  virtual Result<void> on_session_head(const HttpResponseHead& head) = 0;
  virtual void on_over(PostExchange& exchange) = 0;
};

/// One message on its way to a Streamable HTTP server, and the way its response takes back: a JSON
/// text, an event stream, or a stream that breaks and is taken up again by GET.
///
///   asking → reading_text ────────────────────────────────→ over
///          → reading_events → lingering ──────────────────→ over
///                ↑  ↓ stream ended without the response
///            resuming ← waiting
///          → refused (status or content type tells why) ──→ over
///          → accepted (nothing was asked) ────────────────→ over
class PostExchange final : public HttpObserver {
 public:
  PostExchange(Loop& loop, Http& http, HttpSession& session, ExchangeObserver& observer,
               Outgoing outgoing);

  void start();
  /// Ends it; the observer hears no more than `on_over`.
  void cancel();

  const Message& message() const { return outgoing_.message; }
  const std::optional<RequestId>& request_id() const { return id_; }
  bool is_answered() const { return stage_ == Stage::lingering || stage_ == Stage::over; }
  /// `initialize` is under way and the server may open a session that is not known yet.
  bool may_open_session() const { return opens_session_ && stage_ == Stage::asking; }

  void on_head(const HttpResponseHead& head) override;
  void on_data(std::string_view bytes) override;
  void on_finished(Result<HttpTimings> outcome) override;

 private:
  enum class Stage {
    asking,
    reading_text,
    reading_events,
    waiting,
    resuming,
    refused,
    accepted,
    lingering,
    over,
  };

  void start(Result<HttpRequest> request);
  void begin_reading(const HttpResponseHead& head);
  void begin_accepting(const HttpResponseHead& head);
  void read_text(std::string_view bytes);
  void read_events(std::string_view bytes);
  void take_text(std::string_view text);
  void take(Message message);
  void answered();
  void text_ended();
  void accepted_ended();
  void stream_ended(std::optional<Error> broken);
  void resume();
  void finish();
  void fail(Error error);
  void fail_by_length();
  std::string ended_early() const;
  /// Adds what came instead of the response, where something did.
  Error without_response(std::string message) const;

  Loop& loop_;
  Http& http_;
  HttpSession& session_;
  ExchangeObserver& observer_;
  Outgoing outgoing_;
  std::optional<RequestId> id_;  // none: nothing is asked
  Era era_;
  HttpQuestion question_;
  bool opens_session_;

  Stage stage_ = Stage::asking;
  HttpAnswer answer_;
  std::string text_;
  EventReader reader_;
  Resumption resumption_;
  std::optional<RequestId> strange_id_;  // of a response that was not asked for
  std::unique_ptr<HttpExchange> exchange_;
  std::unique_ptr<Handle> timer_;
};

}  // namespace mcp

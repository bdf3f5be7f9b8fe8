#pragma once

#include <memory>
#include <optional>

#include "mcp/io/http.hpp"
#include "mcp/io/loop.hpp"
#include "mcp/transport/http_failure.hpp"
#include "mcp/transport/http_session.hpp"

namespace mcp {

class MessagePost;

/// What a POST of the HTTP+SSE transport tells it. `on_over` comes before the failure, if any.
class MessagePostObserver {
 public:
  virtual ~MessagePostObserver() = default;
  virtual void on_message(Message message) = 0;
  virtual void on_failed(MessagePost& from, Error error) = 0;
  virtual void on_timings(const HttpTimings& timings) = 0;
  virtual void on_over(MessagePost& post) = 0;
};

/// One message to the endpoint of an HTTP+SSE server (2024-11-05 transports, "HTTP with SSE"). It
/// ends when the server has taken the message; the response comes on the event stream. Some servers
/// put it into the answer to the POST all the same, and that is taken too.
class MessagePost final : public HttpObserver {
 public:
  MessagePost(Loop& loop, Http& http, MessagePostObserver& observer, Outgoing outgoing,
              HttpQuestion question);

  void start(Result<HttpRequest> request);
  /// Ends it; the observer hears no more than `on_over`.
  void cancel();

  const Message& message() const { return outgoing_.message; }
  const std::optional<RequestId>& request_id() const { return id_; }

  void on_head(const HttpResponseHead& head) override;
  void on_data(std::string_view bytes) override;
  void on_finished(Result<HttpTimings> outcome) override;

 private:
  bool was_accepted() const;
  void take_response();
  void fail(Error error);

  Loop& loop_;
  Http& http_;
  MessagePostObserver& observer_;
  Outgoing outgoing_;
  std::optional<RequestId> id_;
  HttpQuestion question_;
  HttpAnswer answer_;
  std::unique_ptr<HttpExchange> exchange_;
  std::unique_ptr<Handle> timer_;
  bool is_over_ = false;
};

}  // namespace mcp

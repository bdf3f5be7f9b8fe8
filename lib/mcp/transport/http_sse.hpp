#pragma once

#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "mcp/base/url.hpp"
#include "mcp/transport/event_reader.hpp"
#include "mcp/transport/http_session.hpp"
#include "mcp/transport/initialized_gate.hpp"
#include "mcp/transport/message_post.hpp"
#include "mcp/transport/retired.hpp"
#include "mcp/transport/table.hpp"

namespace mcp {

/// HTTP+SSE of 2024-11-05: one event stream that brings all messages, the first event naming the
/// endpoint that takes ours. The stream is the session: it ends with it.
class HttpSse final : public Transport, private HttpObserver, private MessagePostObserver {
 public:
  HttpSse(const Endpoint& endpoint, TransportContext context, TransportObserver& observer);

  TransportKind kind() const override { return TransportKind::http_sse; }
  void open(TimePoint deadline, std::move_only_function<void(Result<void>)> done) override;
  void send(Outgoing outgoing) override;
  void abandon(const RequestId& id) override;
  void set_revision(Revision revision) override { session_.set_revision(revision); }
  void close(TimePoint deadline, std::move_only_function<void(Result<void>)> done) override;

 private:
  enum class Stage { asking, refused, reading, over };

  // The event stream.
  void on_head(const HttpResponseHead& head) override;
  void on_data(std::string_view bytes) override;
  void on_finished(Result<HttpTimings> outcome) override;
  // The POSTs.
  void on_message(Message message) override;
  void on_failed(MessagePost& from, Error error) override;
  void on_timings(const HttpTimings& timings) override;
  void on_over(MessagePost& post) override;

  void post(Outgoing outgoing);
  void read(std::string_view bytes);
  void take_endpoint(std::string_view reference);
  void take_text(std::string_view text);
  void end(Error why);
  void release();

  Loop& loop_;
  Http& http_;
  TransportObserver& observer_;
  HttpSession session_;
  InitializedGate gate_;
  Stage stage_ = Stage::asking;
  HttpAnswer answer_;
  EventReader reader_;
  std::optional<Url> message_url_;
  std::vector<std::unique_ptr<MessagePost>> running_;
  Retired retired_;
  std::move_only_function<void(Result<void>)> opened_;
  std::unique_ptr<HttpExchange> stream_;
  std::unique_ptr<Handle> open_timer_;
  std::unique_ptr<Handle> close_timer_;
  std::unique_ptr<Handle> end_timer_;
};

}  // namespace mcp

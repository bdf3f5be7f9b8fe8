#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "tests/server/channel.hpp"
#include "tests/server/inbound.hpp"
#include "tests/server/jobs.hpp"
#include "tests/server/session_table.hpp"
#include "tests/server/stream_log.hpp"

namespace mcp::testserver {

inline const HeaderList json_type{{.name = "Content-Type", .value = "application/json"}};

/// What a Streamable HTTP session holds besides its negotiated state.
class StreamablePeer : public SessionPeer {
 public:
  StreamablePeer(Loop& loop, std::chrono::milliseconds retry) : streams(retry), jobs(loop) {}
  bool busy() const override { return jobs.size() > 0 || streams.newest_get().has_value(); }

  StreamLog streams;
  Jobs jobs;  // after the streams: jobs write to them
};

/// Asks on the newest stream that the client opened by GET.
bool ask_on_get_stream(StreamablePeer* peer, std::string_view request);

/// Answers with one JSON object; what comes before the response is not sent.
class JsonChannel : public Channel {
 public:
  enum class Head { with_response, at_once };
  JsonChannel(ResponderPtr responder, HeaderList headers, StreamablePeer* peer, Head head);

  void notify(std::string_view /*message*/) override {}
  bool ask(std::string_view request) override { return ask_on_get_stream(peer_, request); }
  void respond(std::string_view message, int status) override;
  void abandon() override;

 private:
  ResponderPtr responder_;
  HeaderList headers_;
  StreamablePeer* peer_;
  Head head_;
};

/// Answers with an event stream that cannot be resumed (modern, stateless).
class SseChannel : public Channel {
 public:
  explicit SseChannel(std::unique_ptr<SseStream> stream) : stream_(std::move(stream)) {}
  void notify(std::string_view message) override { stream_->event(message); }
  bool ask(std::string_view /*request*/) override { return false; }
  void respond(std::string_view message, int status) override;
  void abandon() override { stream_->finish(); }

 private:
  std::unique_ptr<SseStream> stream_;
};

/// Answers with a stream of the session's log.
class LoggedChannel : public Channel {
 public:
  LoggedChannel(StreamablePeer& peer, std::uint64_t stream, bool ask_on_get)
      : peer_(peer), stream_(stream), ask_on_get_(ask_on_get) {}
  void notify(std::string_view message) override { peer_.streams.send(stream_, message); }
  bool ask(std::string_view request) override;
  void respond(std::string_view message, int status) override;
  void abandon() override { peer_.streams.finish(stream_); }

 private:
  StreamablePeer& peer_;
  std::uint64_t stream_;
  bool ask_on_get_;
};

/// Collects the responses to a batch, and sends them as one array when the last one is there
/// (2025-03-26 basic, "Batching").
class BatchCollector {
 public:
  BatchCollector(std::size_t expected, std::unique_ptr<Channel> out);
  Channel& out() { return *out_; }
  void take(std::string_view response);  // empty: this one was cancelled

 private:
  std::size_t expected_;
  std::unique_ptr<Channel> out_;
  std::string responses_;
};

class BatchChannel : public Channel {
 public:
  // Shared by the channels of all requests of the batch.
  explicit BatchChannel(std::shared_ptr<BatchCollector> batch) : batch_(std::move(batch)) {}
  void notify(std::string_view message) override { batch_->out().notify(message); }
  bool ask(std::string_view request) override { return batch_->out().ask(request); }
  void respond(std::string_view message, int /*status*/) override { batch_->take(message); }
  void abandon() override { batch_->take({}); }

 private:
  std::shared_ptr<BatchCollector> batch_;
};

/// Sends the response twice.
class DuplicatingChannel : public Channel {
 public:
  explicit DuplicatingChannel(std::unique_ptr<Channel> out) : out_(std::move(out)) {}
  void notify(std::string_view message) override { out_->notify(message); }
  bool ask(std::string_view request) override { return out_->ask(request); }
  void respond(std::string_view message, int status) override {
    out_->notify(message);
    out_->respond(message, status);
  }
  void abandon() override { out_->abandon(); }

 private:
  std::unique_ptr<Channel> out_;
};

}  // namespace mcp::testserver

#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "mcp/io/http_server.hpp"

namespace mcp {

/// What a handler answered to one request, and the client's side of its connection.
struct FakeAnswer {
  int status = 0;  // 0: no answer yet
  HeaderList headers;
  std::string body;  // of a stream: what was written so far
  bool streaming = false;
  bool finished = false;
  bool taken_over = false;
  bool abandoned = false;  // the responder was destroyed before the answer was complete
  std::string ending;      // "orderly" or "reset", where `close` was called
  Duration quiet{};        // of close_when_idle
  std::size_t unsent = 0;

  const std::string* find(std::string_view name) const;
  /// The client goes away.
  void disconnect();
  /// Everything that was written is sent.
  void drain();

 private:
  friend class FakeResponder;
  Task closed_;
  Task drained_;
  bool gone_ = false;
};

/// A responder that records.
class FakeResponder final : public HttpResponder {
 public:
  // Shared with the test, which looks at it after the handler has destroyed the responder.
  explicit FakeResponder(std::shared_ptr<FakeAnswer> answer) : answer_(std::move(answer)) {}
  ~FakeResponder() override;

  void respond(int status, const HeaderList& headers, std::string_view body) override;
  void start(int status, const HeaderList& headers) override;
  void write(std::string_view bytes) override;
  void finish() override;
  void take_over() override { answer_->taken_over = true; }
  void close(Ending ending) override;
  void close_when_idle(Duration quiet) override { answer_->quiet = quiet; }
  std::size_t unsent() const override { return answer_->unsent; }
  void on_drained(Task task) override { answer_->drained_ = std::move(task); }
  void on_closed(Task task) override { answer_->closed_ = std::move(task); }

 private:
  std::shared_ptr<FakeAnswer> answer_;
};

/// A request as a server receives it; it refers to the texts it is given.
HttpServerRequest fake_request(std::string_view method, std::string_view path,
                               std::vector<HeaderView> headers = {}, std::string_view body = {});

}  // namespace mcp

#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "mcp/io/http.hpp"

namespace mcp {

/// One started exchange as the test sees it: it plays the server. Feeding reaches the observer at
/// once, and does nothing once the exchange was cancelled or has finished.
class FakeExchange {
 public:
  FakeExchange(HttpRequest request, HttpObserver& observer, bool connect_only);

  const HttpRequest& request() const { return request_; }
  /// First value of a request field; nullptr when it was not sent.
  const std::string* sent_header(std::string_view name) const;
  /// Made by `start_connect`.
  bool connect_only() const { return connect_only_; }
  /// Its handle was destroyed before `finish` or `fail`.
  bool cancelled() const { return cancelled_; }
  bool finished() const { return finished_; }

  void head(int status, HeaderList headers = {});
  void data(std::string_view bytes);
  void finish(HttpTimings timings = {});
  void fail(Error error);
  /// head, data (unless the body is empty) and finish.
  void answer(int status, HeaderList headers, std::string_view body);
  void answer_json(int status, std::string_view body);

 private:
  friend class FakeHttp;
  bool over() const { return cancelled_ || finished_; }

  HttpRequest request_;
  HttpObserver& observer_;
  bool connect_only_;
  bool cancelled_ = false;
  bool finished_ = false;
};

/// Records what is started; the test answers through `exchanges`, or by `on_start`.
class FakeHttp final : public Http {
 public:
  explicit FakeHttp(Loop& loop) : loop_(loop) {}

  std::unique_ptr<HttpExchange> start(HttpRequest request, HttpObserver& observer) override;
  std::unique_ptr<HttpExchange> start_connect(HttpRequest request, HttpObserver& observer) override;

  FakeExchange& last() { return *exchanges.back(); }
  /// Started, neither finished nor cancelled.
  std::size_t open() const;

  /// All that were ever started, in order. Shared with the handles that the code under test holds.
  std::vector<std::shared_ptr<FakeExchange>> exchanges;
  /// When set, each new exchange is handed to it in the next turn of the loop.
  std::function<void(FakeExchange&)> on_start;

 private:
  std::unique_ptr<HttpExchange> add(HttpRequest request, HttpObserver& observer, bool connect_only);

  Loop& loop_;
};

}  // namespace mcp

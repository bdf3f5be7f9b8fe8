#pragma once

#include <doctest/doctest.h>

#include <functional>
#include <optional>
#include <string>
#include <utility>

#include "mcp/io/lean_http.hpp"
#include "tests/integration/io/turn_until.hpp"

namespace mcp {

inline Result<std::unique_ptr<Http>> make_tested_http(Loop& loop, HttpOptions options) {
  if constexpr (tests_lean_engine) {
    return make_lean_http(loop, std::move(options));
  } else {
    return make_curl_http(loop, std::move(options));
  }
}

/// What an observer was told, in order.
struct RecordedExchange final : HttpObserver {
  void on_head(const HttpResponseHead& told) override {
    CHECK_FALSE(head);
    head = told;
    if (when_head) when_head();
  }
  void on_data(std::string_view bytes) override {
    body += bytes;
    ++pieces;
    if (when_data) when_data();
  }
  void on_finished(Result<HttpTimings> told) override {
    CHECK_FALSE(outcome);
    outcome = std::move(told);
    if (when_finished) when_finished();
  }

  bool finished() const { return outcome.has_value(); }
  bool succeeded() const { return outcome && outcome->has_value(); }
  const HttpTimings& timings() const { return outcome->value(); }
  Error error() const { return outcome && !*outcome ? outcome->error() : Error{}; }

  std::optional<HttpResponseHead> head;
  std::string body;
  int pieces = 0;
  std::optional<Result<HttpTimings>> outcome;
  std::function<void()> when_head;
  std::function<void()> when_data;
  std::function<void()> when_finished;
};

/// A loop and a client on it.
struct HttpBench {
  explicit HttpBench(HttpOptions options = {.no_proxy = true}) {
    auto made = make_tested_http(*loop, std::move(options));
    REQUIRE(made.has_value());
    http = std::move(*made);
  }

  /// One exchange from start to end.
  RecordedExchange run(HttpRequest request) {
    RecordedExchange seen;
    const auto exchange = http->start(std::move(request), seen);
    CHECK_FALSE(seen.finished());
    CHECK(turn_until(*loop, [&] { return seen.finished(); }));
    return seen;
  }
  RecordedExchange connect(HttpRequest request) {
    RecordedExchange seen;
    const auto exchange = http->start_connect(std::move(request), seen);
    CHECK(turn_until(*loop, [&] { return seen.finished(); }));
    return seen;
  }

  std::unique_ptr<Loop> loop = make_tested_loop();
  std::unique_ptr<Http> http;
};

}  // namespace mcp

#pragma once

#include <string>
#include <vector>

#include "tests/integration/io/recorded_exchange.hpp"

namespace mcp {

/// What a lane's observer was told.
struct RecordedLane final : LaneObserver {
  void on_connected(const LaneConnected& told) override { connected.push_back(told); }
  void on_cut(const LaneCut& told) override { cuts.push_back(told); }
  std::vector<LaneConnected> connected;
  std::vector<LaneCut> cuts;
};

/// A lean engine whose own lane is recorded.
struct LaneBench {
  explicit LaneBench(LeanHttpOptions options = {}) {
    options.observer = &lane;
    auto made = make_lean_http(*loop, {.no_proxy = true}, options);
    REQUIRE(made.has_value());
    http = std::move(*made);
  }

  RecordedExchange run(HttpRequest request) { return run_on(*http, std::move(request)); }
  RecordedExchange run_on(Http& on, HttpRequest request) {
    RecordedExchange seen;
    const auto exchange = on.start(std::move(request), seen);
    CHECK(turn_until(*loop, [&] { return seen.finished(); }));
    return seen;
  }
  bool wait_for_cut(std::size_t count = 1) {
    return turn_until(*loop, [&] { return lane.cuts.size() >= count; });
  }

  RecordedLane lane;
  std::unique_ptr<Loop> loop = make_tested_loop();
  std::unique_ptr<LeanHttp> http;
};

}  // namespace mcp

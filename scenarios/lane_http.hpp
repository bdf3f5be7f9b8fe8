#pragma once

#include <memory>
#include <optional>
#include <utility>

#include "scenarios/prepared_call.hpp"

namespace scenarios {

/// An agent's lane as the client library sees it. Between the two a request can be looked at, and a
/// call that is under way already can be given to the library in the place of a new request.
class LaneHttp final : public mcp::Http {
 public:
  explicit LaneHttp(std::unique_ptr<mcp::Lane> lane) : lane_(std::move(lane)) {}

  std::unique_ptr<mcp::HttpExchange> start(mcp::HttpRequest request,
                                           mcp::HttpObserver& observer) override {
    if (given_) {
      given_->bequeath(observer);
      return std::make_unique<Given>(std::move(given_));
    }
    if (auto* seen = std::exchange(seen_, nullptr)) *seen = request;
    return lane_->start(std::move(request), observer);
  }
  std::unique_ptr<mcp::HttpExchange> start_connect(mcp::HttpRequest request,
                                                   mcp::HttpObserver& observer) override {
    return lane_->start_connect(std::move(request), observer);
  }

  mcp::Lane& lane() { return *lane_; }
  /// The next request is copied there; null: no longer.
  void show_next(std::optional<mcp::HttpRequest>* into) { seen_ = into; }
  /// The next request is this one.
  void give_next(std::unique_ptr<PreparedCall> call) { given_ = std::move(call); }
  /// Where it was not taken; else null.
  std::unique_ptr<PreparedCall> take_back() { return std::move(given_); }

 private:
  struct Given final : mcp::HttpExchange {
    explicit Given(std::unique_ptr<PreparedCall> started) : call(std::move(started)) {}
    std::unique_ptr<PreparedCall> call;
  };

  std::unique_ptr<mcp::Lane> lane_;
  std::optional<mcp::HttpRequest>* seen_ = nullptr;
  std::unique_ptr<PreparedCall> given_;
};

}  // namespace scenarios

#pragma once

#include <memory>

#include "mcp/io/lean_connection.hpp"
#include "mcp/io/lean_exchange.hpp"

namespace mcp {

/// Connections and exchanges of one lane, and which goes to which.
class LeanLane final : public Lane {
 public:
  LeanLane(LeanCore& core, LaneObserver* observer) : core_(core), observer_(observer) {}
  LeanLane(const LeanLane&) = delete;
  LeanLane& operator=(const LeanLane&) = delete;
  ~LeanLane() override;

  std::unique_ptr<HttpExchange> start(HttpRequest request, HttpObserver& observer) override;
  std::unique_ptr<HttpExchange> start_connect(HttpRequest request, HttpObserver& observer) override;
  std::unique_ptr<HttpExchange> start_prepared(const PreparedRequest& request, TimePoint deadline,
                                               HttpObserver& observer) override;
  std::size_t connections() const override { return connection_count_; }

  // For exchanges:
  void cancel(LeanExchange& exchange);
  void time_out(LeanExchange& exchange);

  // For connections; each may destroy the connection and this lane.
  void release(LeanConnection& connection);
  /// With no cut it is we who close.
  void close(LeanConnection& connection, const LaneCut* cut);
  bool may_send_again(const LeanExchange& exchange, const LaneCut& cut) const;
  void send_again(LeanExchange& exchange);

 private:
  std::unique_ptr<LeanExchange> make_exchange(TimePoint deadline, HttpObserver& observer);
  std::unique_ptr<HttpExchange> start_owned(HttpRequest request, bool connect_only,
                                            HttpObserver& observer);
  Result<void> fill(LeanExchange& exchange, HttpRequest request, bool connect_only);
  void fail_later(LeanExchange& exchange, Error error);
  void dispatch(LeanExchange& exchange);
  LeanConnection* take_idle(const LeanTarget& target);
  void connect(LeanExchange& exchange);
  void made(LeanExchange& exchange, Result<NewLink> outcome);
  void tell_connected(const LeanConnection& connection);

  LeanCore& core_;
  LaneObserver* observer_;
  // Lists, not vectors: an agent's lane has one or two of each, and with thousands of agents every
  // piece of memory that a request touches counts.
  LeanExchange* exchanges_ = nullptr;
  std::unique_ptr<LeanConnection> connections_;  // the first
  std::size_t connection_count_ = 0;
  std::size_t made_count_ = 0;
  std::size_t to_replace_ = 0;  // connections that have ended and were not made again
};

}  // namespace mcp

#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>

#include "mcp/io/lean_exchange.hpp"
#include "mcp/io/link.hpp"

namespace mcp {

/// A connection of a lane. It is watched from its making to its end, so that the moment in which an
/// idle one is cut is seen; a request costs no call to change that.
class LeanConnection {
 public:
  LeanConnection(LeanLane& lane, LeanCore& core, NewLink made,
                 std::shared_ptr<const LeanTarget> target);
  LeanConnection(const LeanConnection&) = delete;
  LeanConnection& operator=(const LeanConnection&) = delete;
  ~LeanConnection();

  bool leads_to(const LeanTarget& target) const;
  /// Looks at the socket where something may have happened since the last turn.
  bool is_alive() const;
  enum class Began { yes, not_taken };
  /// `not_taken`: the socket refused the first byte, so that the request was not sent.
  Began begin(LeanExchange& exchange);

  LaneCut describe_cut(LaneCut::By by) const;
  const HttpTimings& made() const { return timings_; }
  std::string local_address() const;

  std::unique_ptr<LeanConnection> next;  // of the lane's
  bool idle = false;

 private:
  void watch(Interest interest);
  void on_ready(Readiness ready);
  /// False when this is gone, or its exchange.
  bool receive(const bool& gone);
  bool consume(std::string_view bytes, const bool& gone);
  bool send();
  void keep_rest(std::string_view bytes);
  void finish(bool clean);
  void idle_event(LinkResult result);
  void cut(LinkResult result);

  // What each request needs comes first, so that it is close together.
  LeanLane& lane_;
  LeanCore& core_;
  LeanExchange* exchange_ = nullptr;
  std::unique_ptr<Link> link_;
  bool* gone_ = nullptr;
  std::shared_ptr<const LeanTarget> target_;  // shared with the exchanges that go there
  std::string rest_;                          // of an answer, not enough for a step
  TimePoint idle_since_;
  std::size_t exchanges_ = 0;
  std::optional<std::chrono::seconds> keep_alive_;
  bool watches_write_ = false;
  HttpTimings timings_;
  TimePoint made_at_;
  std::unique_ptr<Handle> watch_;
};

}  // namespace mcp

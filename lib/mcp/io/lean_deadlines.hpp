#pragma once

#include <cstddef>
#include <memory>
#include <vector>

#include "mcp/io/loop.hpp"

namespace mcp {

/// Something whose time may be up. It must be removed before it goes.
class LeanDeadline {
 public:
  TimePoint deadline = TimePoint::max();
  virtual ~LeanDeadline() = default;
  virtual void on_deadline() = 0;

 private:
  friend class LeanDeadlines;
  static constexpr std::size_t none = static_cast<std::size_t>(-1);
  std::size_t place_ = none;
};

/// The deadlines of many exchanges on one timer. Almost all exchanges end long before theirs, so
/// that adding and removing must cost next to nothing; firing looks through all.
class LeanDeadlines {
 public:
  explicit LeanDeadlines(Loop& loop) : loop_(loop) {}
  LeanDeadlines(const LeanDeadlines&) = delete;
  LeanDeadlines& operator=(const LeanDeadlines&) = delete;
  ~LeanDeadlines() = default;

  void add(LeanDeadline& entry);
  /// Nothing where it is not there.
  void remove(LeanDeadline& entry);

 private:
  void arm(TimePoint when);
  void fire();

  Loop& loop_;
  std::vector<LeanDeadline*> entries_;
  std::vector<LeanDeadline*> due_;
  TimePoint armed_ = TimePoint::max();
  std::unique_ptr<Handle> timer_;
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);  // on_deadline may end all
};

}  // namespace mcp

#pragma once

#include <cstddef>
#include <list>

#include "mcp/io/loop.hpp"

namespace scenarios {

/// Lets so many in at a time; the others wait in the order in which they came.
class Turnstile {
 public:
  explicit Turnstile(std::size_t room) : room_(room) {}

  /// Runs it now, or once somebody has left.
  void enter(mcp::Task task) {
    if (room_ == 0) {
      waiting_.push_back(std::move(task));
      return;
    }
    --room_;
    task();
  }
  /// Each who was let in, once.
  void leave() {
    ++room_;
    if (waiting_.empty()) return;
    auto next = std::move(waiting_.front());
    waiting_.pop_front();
    enter(std::move(next));
  }

 private:
  std::size_t room_;
  std::list<mcp::Task> waiting_;
};

}  // namespace scenarios

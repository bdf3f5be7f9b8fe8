#pragma once

#include <memory>
#include <vector>

#include "mcp/io/http.hpp"
#include "mcp/io/loop.hpp"

namespace mcp {

/// Keeps what ended inside one of its own calls alive until the loop has turned.
class Retired {
 public:
  explicit Retired(Loop& loop) : loop_(loop) {}

  void add(std::unique_ptr<HttpObserver> ended) {
    observers_.push_back(std::move(ended));
    if (sweep_) return;
    sweep_ = loop_.start_timer(loop_.now(), [this] {
      observers_.clear();
      sweep_.reset();
    });
  }

 private:
  Loop& loop_;
  std::vector<std::unique_ptr<HttpObserver>> observers_;
  std::unique_ptr<Handle> sweep_;
};

}  // namespace mcp

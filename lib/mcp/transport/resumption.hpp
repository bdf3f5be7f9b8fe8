#pragma once

namespace mcp {

/// Decides whether a broken stream is taken up again. A connection that moved the stream on has
/// earned another one; `most` in a row that brought nothing are enough.
class Resumption {
 public:
  enum class Last { moved_on, brought_nothing };

  explicit Resumption(int most) : most_(most) {}

  /// Asked once after each connection's end.
  bool try_again(Last last) {
    fruitless_ = last == Last::moved_on ? 0 : fruitless_;
    return fruitless_++ < most_;
  }
  int most() const { return most_; }

 private:
  int most_;
  int fruitless_ = 0;
};

}  // namespace mcp

#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "mcp/io/loop.hpp"

namespace mcp::testserver {

/// Writes to a descriptor without blocking the loop where it is a pipe or a socket; what the reader
/// has not taken waits in memory. The descriptor stays the caller's.
class LineWriter {
 public:
  LineWriter(Loop& loop, int descriptor);
  ~LineWriter();
  LineWriter(const LineWriter&) = delete;
  LineWriter& operator=(const LineWriter&) = delete;

  void line(std::string_view text);
  void raw(std::string_view bytes);
  /// From here on nothing is written any more.
  void mute() { muted_ = true; }
  /// Called once, when everything written so far is gone or nobody reads any more.
  void on_empty(Task task);
  bool is_broken() const { return broken_; }

 private:
  void flush();
  void wait();

  Loop& loop_;
  int descriptor_;
  int old_flags_ = -1;
  bool muted_ = false;
  bool broken_ = false;
  bool blocked_ = false;  // the reader has to take something first
  std::string pending_;
  Task empty_;
  std::unique_ptr<Handle> watch_;
};

}  // namespace mcp::testserver

#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace mcp {

/// The newest bytes that a child wrote to its stderr.
class StderrTail {
 public:
  explicit StderrTail(std::size_t limit) : limit_(limit) {}

  void append(std::string_view bytes);
  /// The last line that is not blank, without blanks around it; empty where there is none.
  std::string_view last_line() const;

 private:
  std::size_t limit_;
  std::string bytes_;
};

}  // namespace mcp

#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "mcp/base/error.hpp"

namespace mcp {

/// Cuts a byte stream into lines (LF, an optional CR before it is dropped; empty lines are left
/// out). Holds at most `limit` bytes of an unfinished line; a longer one is a limit error, after
/// which the framer takes no more bytes.
class LineFramer {
 public:
  explicit LineFramer(std::size_t limit) : limit_(limit) {}

  /// Lines that `bytes` completed, in order.
  Result<std::vector<std::string>> feed(std::string_view bytes);
  /// What was received since the last line feed; used when the stream ends.
  std::string_view rest() const { return rest_; }

 private:
  std::size_t limit_;
  std::string rest_;
  bool broken_ = false;
};

}  // namespace mcp

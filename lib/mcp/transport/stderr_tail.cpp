#include "mcp/transport/stderr_tail.hpp"

#include "mcp/base/text.hpp"

namespace mcp {

void StderrTail::append(std::string_view bytes) {
  if (bytes.size() > limit_) bytes.remove_prefix(bytes.size() - limit_);
  bytes_ += bytes;
  if (bytes_.size() > limit_) bytes_.erase(0, bytes_.size() - limit_);
}

std::string_view StderrTail::last_line() const {
  const auto text = trim(bytes_);
  const auto line_feed = text.rfind('\n');
  return trim(line_feed == std::string_view::npos ? text : text.substr(line_feed + 1));
}

}  // namespace mcp

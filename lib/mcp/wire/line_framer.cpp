#include "mcp/wire/line_framer.hpp"

#include <fmt/format.h>

#include <utility>

#include "mcp/base/text.hpp"

namespace mcp {

Result<std::vector<std::string>> LineFramer::feed(std::string_view bytes) {
  std::vector<std::string> lines;
  while (!broken_ && !bytes.empty()) {
    const auto end = bytes.find('\n');
    const auto piece = bytes.substr(0, end);
    broken_ = piece.size() > limit_ - rest_.size();
    if (broken_) break;
    rest_ += piece;
    if (end == std::string_view::npos) return lines;
    bytes.remove_prefix(end + 1);
    if (rest_.ends_with('\r')) rest_.pop_back();
    if (!rest_.empty()) lines.push_back(std::exchange(rest_, {}));
  }
  if (!broken_) return lines;
  return fail(ErrorKind::limit, fmt::format("a line is longer than the limit of {} bytes: {}",
                                            limit_, quoted(rest_.empty() ? bytes : rest_)));
}

}  // namespace mcp

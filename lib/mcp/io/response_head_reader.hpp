#pragma once

#include <cstddef>
#include <string_view>

#include "mcp/io/http.hpp"

namespace mcp {

/// Builds the final answer's head from header lines, as libcurl hands them over: with their line
/// ends, 1xx answers and trailers among them.
class ResponseHeadReader {
 public:
  enum class Step { more, complete, too_large };

  explicit ResponseHeadReader(std::size_t max_bytes) : max_bytes_(max_bytes) {}
  /// Says `complete` once. Trailers after that are bounded, and otherwise ignored.
  Step add_line(std::string_view line);
  bool complete() const { return complete_; }
  std::size_t bytes() const { return bytes_; }
  const HttpResponseHead& head() const { return head_; }

 private:
  void add_status(std::string_view line);
  void add_field(std::string_view line);

  std::size_t max_bytes_;
  std::size_t bytes_ = 0;
  bool complete_ = false;
  HttpResponseHead head_;
};

}  // namespace mcp

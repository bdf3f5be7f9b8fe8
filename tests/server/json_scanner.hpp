#pragma once

#include <cstddef>
#include <string_view>

namespace mcp::testserver {

/// Walks over JSON text and checks it on the way (RFC 8259).
class JsonScanner {
 public:
  static constexpr int any_depth = 1'000'000;

  explicit JsonScanner(std::string_view text) : text_(text) {}

  std::size_t position() const { return at_; }
  bool at_end() const { return at_ >= text_.size(); }
  void skip_space();
  /// Steps over this character if it is next.
  bool take(char c);

  // Each steps over one thing; false if it is not there or not well formed.
  bool skip_value(int depth);
  bool skip_string();

 private:
  bool skip_members(int depth);
  bool skip_elements(int depth);
  bool skip_escape();
  bool skip_number();
  bool skip_digits();
  bool skip_word(std::string_view word);
  char peek() const { return at_end() ? '\0' : text_[at_]; }

  std::string_view text_;
  std::size_t at_ = 0;
};

}  // namespace mcp::testserver

#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "mcp/schema/char_set.hpp"

namespace mcp::schema {

/// Reads the words of a regular expression: characters, counts, escapes, brackets. After the first
/// problem it stands at the end of the text.
class RegexReader {
 public:
  explicit RegexReader(std::u32string text) : text_(std::move(text)) {}

  bool at_end() const { return position_ >= text_.size(); }
  char32_t peek() const { return at_end() ? U'\0' : text_[position_]; }
  char32_t previous() const { return text_[position_ - 1]; }
  char32_t next();
  bool take(char32_t symbol);
  bool take(std::string_view ascii);

  std::uint32_t decimal();
  /// `{n}`, `{n,}` or `{n,m}`; takes nothing where the text is not of that form.
  std::optional<std::pair<std::uint32_t, std::uint32_t>> braces();
  /// Up to and with `closing`.
  std::string name(char32_t closing);
  /// What follows a backslash, where it stands for characters.
  CharSet class_escape();
  /// What follows `[`, up to and with its `]`.
  CharSet bracket();

  void refuse(std::string_view problem);
  void refuse_size(std::string_view problem);
  bool failed() const { return !problem_.empty(); }
  bool too_large() const { return too_large_; }
  const std::string& problem() const { return problem_; }

 private:
  std::optional<CharSet> named_class(char32_t symbol);
  CharSet property(bool negated);
  char32_t character_escape(char32_t symbol);
  char32_t hexadecimal(std::size_t digits);
  char32_t unicode_escape();
  CharSet bracket_item();

  std::u32string text_;
  std::size_t position_ = 0;
  std::string problem_;
  bool too_large_ = false;
};

}  // namespace mcp::schema

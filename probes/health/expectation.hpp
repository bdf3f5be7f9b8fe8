#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "mcp/base/error.hpp"
#include "mcp/base/json.hpp"

namespace probes {

/// `JSONPOINTER=VALUE` (RFC 6901) about the result of tools/call. VALUE is JSON where it parses as
/// such, else a string; a string also matches its text, so /content/0/text=5 means what it says.
class Expectation {
 public:
  static mcp::Result<Expectation> parse(std::string_view text);

  /// Empty where it holds; else what was found instead, safe to print.
  std::string mismatch(const mcp::Json& result) const;
  const std::string& pointer() const { return pointer_; }
  /// VALUE as it was written.
  const std::string& expected() const { return text_; }

 private:
  std::string pointer_;
  std::vector<std::string> tokens_;
  std::string text_;
  mcp::Json value_;
};

/// A POSIX extended regular expression, searched for in the lines of a result's text as grep -E
/// does. The C library's matcher needs no stack in proportion to the text, which a server chose,
/// but may take time in its square: hence the bound.
class TextPattern {
 public:
  static constexpr std::size_t searched_bytes = 64UL * 1024;

  static mcp::Result<TextPattern> parse(const std::string& pattern);

  bool matches(std::string_view text) const;
  const std::string& pattern() const { return pattern_; }

 private:
  struct Compiled;
  std::string pattern_;
  std::shared_ptr<const Compiled> compiled_;  // shared: never changes, and options are copied
};

/// The text of all text blocks of a tool's result, a line feed between two.
std::string text_of_result(const mcp::Json& result);

}  // namespace probes

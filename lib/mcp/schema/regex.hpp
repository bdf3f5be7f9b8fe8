#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "mcp/base/error.hpp"
#include "mcp/schema/char_set.hpp"

namespace mcp::schema {

/// The syntax tree of a regular expression of ECMA-262 with the u flag, as JSON Schema asks for
/// (core section 6.4). What browsers accept without that flag is read too: escapes of characters
/// that need none, and lone braces and brackets.
struct Regex {
  enum class Kind {
    empty,
    set,
    sequence,
    choice,
    repeat,
    group,
    start,
    end,
    word_boundary,
    ahead,
    behind,
    back_reference,
  };
  static constexpr std::uint32_t unbounded = UINT32_MAX;

  Kind kind = Kind::empty;
  CharSet set;
  std::vector<Regex> children;
  std::uint32_t least = 0;
  std::uint32_t most = 0;
  /// Of word_boundary, ahead and behind: the assertion must fail.
  bool negated = false;
  /// Of a group (0: not captured) and of a back reference.
  std::uint32_t capture = 0;
  std::string name;
};

/// Errors are of kind usage (no regular expression) or limit (too long, nested too deep), and name
/// the text.
Result<Regex> parse_regex(std::string_view text);

/// Whether what it matches may depend on what stands around it: ^, $, \b or look-ahead.
bool has_assertion(const Regex& regex);

/// Whether it has no part that an automaton cannot decide: back references, look-behind, and
/// assertions inside a repetition.
bool is_regular(const Regex& regex);

}  // namespace mcp::schema

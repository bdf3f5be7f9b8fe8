#pragma once

#include <cstdint>
#include <string_view>

namespace mcp {

/// What one pass over the bytes tells of a JSON-RPC answer, without building it: under load every
/// answer is looked at, and few are needed whole.
struct AnswerScan {
  enum class Shape : std::uint8_t { absent, null, boolean, number, string, array, object };

  /// One JSON text (RFC 8259), nested at most 256 deep. Nothing below holds where it is not.
  bool valid = false;
  Shape text = Shape::absent;  // an array is a batch
  bool is_version_2 = false;   // "jsonrpc": "2.0"
  std::string_view id;         // as it stands: 7, "a-7" with its quotes; empty where there is none
  bool has_method = false;
  Shape result = Shape::absent;
  Shape error = Shape::absent;
  bool is_error = false;         // result.isError is true
  std::string_view result_type;  // result.resultType as it stands; empty where there is none
  std::string_view error_code;   // as it stands, where it is a number
  /// A member that matters is there twice, or a key is written with escapes: the whole text must be
  /// decoded to know what it says.
  bool is_ambiguous = false;

  /// Exactly one of result and error, an id and the version, and no method.
  bool is_answer() const {
    return valid && text == Shape::object && is_version_2 && !id.empty() && !has_method &&
           (result == Shape::absent) != (error == Shape::absent) && !is_ambiguous;
  }
};

/// The views are parts of `text`.
AnswerScan scan_answer(std::string_view text);

}  // namespace mcp

#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace mcp::testserver {

/// A piece of JSON text that is known to be well formed (RFC 8259, valid UTF-8), looked into
/// without building a tree: the server answers most requests by copying pieces of them. It refers
/// to the text it was parsed from. A view of a member that is not there is absent, and so are its
/// members.
class JsonView {
 public:
  JsonView() = default;

  /// Nothing when the text is not one JSON value, or nests deeper than `max_depth`.
  static std::optional<JsonView> parse(std::string_view text, int max_depth = 256);

  bool exists() const { return !text_.empty(); }
  bool is_object() const { return starts_with('{'); }
  bool is_array() const { return starts_with('['); }
  bool is_string() const { return starts_with('"'); }
  bool is_null() const { return starts_with('n'); }
  bool is_bool() const { return starts_with('t') || starts_with('f'); }
  bool is_true() const { return starts_with('t'); }
  bool is_number() const;
  bool is_integer() const;

  /// The text itself, without white space around it.
  std::string_view raw() const { return text_; }

  /// The member of an object; of several with this name the last, as most parsers have it.
  JsonView operator[](std::string_view key) const;
  std::vector<JsonView> elements() const;
  struct Member {
    std::string name;
    std::string_view raw_value;
  };
  std::vector<Member> members() const;
  bool empty() const;  // of an object or array

  /// A string's value; empty for anything else.
  std::string string() const;
  bool equals(std::string_view value) const;  // is that string
  std::optional<std::int64_t> integer() const;
  std::optional<double> number() const;

 private:
  explicit JsonView(std::string_view text) : text_(text) {}
  bool starts_with(char c) const { return !text_.empty() && text_.front() == c; }

  std::string_view text_;
};

/// Appends `text` as a JSON string, quotes included; invalid UTF-8 becomes U+FFFD.
void append_json_string(std::string& out, std::string_view text);
std::string json_string(std::string_view text);

/// JSON without line ends: they can only be white space between its parts, as inside strings they
/// are escaped. Refers to `json`, or to `storage` where something had to be replaced.
std::string_view one_line(std::string_view json, std::string& storage);

/// Length of the UTF-8 sequence at the start of `text`; 0: there is none that is valid.
std::size_t utf8_sequence(std::string_view text);

}  // namespace mcp::testserver

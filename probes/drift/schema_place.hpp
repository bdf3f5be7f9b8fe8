#pragma once

#include <string>
#include <string_view>

#include "mcp/schema/value.hpp"
#include "probes/drift/change.hpp"

namespace probes::drift {

/// What a subschema speaks of, in words: the argument "path", each item of the result's "files".
class SchemaPlace {
 public:
  /// The whole arguments object, or the whole result.
  explicit SchemaPlace(Direction direction) : direction_(direction) {}

  SchemaPlace member(std::string_view name) const;
  SchemaPlace item() const;
  SchemaPlace item_at(std::size_t index) const;
  SchemaPlace matching_item() const;
  SchemaPlace further_member() const;
  SchemaPlace member_like(std::string_view pattern) const;

  bool is_root() const { return path_.empty() && noun_.empty(); }
  /// For the middle of a sentence, and for its start.
  std::string noun() const;
  std::string subject() const;

 private:
  SchemaPlace within(std::string_view words, std::string_view step) const;

  Direction direction_;
  std::string path_;
  std::string noun_;
};

/// Values and texts as a sentence shows them, cut where they are long; raw (see Change).
std::string shown(const mcp::schema::Value& value);
/// "a string" for string.
std::string type_words(std::string_view type);
std::string shown_name(std::string_view name);
std::string shown_list(const mcp::schema::Value::Array& values, std::string_view last_word = "and");

}  // namespace probes::drift

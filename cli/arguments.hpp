#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "cli/schema_outline.hpp"
#include "mcp/base/error.hpp"

namespace cli {

/// Where a value of KEY=VALUE stands.
enum class ValueForm {
  text,  // KEY=VALUE: typed by the schema
  json,  // KEY:=JSON: sent as it is
  file,  // KEY=@FILE: the file's text, typed by the schema
};

struct ArgumentWord {
  std::string key;
  ValueForm form = ValueForm::text;
  std::string value;
  friend bool operator==(const ArgumentWord&, const ArgumentWord&) = default;
};

mcp::Result<ArgumentWord> parse_argument_word(const std::string& word);

/// One text as the schema wants it: the first of its types that the text can be read as, strings
/// last. Where the schema says nothing, JSON if it is that, else a string.
mcp::Result<nlohmann::json> typed_value(const std::string& text, const SchemaOutline& schema);

/// Puts the words into `arguments` (an object), each typed by its property: a.b=… goes into nested
/// objects, a repeated key makes an array. KEY=VALUE of a key that the schema does not know is a
/// usage error with a suggestion; KEY:=JSON is not checked.
mcp::Result<void> add_arguments(const std::vector<std::string>& words, const SchemaOutline& schema,
                                nlohmann::json& arguments);

/// A usage error that names what `arguments` lack of the required properties.
mcp::Result<void> check_required(const nlohmann::json& arguments, const SchemaOutline& schema);

}  // namespace cli

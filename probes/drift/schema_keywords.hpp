#pragma once

#include <string_view>

namespace probes::drift {

/// What the value of a keyword is, as far as schemas within it go.
enum class KeywordShape {
  plain,       // no schema in it
  schema,      // a schema, or (items) an array of them
  schemas,     // an array of schemas
  schema_map,  // schemas by name; other values (the arrays of `dependencies`) are no schemas
  annotation,  // no effect on what is valid
  unknown,
};
KeywordShape shape_of(std::string_view keyword);
bool is_annotation(std::string_view keyword);

}  // namespace probes::drift

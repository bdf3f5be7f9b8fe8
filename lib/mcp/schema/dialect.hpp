#pragma once

#include <string_view>

#include "mcp/base/error.hpp"

namespace mcp::schema {

/// Which keywords a schema may use, and how they are read.
struct Dialect {
  enum class Draft : unsigned char { draft4, draft6, draft7, draft2019_09, draft2020_12 };
  Draft draft = Draft::draft2020_12;
  /// False for a dialect whose metaschema leaves the validation vocabulary out (core 8.1.2).
  bool validation = true;

  bool at_least(Draft other) const { return draft >= other; }
  friend bool operator==(const Dialect&, const Dialect&) = default;
};

/// The dialect that a `$schema` names; an error of kind usage when it is none of those above.
Result<Dialect> dialect_of(std::string_view schema_uri);

/// The published metaschema with that URI (draft-07, and the parts of 2020-12), as JSON text;
/// empty when there is none.
std::string_view metaschema(std::string_view uri);

}  // namespace mcp::schema

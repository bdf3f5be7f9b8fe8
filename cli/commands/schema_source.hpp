#pragma once

#include <string>
#include <string_view>

#include "cli/command.hpp"
#include "mcp/schema/schema.hpp"

namespace cli {

/// A schema or instance that was named on the command line; `name` is safe to print.
struct NamedValue {
  std::string name;
  mcp::schema::Value value;
};
struct NamedSchema {
  std::string name;
  mcp::schema::Schema schema;
};

/// Takes the next word, FILE[#/POINTER] or `-` for standard input, and reads it. In an array a
/// token of the pointer that is no index means the only element of that name. Errors are of kind
/// usage; `what` is what is said to be missing.
mcp::Result<NamedValue> take_json(Invocation& invocation, std::string_view what);
mcp::Result<NamedSchema> take_schema(Invocation& invocation, std::string_view what,
                                     std::string_view dialect);
/// The name of a dialect as people write it (draft7, draft-07, 2020-12), or its URI.
mcp::Result<mcp::schema::Dialect> parse_dialect(std::string_view name);

}  // namespace cli

#pragma once

#include "mcp/schema/value.hpp"
#include "probes/drift/schema_document.hpp"

namespace probes::drift {

/// The schema for objects only. The arguments of a tool call are an object in every revision
/// (CallToolRequest), so what a schema says of other values makes no difference to anybody.
mcp::schema::Value of_objects(const mcp::schema::Value& schema);

/// The older document in the dialect of the newer one, where that is proved to mean the same; else
/// as it was.
SchemaDocument in_dialect_of(const SchemaDocument& newer, SchemaDocument older);

}  // namespace probes::drift

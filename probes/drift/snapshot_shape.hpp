#pragma once

#include "mcp/base/error.hpp"
#include "mcp/schema/value.hpp"

namespace probes::drift {

/// Whether a document has the form that snapshot.hpp describes. Errors (kind usage) say where it
/// has not, by a JSON Pointer, and what to do.
mcp::Result<void> check_shape(const mcp::schema::Value& document);

}  // namespace probes::drift

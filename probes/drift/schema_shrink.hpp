#pragma once

#include <functional>

#include "mcp/schema/value.hpp"

namespace probes::drift {

/// A part of the value that still passes the test: members and items that are not needed are left
/// out. The value itself must pass. Bounded: a value that would take long stays as it is.
mcp::schema::Value shrunk(mcp::schema::Value value,
                          const std::function<bool(const mcp::schema::Value&)>& test);

}  // namespace probes::drift

#pragma once

namespace mcp {

/// This program has a getaddrinfo of its own, so that names need no network: "unknown.test" does
/// not exist, the answer for "hanging.test" does not come for two seconds; all else goes to the
/// system.
constexpr const char* unknown_name = "unknown.test";
constexpr const char* hanging_name = "hanging.test";

}  // namespace mcp

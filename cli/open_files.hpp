#pragma once

#include <cstddef>

#include "mcp/base/error.hpp"

namespace cli {

/// Raises the limit of open files as far as this process may. A usage error that says by how much
/// it is too low where `needed` are more.
mcp::Result<void> raise_open_files(std::size_t needed);

}  // namespace cli

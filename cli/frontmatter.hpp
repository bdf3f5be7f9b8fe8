#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string_view>

#include "mcp/base/error.hpp"

namespace cli {

/// The YAML between the first line, `---`, and the next such line, as a JSON object: plain scalars
/// typed by the core schema of YAML 1.2 (section 10.3), all others strings. Bounded in size, depth
/// and number of nodes, so that aliases cannot blow it up.
mcp::Result<nlohmann::json> parse_frontmatter(std::string_view document);

}  // namespace cli

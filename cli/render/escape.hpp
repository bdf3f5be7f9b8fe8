#pragma once

#include <string>
#include <string_view>

namespace cli {

/// For XML's text and attributes. Control characters must be gone already (mcp::printable).
std::string xml_escaped(std::string_view text);

/// For HELP lines of Prometheus' text exposition format 0.0.4: backslash and line feed.
std::string help_escaped(std::string_view text);
/// For its label values: those, and the double quote.
std::string label_escaped(std::string_view text);

/// One workflow command of GitHub Actions, `::NAME title=…::MESSAGE`, with its line feed. An empty
/// `file` is left out.
std::string workflow_command(std::string_view name, std::string_view title,
                             std::string_view message, std::string_view file = {});

}  // namespace cli

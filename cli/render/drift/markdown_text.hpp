#pragma once

#include <string>
#include <string_view>

namespace cli {

// Text from servers in GitHub's Markdown: it can neither format, link, mention nor leave its line.

std::string markdown_text(std::string_view text);
/// A code span for a table's cell or running text.
std::string markdown_code(std::string_view text);
/// A fenced block; `info` is what follows the fence ("json"). Ends in a line feed.
std::string markdown_fence(std::string_view text, std::string_view info);

}  // namespace cli

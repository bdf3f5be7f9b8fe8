#pragma once

#include <string>

#include "mcp/base/error.hpp"

namespace CLI {
class App;
class ParseError;
}  // namespace CLI

namespace cli {

/// The parser's complaint in our words: `--timeout: needs a value`.
mcp::Error to_error(const CLI::ParseError& error, const CLI::App& app);
/// With the option that was probably meant.
mcp::Error unknown_option(const std::string& word, const CLI::App& app);

}  // namespace cli

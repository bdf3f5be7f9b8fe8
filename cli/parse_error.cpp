#include "cli/parse_error.hpp"

#include <CLI/CLI.hpp>

#include "mcp/base/text.hpp"

namespace cli {
namespace {

// CLI11 puts the option's name first and has no accessor for it.
std::string option_name(const std::string& complaint) {
  const auto start = complaint.find("--");
  if (start == std::string::npos) return complaint.substr(0, complaint.find_first_of(": "));
  return complaint.substr(start, complaint.find_first_of(":, =", start) - start);
}

mcp::Error usage(std::string message, std::string hint = {}) {
  return {mcp::ErrorKind::usage, std::move(message), std::move(hint)};
}

}  // namespace

mcp::Error to_error(const CLI::ParseError& error, const CLI::App&) {
  const std::string complaint = error.what();
  const std::string name = error.get_name();
  if (name == "ArgumentMismatch") {
    const bool repeated = complaint.find("At Most") != std::string::npos ||
                          complaint.find("Expected exactly") != std::string::npos;
    return usage(option_name(complaint) +
                 (repeated ? ": given more than once" : ": needs a value"));
  }
  if (name == "ConversionError") {
    const auto equals = complaint.find(" = ");
    const std::string value =
        equals == std::string::npos ? "the value" : mcp::quoted(complaint.substr(equals + 3));
    return usage(option_name(complaint) + ": cannot read " + value);
  }
  return usage(mcp::printable(complaint));
}

mcp::Error unknown_option(const std::string& word, const CLI::App& app) {
  const std::string name = word.substr(0, word.find('='));
  std::vector<std::string> known;
  for (const CLI::Option* option : app.get_options()) {
    for (const std::string& long_name : option->get_lnames()) known.push_back("--" + long_name);
  }
  const std::string near = name.starts_with("--") ? mcp::nearest(name, known) : std::string();
  return usage(mcp::printable(name) + ": unknown option",
               near.empty() ? "--help lists the options" : "did you mean " + near + "?");
}

}  // namespace cli

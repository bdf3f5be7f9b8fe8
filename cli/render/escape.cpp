#include "cli/render/escape.hpp"

#include <fmt/format.h>

namespace cli {
namespace {

/// Workflow commands: the message takes percent signs and line ends escaped, a property colons and
/// commas too.
enum class Place { message, property };

std::string command_escaped(std::string_view text, Place place) {
  std::string result;
  for (const char letter : text) {
    const bool in_property = place == Place::property && (letter == ':' || letter == ',');
    if (letter == '%' || letter == '\r' || letter == '\n' || in_property) {
      result += fmt::format("%{:02X}", static_cast<unsigned>(letter));
    } else {
      result += letter;
    }
  }
  return result;
}

std::string exposition_escaped(std::string_view text, std::string_view letters) {
  std::string result;
  for (const char letter : text) {
    if (letters.contains(letter)) result += '\\';
    if (letter == '\n')
      result += "\\n";
    else
      result += letter;
  }
  return result;
}

}  // namespace

std::string help_escaped(std::string_view text) {
  return exposition_escaped(text, "\\");
}

std::string label_escaped(std::string_view text) {
  return exposition_escaped(text, "\\\"");
}

std::string xml_escaped(std::string_view text) {
  std::string result;
  for (const char letter : text) {
    switch (letter) {
      case '&':
        result += "&amp;";
        break;
      case '<':
        result += "&lt;";
        break;
      case '>':
        result += "&gt;";
        break;
      case '"':
        result += "&quot;";
        break;
      default:
        result += letter;
    }
  }
  return result;
}

std::string workflow_command(std::string_view name, std::string_view title,
                             std::string_view message, std::string_view file) {
  const auto place = file.empty() ? std::string()
                                  : fmt::format("file={},", command_escaped(file, Place::property));
  return fmt::format("::{} {}title={}::{}\n", name, place, command_escaped(title, Place::property),
                     command_escaped(message, Place::message));
}

}  // namespace cli

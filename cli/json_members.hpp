#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "mcp/schema/value.hpp"

namespace cli {

/// A JSON object whose members stay in the order in which they were added, with exact numbers and
/// nothing in it that could deceive a terminal.
class JsonMembers {
 public:
  JsonMembers& add(std::string_view name, const mcp::schema::Value& value);
  JsonMembers& add(std::string_view name, std::string_view text);
  JsonMembers& add_flag(std::string_view name, bool value);
  JsonMembers& add(const JsonMembers& others);
  /// With three digits after the point.
  JsonMembers& add_millis(std::string_view name, double millis);

  std::string line() const;
  /// Under {"schema_version": 1, …}, a member a line.
  std::string document() const;

 private:
  std::vector<std::pair<std::string, std::string>> members_;
};

}  // namespace cli

#include "cli/json_members.hpp"

#include <fmt/format.h>

#include "cli/json_output.hpp"

namespace cli {

using mcp::schema::Value;

JsonMembers& JsonMembers::add(std::string_view name, const Value& value) {
  members_.emplace_back(name, visible_json(value.text()));
  return *this;
}

JsonMembers& JsonMembers::add(std::string_view name, std::string_view text) {
  return add(name, Value(std::string(text)));
}

JsonMembers& JsonMembers::add_flag(std::string_view name, bool value) {
  return add(name, Value(value));
}

JsonMembers& JsonMembers::add(const JsonMembers& others) {
  members_.insert(members_.end(), others.members_.begin(), others.members_.end());
  return *this;
}

JsonMembers& JsonMembers::add_millis(std::string_view name, double millis) {
  members_.emplace_back(name, fmt::format("{:.3f}", millis));
  return *this;
}

std::string JsonMembers::line() const {
  std::string out = "{";
  for (const auto& [name, text] : members_) {
    if (out.size() > 1) out += ',';
    out += fmt::format("\"{}\":{}", name, text);
  }
  return out + "}\n";
}

std::string JsonMembers::document() const {
  std::string out = "{\n  \"schema_version\": 1";
  for (const auto& [name, text] : members_) out += fmt::format(",\n  \"{}\": {}", name, text);
  return out + "\n}\n";
}

}  // namespace cli

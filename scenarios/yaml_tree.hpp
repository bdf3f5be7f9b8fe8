#pragma once

#include <cstddef>
#include <expected>
#include <string>
#include <string_view>
#include <vector>

#include "mcp/schema/value.hpp"
#include "scenarios/complaints.hpp"

namespace scenarios {

struct YamlMember;

/// A YAML value with its place in the file. Aliases are copies of what they name.
struct YamlNode {
  enum class Kind { null, scalar, sequence, mapping };

  Kind kind = Kind::null;
  Place place;
  std::string text;     // a scalar's, with variables filled in
  std::string written;  // a scalar's, as it stands in the file: the one to show
  bool quoted = false;  // a string, whatever it looks like
  std::vector<YamlNode> items;
  std::vector<YamlMember> members;

  bool is(Kind wanted) const { return kind == wanted; }
  const YamlNode* find(std::string_view key) const;
};

struct YamlMember {
  std::string key;
  Place place;
  YamlNode value;
};

struct YamlLimits {
  std::size_t bytes = 1UL << 20U;
  std::size_t nodes = 50'000;  // with aliases followed
  std::size_t depth = 40;
};

/// Reads the one document of a file. A key that stands twice in a mapping, a key that is no plain
/// text, tags, and what is beyond the limits are errors.
std::expected<YamlNode, Complaint> read_yaml(std::string_view text, const YamlLimits& limits = {});

/// A scalar by the core schema of YAML 1.2 (10.3.2): null, booleans and numbers where it is not
/// quoted, else text.
mcp::schema::Value scalar_value(const YamlNode& scalar);
/// The same for a whole tree.
mcp::schema::Value to_value(const YamlNode& node);
/// "a number", "a list", …: for messages.
std::string_view kind_name(const YamlNode& node);

}  // namespace scenarios

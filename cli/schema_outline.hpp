#pragma once

#include <nlohmann/json_fwd.hpp>
#include <set>
#include <string>
#include <vector>

namespace cli {

/// As much of a tool's inputSchema as a command line needs: which properties there are, and of
/// which types. It follows local $ref, allOf, anyOf and oneOf, to a bounded depth; the verdict on
/// values stays with the server.
class SchemaOutline {
 public:
  /// `schema` must outlive the outline.
  explicit SchemaOutline(const nlohmann::json& schema);

  /// JSON type names ("integer", "string", …) that the schema allows; empty when it says nothing.
  std::set<std::string> types() const;
  std::vector<std::string> properties() const;
  std::vector<std::string> required() const;
  /// The outline of a property or of an array's items; one that says nothing where there is none.
  SchemaOutline property(const std::string& name) const;
  SchemaOutline items() const;
  bool has_property(const std::string& name) const;
  /// Whether properties that are not named are asked for, not only tolerated.
  bool invites_others() const;

 private:
  SchemaOutline(const nlohmann::json& root, std::vector<const nlohmann::json*> parts);
  void collect(const nlohmann::json& schema, int depth);

  const nlohmann::json* root_;
  /// The schema and all that it refers to or is combined of, side by side.
  std::vector<const nlohmann::json*> parts_;
};

/// "a=integer [b=string]": the properties as they are written on a command line.
std::string usage_of(const SchemaOutline& outline);

}  // namespace cli

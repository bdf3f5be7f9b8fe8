#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace mcp {

/// One challenge of a WWW-Authenticate field (RFC 9110 section 11.6.1). Parameter names are lower
/// case.
struct Challenge {
  std::string scheme;
  std::map<std::string, std::string> parameters;
  std::optional<std::string> parameter(const std::string& name) const;
};

/// The Bearer challenge of a field value with one or more challenges; none where there is none or
/// the value is malformed. `resource_metadata` is RFC 9728 section 5.1.
std::optional<Challenge> find_bearer_challenge(std::string_view field_value);

}  // namespace mcp

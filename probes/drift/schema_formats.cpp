#include "probes/drift/schema_formats.hpp"

#include <algorithm>
#include <array>
#include <string>

#include "probes/drift/schema_document.hpp"

namespace probes::drift {

using mcp::schema::Type;
using mcp::schema::Value;

namespace {

struct Format {
  std::string_view name;
  std::string_view pattern;
};

// JSON Schema 2020-12 validation section 7.3.
constexpr std::array formats = {
    Format{"date", "^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$"},
    Format{"date-time",
           "^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])[Tt]"
           "([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]([.][0-9]+)?"
           "([Zz]|[+-]([01][0-9]|2[0-3]):[0-5][0-9])$"},
    Format{"time",
           "^([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]([.][0-9]+)?"
           "([Zz]|[+-]([01][0-9]|2[0-3]):[0-5][0-9])$"},
    Format{"email", "^[^@ ]+@[^@ ]+$"},
    Format{"ipv4",
           "^((25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])[.]){3}"
           "(25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])$"},
    Format{"json-pointer", "^(/([^~/]|~[01])*)*$"},
    Format{"uri", "^[A-Za-z][A-Za-z0-9+.-]*:[^ ]*$"},
    Format{"uuid", "^[0-9A-Fa-f]{8}-([0-9A-Fa-f]{4}-){3}[0-9A-Fa-f]{12}$"},
};

void assert_format(Value::Object& members) {
  const auto format = members.find("format");
  if (format == members.end() || !format->second.is(Type::string)) return;
  const auto pattern = pattern_of_format(format->second.string());
  if (!pattern) return;
  const Value condition(Value::Object{{"pattern", Value(std::string(*pattern))}});
  const auto all = members.find("allOf");
  Value::Array conditions;
  if (all != members.end() && all->second.is(Type::array)) conditions = all->second.array();
  conditions.push_back(condition);
  members.insert_or_assign("allOf", Value(std::move(conditions)));
}

}  // namespace

std::optional<std::string_view> pattern_of_format(std::string_view format) {
  const auto* found = std::ranges::find(formats, format, &Format::name);
  return found == formats.end() ? std::nullopt : std::optional(found->pattern);
}

Value with_formats_asserted(const Value& schema) {
  return transformed(schema, assert_format);
}

}  // namespace probes::drift

#include "mcp/schema/dialect.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "mcp/base/text.hpp"

namespace mcp::schema {
namespace {

using Draft = Dialect::Draft;

struct Known {
  std::string_view uri;  // without scheme and empty fragment
  Draft draft;
};

constexpr std::array known_dialects = {
    Known{"json-schema.org/draft-04/schema", Draft::draft4},
    Known{"json-schema.org/draft-06/schema", Draft::draft6},
    Known{"json-schema.org/draft-07/schema", Draft::draft7},
    Known{"json-schema.org/draft/2019-09/schema", Draft::draft2019_09},
    Known{"json-schema.org/draft/2020-12/schema", Draft::draft2020_12},
};

}  // namespace

Result<Dialect> dialect_of(std::string_view schema_uri) {
  auto uri = schema_uri;
  for (const std::string_view scheme : {"http://", "https://"}) {
    if (uri.starts_with(scheme)) uri.remove_prefix(scheme.size());
  }
  while (uri.ends_with('#') || uri.ends_with('/')) uri.remove_suffix(1);
  const auto* found = std::ranges::find(known_dialects, uri, &Known::uri);
  if (found != known_dialects.end()) return Dialect{.draft = found->draft, .validation = true};
  return fail(ErrorKind::usage, fmt::format("the dialect {} is not supported", quoted(schema_uri)),
              "supported are 2020-12, 2019-09, draft-07, draft-06 and draft-04");
}

}  // namespace mcp::schema

#pragma once

#include "mcp/schema/languages.hpp"
#include "mcp/schema/regex.hpp"

namespace mcp::schema {

/// The language of all texts in which a regular expression matches somewhere (core section 6.4:
/// patterns are not anchored). The expression must be regular (see `is_regular`).
LanguageId language_of(Languages& languages, const Regex& regex);

}  // namespace mcp::schema

#include "mcp/schema/pattern.hpp"

#include <utility>

#include "mcp/schema/backtracker.hpp"
#include "mcp/schema/regex_language.hpp"
#include "mcp/schema/value.hpp"

namespace mcp::schema {

Result<Pattern> Pattern::parse(std::string_view text) {
  auto regex = parse_regex(text);
  if (!regex) return std::unexpected(std::move(regex.error()));
  Pattern pattern;
  pattern.text_ = text;
  pattern.regular_ = is_regular(*regex);
  pattern.regex_ = std::make_shared<const Regex>(std::move(*regex));
  return pattern;
}

std::optional<bool> PatternMatcher::matches(const Pattern& pattern, std::string_view utf8) {
  if (!pattern.regular()) return search_by_trying(pattern.regex(), code_points(utf8));
  // Each text has the whole budget, whatever was matched before.
  if (languages_.exhausted()) forget();
  return languages_.matches(language(pattern), utf8);
}

void PatternMatcher::forget() {
  languages_ = Languages();
  known_.clear();
}

LanguageId PatternMatcher::language(const Pattern& pattern) {
  const auto known = known_.find(pattern.text());
  if (known != known_.end()) return known->second;
  const auto id = pattern.regular() ? language_of(languages_, pattern.regex())
                                    : languages_.opaque(pattern.text());
  known_.emplace(pattern.text(), id);
  return id;
}

}  // namespace mcp::schema

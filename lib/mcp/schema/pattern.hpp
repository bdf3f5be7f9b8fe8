#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "mcp/base/error.hpp"
#include "mcp/schema/languages.hpp"
#include "mcp/schema/regex.hpp"

namespace mcp::schema {

/// A regular expression of a schema, read once; copies share it (hence the shared_ptr).
class Pattern {
 public:
  static Result<Pattern> parse(std::string_view text);

  const std::string& text() const { return text_; }
  const Regex& regex() const { return *regex_; }
  /// Whether an automaton decides it; otherwise it is matched by bounded trying.
  bool regular() const { return regular_; }

 private:
  std::string text_;
  std::shared_ptr<const Regex> regex_;
  bool regular_ = true;
};

/// Matches texts against patterns, in time that is linear for regular patterns and bounded for all,
/// and keeps what it has found out about each pattern.
class PatternMatcher {
 public:
  /// nullopt: a bound was reached. Ends what `language` gave before, if one was.
  std::optional<bool> matches(const Pattern& pattern, std::string_view utf8);
  /// As a language; an opaque one where the pattern is not regular.
  LanguageId language(const Pattern& pattern);
  Languages& languages() { return languages_; }

 private:
  void forget();

  Languages languages_;
  std::map<std::string, LanguageId, std::less<>> known_;
};

}  // namespace mcp::schema

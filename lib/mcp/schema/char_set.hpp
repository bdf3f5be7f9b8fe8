#pragma once

#include <compare>
#include <vector>

namespace mcp::schema {

/// A set of Unicode code points (surrogates are no characters), kept as sorted ranges that neither
/// overlap nor touch, so that equal sets are equal values.
class CharSet {
 public:
  struct Range {
    char32_t first;
    char32_t last;
    friend auto operator<=>(const Range&, const Range&) = default;
  };

  CharSet() = default;  // empty
  /// In any order; overlaps are fine.
  explicit CharSet(std::vector<Range> ranges);
  static CharSet all();
  static CharSet single(char32_t point) { return CharSet({{point, point}}); }

  const std::vector<Range>& ranges() const { return ranges_; }
  bool empty() const { return ranges_.empty(); }
  bool contains(char32_t point) const;
  CharSet complement() const;
  friend CharSet operator|(const CharSet& left, const CharSet& right);
  friend CharSet operator&(const CharSet& left, const CharSet& right);
  friend auto operator<=>(const CharSet&, const CharSet&) = default;

 private:
  std::vector<Range> ranges_;
};

/// \d, \w and \s of ECMA-262 section 22.2.2.9.
CharSet digit_characters();
CharSet word_characters();
CharSet space_characters();
CharSet line_terminators();

}  // namespace mcp::schema

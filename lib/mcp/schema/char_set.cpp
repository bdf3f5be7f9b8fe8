#include "mcp/schema/char_set.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace mcp::schema {
namespace {

constexpr char32_t last_point = 0x10ffff;

}  // namespace

CharSet::CharSet(std::vector<Range> ranges) {
  std::ranges::sort(ranges);
  for (const auto& range : ranges) {
    if (!ranges_.empty() && range.first <= ranges_.back().last + 1) {
      ranges_.back().last = std::max(ranges_.back().last, range.last);
    } else {
      ranges_.push_back(range);
    }
  }
}

CharSet CharSet::all() {
  CharSet set;
  set.ranges_ = {{0, 0xd7ff}, {0xe000, last_point}};
  return set;
}

bool CharSet::contains(char32_t point) const {
  const auto after = std::ranges::upper_bound(ranges_, point, {}, &Range::first);
  return after != ranges_.begin() && point <= std::prev(after)->last;
}

CharSet CharSet::complement() const {
  std::vector<Range> gaps;
  char32_t next = 0;
  for (const auto& range : ranges_) {
    if (range.first > next) gaps.push_back({next, range.first - 1});
    next = range.last + 1;
  }
  if (next <= last_point) gaps.push_back({next, last_point});
  return CharSet(std::move(gaps)) & all();
}

CharSet operator|(const CharSet& left, const CharSet& right) {
  auto ranges = left.ranges_;
  ranges.insert(ranges.end(), right.ranges_.begin(), right.ranges_.end());
  return CharSet(std::move(ranges));
}

CharSet operator&(const CharSet& left, const CharSet& right) {
  CharSet both;
  auto one = left.ranges_.begin();
  auto two = right.ranges_.begin();
  while (one != left.ranges_.end() && two != right.ranges_.end()) {
    const auto first = std::max(one->first, two->first);
    const auto last = std::min(one->last, two->last);
    if (first <= last) both.ranges_.push_back({first, last});
    ++(one->last < two->last ? one : two);
  }
  return both;
}

CharSet digit_characters() {
  return CharSet({{'0', '9'}});
}

CharSet word_characters() {
  return CharSet({{'0', '9'}, {'A', 'Z'}, {'_', '_'}, {'a', 'z'}});
}

CharSet space_characters() {
  return CharSet({{0x09, 0x0d},
                  {0x20, 0x20},
                  {0xa0, 0xa0},
                  {0x1680, 0x1680},
                  {0x2000, 0x200a},
                  {0x2028, 0x2029},
                  {0x202f, 0x202f},
                  {0x205f, 0x205f},
                  {0x3000, 0x3000},
                  {0xfeff, 0xfeff}});
}

CharSet line_terminators() {
  return CharSet({{0x0a, 0x0a}, {0x0d, 0x0d}, {0x2028, 0x2029}});
}

}  // namespace mcp::schema

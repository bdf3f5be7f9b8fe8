#include "probes/drift/hidden_text.hpp"

#include <algorithm>
#include <array>

#include "mcp/schema/value.hpp"

namespace probes::drift {
namespace {

struct Range {
  char32_t first;
  char32_t last;
  std::string_view what;
};

/// Default_Ignorable_Code_Point and Bidi_Control of Unicode, and the controls; sorted.
constexpr std::array hidden_ranges = {
    Range{0x0, 0x8, "control character"},
    Range{0xb, 0xc, "control character"},
    Range{0xe, 0x1a, "control character"},
    Range{0x1b, 0x1b, "escape, as in terminal sequences"},
    Range{0x1c, 0x1f, "control character"},
    Range{0x7f, 0x9f, "control character"},
    Range{0xad, 0xad, "soft hyphen"},
    Range{0x34f, 0x34f, "invisible joiner"},
    Range{0x61c, 0x61c, "direction mark"},
    Range{0x115f, 0x1160, "invisible letter"},
    Range{0x17b4, 0x17b5, "invisible letter"},
    Range{0x180b, 0x180f, "variation selector"},
    Range{0x200b, 0x200b, "zero-width space"},
    Range{0x200c, 0x200c, "zero-width non-joiner"},
    Range{0x200d, 0x200d, "zero-width joiner"},
    Range{0x200e, 0x200f, "direction mark"},
    Range{0x2028, 0x2029, "line separator"},
    Range{0x202a, 0x202b, "direction embedding"},
    Range{0x202c, 0x202c, "end of a direction"},
    Range{0x202d, 0x202d, "left-to-right override"},
    Range{0x202e, 0x202e, "right-to-left override"},
    Range{0x2060, 0x2060, "word joiner"},
    Range{0x2061, 0x2065, "invisible operator"},
    Range{0x2066, 0x2069, "direction isolate"},
    Range{0x206a, 0x206f, "invisible format character"},
    Range{0x3164, 0x3164, "invisible letter"},
    Range{0xfe00, 0xfe0f, "variation selector"},
    Range{0xfeff, 0xfeff, "zero-width no-break space"},
    Range{0xffa0, 0xffa0, "invisible letter"},
    Range{0xfff0, 0xfffb, "invisible format character"},
    Range{0x1bca0, 0x1bca3, "invisible format character"},
    Range{0x1d173, 0x1d17a, "invisible format character"},
    Range{0xe0000, 0xe007f, "tag character"},
    Range{0xe0080, 0xe00ff, "invisible character"},
    Range{0xe0100, 0xe01ef, "variation selector"},
    Range{0xe01f0, 0xe0fff, "invisible character"},
};

const Range* range_of(char32_t value) {
  const auto* found = std::ranges::lower_bound(hidden_ranges, value, {}, &Range::last);
  return found != hidden_ranges.end() && value >= found->first ? found : nullptr;
}

bool is_selector(char32_t value) {
  return (value >= 0xfe00 && value <= 0xfe0f) || (value >= 0xe0100 && value <= 0xe01ef);
}

/// Symbols and pictographs, and the skin tones and selectors that follow them.
bool is_symbol(char32_t value) {
  return (value >= 0x2190 && value <= 0x2bff) || (value >= 0x1f000 && value <= 0x1faff) ||
         value == 0xa9 || value == 0xae || value == 0x203c || value == 0x2049 || value == 0x2122 ||
         value == 0x2139 || value == 0x3030 || value == 0x303d || value == 0x3297 ||
         value == 0x3299;
}

/// Arabic to Sinhala, Myanmar, Khmer, Mongolian: their letters join.
bool is_joining_script(char32_t value) {
  return (value >= 0x600 && value <= 0xdff) || (value >= 0x1000 && value <= 0x109f) ||
         (value >= 0x1780 && value <= 0x18af);
}

class Reading {
 public:
  explicit Reading(std::u32string_view text) : text_(text) {}

  bool is_needed(std::size_t index) const {
    const auto value = text_[index];
    const auto before = index == 0 ? U'\0' : text_[index - 1];
    const auto after = index + 1 == text_.size() ? U'\0' : text_[index + 1];
    if (value == 0x200c || value == 0x200d) {
      const bool in_emoji =
          value == 0x200d && (is_symbol(before) || before == 0xfe0f) && is_symbol(after);
      return in_emoji || (is_joining_script(before) && is_joining_script(after));
    }
    if (value == 0xfe0e || value == 0xfe0f) {
      const bool is_key = before == '#' || before == '*' || (before >= '0' && before <= '9');
      return is_symbol(before) || (is_key && after == 0x20e3);
    }
    if (is_selector(value)) return is_ideograph(before);
    return value == 0xfeff && index == 0;
  }

 private:
  /// Registered variants of Chinese characters are written with one selector.
  static bool is_ideograph(char32_t value) {
    return (value >= 0x3400 && value <= 0x9fff) || (value >= 0xf900 && value <= 0xfaff) ||
           (value >= 0x20000 && value <= 0x3ffff);
  }

  std::u32string_view text_;
};

}  // namespace

std::vector<HiddenCharacter> hidden_characters(std::string_view text) {
  const auto points = mcp::schema::code_points(text);
  const Reading reading(points);
  std::vector<HiddenCharacter> found;
  for (std::size_t index = 0; index < points.size(); ++index) {
    const Range* range = range_of(points[index]);
    if (range == nullptr || reading.is_needed(index)) continue;
    found.push_back({.value = points[index], .what = range->what, .position = index + 1});
  }
  return found;
}

std::string tag_message(std::string_view text) {
  std::string message;
  for (const char32_t value : mcp::schema::code_points(text)) {
    if (value >= 0xe0020 && value <= 0xe007e) message += static_cast<char>(value - 0xe0000);
  }
  return message;
}

}  // namespace probes::drift

#include "mcp/schema/unicode.hpp"

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

namespace mcp::schema {
namespace {

constexpr std::string_view table =
#include "mcp/schema/unicode_categories.inc"
    ;

struct Category {
  std::string_view letters;  // of the table
  std::string_view short_name;
  std::string_view long_name;
};

constexpr std::array categories = {
    Category{"A", "Lu", "Uppercase_Letter"},
    Category{"B", "Ll", "Lowercase_Letter"},
    Category{"C", "Lt", "Titlecase_Letter"},
    Category{"ABC", "LC", "Cased_Letter"},
    Category{"D", "Lm", "Modifier_Letter"},
    Category{"E", "Lo", "Other_Letter"},
    Category{"ABCDE", "L", "Letter"},
    Category{"F", "Mn", "Nonspacing_Mark"},
    Category{"G", "Mc", "Spacing_Mark"},
    Category{"H", "Me", "Enclosing_Mark"},
    Category{"FGH", "M", "Mark"},
    Category{"FGH", "M", "Combining_Mark"},
    Category{"I", "Nd", "Decimal_Number"},
    Category{"I", "Nd", "digit"},
    Category{"J", "Nl", "Letter_Number"},
    Category{"K", "No", "Other_Number"},
    Category{"IJK", "N", "Number"},
    Category{"L", "Pc", "Connector_Punctuation"},
    Category{"M", "Pd", "Dash_Punctuation"},
    Category{"N", "Ps", "Open_Punctuation"},
    Category{"O", "Pe", "Close_Punctuation"},
    Category{"P", "Pi", "Initial_Punctuation"},
    Category{"Q", "Pf", "Final_Punctuation"},
    Category{"R", "Po", "Other_Punctuation"},
    Category{"LMNOPQR", "P", "Punctuation"},
    Category{"LMNOPQR", "P", "punct"},
    Category{"S", "Sm", "Math_Symbol"},
    Category{"T", "Sc", "Currency_Symbol"},
    Category{"U", "Sk", "Modifier_Symbol"},
    Category{"V", "So", "Other_Symbol"},
    Category{"STUV", "S", "Symbol"},
    Category{"W", "Zs", "Space_Separator"},
    Category{"X", "Zl", "Line_Separator"},
    Category{"Y", "Zp", "Paragraph_Separator"},
    Category{"WXY", "Z", "Separator"},
    Category{"Z", "Cc", "Control"},
    Category{"Z", "Cc", "cntrl"},
    Category{"a", "Cf", "Format"},
    Category{"b", "Cs", "Surrogate"},
    Category{"c", "Co", "Private_Use"},
    Category{"d", "Cn", "Unassigned"},
    Category{"Zabcd", "C", "Other"},
};

CharSet with_letters(std::string_view letters) {
  std::vector<CharSet::Range> ranges;
  char32_t point = 0;
  for (std::size_t index = 0; index < table.size();) {
    const char letter = table[index++];
    char32_t count = 0;
    for (; index < table.size() && table[index] >= '0' && table[index] <= '9'; ++index) {
      count = count * 10 + static_cast<char32_t>(table[index] - '0');
    }
    count = std::max<char32_t>(count, 1);
    if (letters.find(letter) != std::string_view::npos) {
      ranges.push_back({point, point + count - 1});
    }
    point += count;
  }
  return CharSet(std::move(ranges)) & CharSet::all();
}

}  // namespace

std::optional<CharSet> unicode_property(std::string_view name) {
  if (name == "Any") return CharSet::all();
  if (name == "ASCII") return CharSet({{0, 0x7f}});
  if (name == "Assigned") return with_letters("d").complement();
  for (const std::string_view prefix : {"General_Category=", "gc="}) {
    if (name.starts_with(prefix)) name.remove_prefix(prefix.size());
  }
  const auto* found = std::ranges::find_if(categories, [name](const Category& category) {
    return category.short_name == name || category.long_name == name;
  });
  if (found == categories.end()) return std::nullopt;
  return with_letters(found->letters);
}

}  // namespace mcp::schema

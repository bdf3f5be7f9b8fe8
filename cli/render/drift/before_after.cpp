#include <algorithm>
#include <string>

#include "cli/render/drift/words.hpp"
#include "cli/text_table.hpp"
#include "mcp/base/text.hpp"
#include "mcp/schema/value.hpp"
#include "probes/drift/snapshot.hpp"

namespace cli {
namespace {

using mcp::schema::Value;
using probes::drift::Change;

/// Words of the same text that stand before the first difference, so that a reader finds the place.
constexpr std::size_t context = 24;
/// Shown texts are at most some lines long; what comes after this is never seen.
constexpr std::size_t longest = 1000;

/// A value on one line; a text without quotation marks.
std::string shown(const Value& value) {
  return mcp::printable(value.is(mcp::schema::Type::string) ? value.string() : value.text());
}

bool is_word(char letter) {
  return (letter >= '0' && letter <= '9') || (letter >= 'A' && letter <= 'Z') ||
         (letter >= 'a' && letter <= 'z') || letter == '_' || (letter & 0x80) != 0;
}

/// The start of the word at `at`, which is the start of a character, too.
std::size_t word_start(const std::string& text, std::size_t at) {
  while (at > 0 && is_word(text[at - 1])) --at;
  return at;
}

/// Where an excerpt begins whose first difference is at `same`: some words before it.
std::size_t excerpt_start(const std::string& text, std::size_t same) {
  const auto word = word_start(text, same);
  return word <= 2 * context ? 0 : word_start(text, word - context);
}

std::string from(const std::string& text, std::size_t start, std::size_t width) {
  const auto part = text.substr(start, longest);
  return fitted((start == 0 ? "" : "…") + part, width);
}

/// A whole item says nothing that its name does not say.
bool is_whole_item(const Change& change) {
  return change.before.has_value() != change.after.has_value() && place_in_item(change).empty() &&
         !change.name.empty();
}

}  // namespace

BeforeAfter before_after(const Change& change, std::size_t width) {
  if (is_whole_item(change)) return {};
  const auto before = change.before ? shown(*change.before) : std::string();
  const auto after = change.after ? shown(*change.after) : std::string();
  if (!change.before || !change.after)
    return {.before = from(before, 0, width), .after = from(after, 0, width)};
  // Short enough to be read whole.
  if (std::max(display_width(before), display_width(after)) <= width)
    return {.before = before, .after = after};
  const auto end = std::ranges::mismatch(before, after).in1;
  const auto same = static_cast<std::size_t>(end - before.begin());
  const auto start = excerpt_start(before, same);
  return {.before = from(before, start, width), .after = from(after, start, width)};
}

}  // namespace cli

#include <algorithm>
#include <string>
#include <vector>

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
constexpr std::size_t longest_context = 36;
/// Shown texts are at most some lines long; what comes after this is never seen.
constexpr std::size_t longest = 1000;

/// An object on one line with its short members first: of a schema the type, not the description.
std::string short_members_first(const Value::Object& object) {
  std::vector<std::string> members;
  for (const auto& [name, value] : object)
    members.push_back(Value(name).text() + ":" + value.text());
  std::ranges::stable_sort(members, {}, &std::string::size);
  std::string text;
  for (const auto& member : members) text += (text.empty() ? "" : ",") + member;
  return "{" + text + "}";
}

/// A value on one line; a text without quotation marks.
std::string shown(const Value& value) {
  const bool is_text = value.is(mcp::schema::Type::string);
  return mcp::printable(is_text ? value.string() : value.text());
}

/// The same where there is nothing to compare it with.
std::string shown_alone(const Value& value) {
  if (!value.is(mcp::schema::Type::object)) return shown(value);
  return mcp::printable(short_members_first(value.object()));
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

/// Where an excerpt begins whose first difference is at `same`: some words before it, or, where
/// words are long, in the middle of one, so that the difference can be seen.
std::size_t excerpt_start(const std::string& text, std::size_t same, std::size_t width) {
  if (same <= std::max(context, std::min(2 * context, width / 2))) return 0;
  const auto word = word_start(text, same - context);
  if (same - word <= longest_context) return word;
  auto start = same - context;
  while (start < same && (static_cast<unsigned char>(text[start]) & 0xc0U) == 0x80) ++start;
  return start;
}

std::string from(const std::string& text, std::size_t start, std::size_t width) {
  const auto part = text.substr(start, longest);
  return fitted((start == 0 ? "" : "…") + part, width);
}

/// Where the text begins to hold what the sentence speaks of, as far as it quotes that.
std::size_t quoted_place(const std::string& text, const std::string& why) {
  std::size_t place = 0;
  for (auto open = why.find('"'); open != std::string::npos; open = why.find('"', open)) {
    const auto close = why.find('"', open + 1);
    if (close == std::string::npos) break;
    const auto found = text.find(mcp::printable(why.substr(open + 1, close - open - 1)));
    if (found != std::string::npos && close > open + 1) place = std::max(place, found);
    open = close + 1;
  }
  return place;
}

/// A text with nothing to compare it with: from its start, unless what matters is further on.
std::string alone(const Value& value, const std::string& why, std::size_t width) {
  const auto text = shown_alone(value);
  const bool is_text = value.is(mcp::schema::Type::string);
  const auto place = is_text ? quoted_place(text, why) : 0;
  return from(text, excerpt_start(text, place, width), width);
}

bool quotes(const std::string& why, const Value& value) {
  const auto text = value.text();
  return why.find(value.is(mcp::schema::Type::string) ? text : '"' + text + '"') !=
         std::string::npos;
}

/// The sentence has said it: a whole item, or texts that it quotes.
bool is_told(const Change& change) {
  const auto& before = change.before;
  const auto& after = change.after;
  if (before && after) {
    const bool texts = before->is(mcp::schema::Type::string) && after->is(before->type());
    return *before == *after ||
           (texts && quotes(change.why, *before) && quotes(change.why, *after));
  }
  if (place_in_item(change).empty() && !change.name.empty()) return true;
  const Value& only = before ? *before : *after;
  return only.is(mcp::schema::Type::boolean) || quotes(change.why, only);
}

}  // namespace

BeforeAfter before_after(const Change& change, std::size_t width) {
  if ((!change.before && !change.after) || is_told(change)) return {};
  if (!change.after) return {.before = alone(*change.before, change.why, width)};
  if (!change.before) return {.after = alone(*change.after, change.why, width)};
  const auto before = shown(*change.before);
  const auto after = shown(*change.after);
  // Short enough to be read whole.
  if (std::max(display_width(before), display_width(after)) <= width)
    return {.before = before, .after = after};
  const auto end = std::ranges::mismatch(before, after).in1;
  const auto same = static_cast<std::size_t>(end - before.begin());
  const auto start = excerpt_start(before, same, width);
  return {.before = from(before, start, width), .after = from(after, start, width)};
}

}  // namespace cli

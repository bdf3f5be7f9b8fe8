#include <algorithm>
#include <deque>
#include <utility>

#include "mcp/schema/languages.hpp"
#include "mcp/schema/value.hpp"

namespace mcp::schema {
namespace {

/// A search that has seen so many states gives up.
constexpr std::size_t most_states = 20'000;

/// Characters that read well in a witness, best first.
constexpr std::string_view plain_characters =
    "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ _-./:@#\n\t";

char32_t pleasant_member(const CharSet& set) {
  for (const char symbol : plain_characters) {
    if (set.contains(static_cast<char32_t>(symbol))) return static_cast<char32_t>(symbol);
  }
  for (const auto& range : set.ranges()) {
    if (range.last > 0x20) return std::max<char32_t>(range.first, 0x21);
  }
  return set.ranges().front().first;
}

/// Up to `count` of them, those that read well first.
std::u32string pleasant_members(const CharSet& set, std::size_t count) {
  std::u32string out;
  for (const char symbol : plain_characters) {
    if (out.size() < count && set.contains(static_cast<char32_t>(symbol))) {
      out += static_cast<char32_t>(symbol);
    }
  }
  for (const auto& range : set.ranges()) {
    for (auto point = range.first; point <= range.last && out.size() < count; ++point) {
      const bool plain =
          point < 0x80 && plain_characters.find(static_cast<char>(point)) != std::string_view::npos;
      if (!plain) out += point;
    }
  }
  return out;
}

}  // namespace

std::string Languages::text_of_literal(LanguageId id) const {
  std::u32string text;
  const auto first_point = [this](LanguageId part) {
    return set_of(expressions_[part]).ranges().front().first;
  };
  while (expressions_[id].kind == Kind::concat) {
    text += first_point(expressions_[id].parts[0]);
    id = expressions_[id].parts[1];
  }
  if (expressions_[id].kind == Kind::set) text += first_point(id);
  return to_utf8(text);
}

LanguageId Languages::derivative(LanguageId id, char32_t point) {
  const auto key = (static_cast<std::uint64_t>(id) << 32U) | point;
  const auto known = derivatives_.find(key);
  if (known != derivatives_.end()) return known->second;
  work(1);
  const auto derived = derive(id, point);
  derivatives_.emplace(key, derived);
  return derived;
}

LanguageId Languages::derive(LanguageId id, char32_t point) {
  if (exhausted_) return none;
  const auto expression = expressions_[id];
  switch (expression.kind) {
    case Kind::none:
    case Kind::empty:
    case Kind::opaque:
      return none;
    case Kind::set:
      return set_of(expression).contains(point) ? empty_text : none;
    case Kind::concat: {
      const auto rest = concat(derivative(expression.parts[0], point), expression.parts[1]);
      if (!nullable(expression.parts[0])) return rest;
      return unite({rest, derivative(expression.parts[1], point)});
    }
    case Kind::repeat: {
      const auto body = expression.parts.front();
      const auto least = expression.least == 0 ? 0 : expression.least - 1;
      const auto most = expression.most == unbounded ? unbounded : expression.most - 1;
      return concat(derivative(body, point), repeat(body, least, most));
    }
    case Kind::complement:
      return complement(derivative(expression.parts.front(), point));
    case Kind::unite:
    case Kind::intersect:
      return derive_parts(id, point);
  }
  std::unreachable();
}

LanguageId Languages::derive_parts(LanguageId id, char32_t point) {
  const auto expression = expressions_[id];
  std::vector<LanguageId> parts;
  parts.reserve(expression.parts.size());
  for (const auto part : expression.parts) parts.push_back(derivative(part, point));
  return expression.kind == Kind::unite ? unite(std::move(parts)) : intersect(std::move(parts));
}

std::optional<bool> Languages::run(LanguageId id, std::u32string_view text) {
  if (is_opaque(id)) return std::nullopt;
  for (const auto point : text) {
    if (id == none || id == any_text) break;
    id = derivative(id, point);
    if (exhausted_) return std::nullopt;
  }
  return nullable(id);
}

std::optional<bool> Languages::matches(LanguageId id, std::string_view utf8) {
  if (exhausted_) return std::nullopt;
  return run(id, code_points(utf8));
}

/// The sets that decide what the first character leads to.
const std::vector<std::uint32_t>& Languages::first_sets(LanguageId id) {
  const auto known = first_sets_.find(id);
  if (known != first_sets_.end()) return known->second;
  const auto expression = expressions_[id];
  std::vector<std::uint32_t> sets;
  if (expression.kind == Kind::set) sets.push_back(expression.least);
  for (const auto part : expression.parts) {
    const auto& inner = first_sets(part);
    sets.insert(sets.end(), inner.begin(), inner.end());
    if (expression.kind == Kind::concat && !nullable(part)) break;
  }
  work(sets.size());
  std::ranges::sort(sets);
  const auto rest = std::ranges::unique(sets);
  sets.erase(rest.begin(), rest.end());
  return first_sets_.emplace(id, std::move(sets)).first->second;
}

/// One step for each way in which a first character can matter.
std::vector<Languages::Step> Languages::steps(LanguageId id) {
  const auto sets = first_sets(id);
  std::vector<char32_t> borders = {0, 0xe000};
  for (const auto number : sets) {
    for (const auto& range : sets_[number].ranges()) {
      borders.push_back(range.first);
      borders.push_back(range.last + 1);
    }
  }
  std::ranges::sort(borders);
  std::map<std::vector<bool>, std::vector<CharSet::Range>> groups;
  for (std::size_t index = 0; index < borders.size(); ++index) {
    const auto first = borders[index];
    const auto after = index + 1 < borders.size() ? borders[index + 1] : 0x110000;
    if (first >= after) continue;
    if (!work(sets.size())) return {};
    std::vector<bool> inside;
    inside.reserve(sets.size());
    for (const auto number : sets) inside.push_back(sets_[number].contains(first));
    groups[std::move(inside)].push_back({first, after - 1});
  }
  std::vector<Step> out;
  for (auto& [inside, ranges] : groups) {
    auto members = CharSet(std::move(ranges)) & CharSet::all();
    if (members.empty()) continue;
    const auto point = pleasant_member(members);
    const auto target = derivative(id, point);
    if (target != none) out.push_back({point, target, std::move(members)});
  }
  std::ranges::sort(out, {}, [](const Step& step) {
    const auto place = step.point < 0x80 ? plain_characters.find(static_cast<char>(step.point))
                                         : std::string_view::npos;
    return std::pair{place, step.point};
  });
  return out;
}

Languages::Word Languages::shortest(LanguageId id) {
  if (id == none && !exhausted_) return {.answer = Answer::empty, .text = {}};
  if (exhausted_ || is_opaque(id)) return {};
  const auto known = shortest_.find(id);
  if (known != shortest_.end()) return known->second;
  auto word = search(id);
  shortest_.emplace(id, word);
  return word;
}

/// A repeated set of characters needs no search, only its length.
std::optional<Languages::Word> Languages::plain_repeat(LanguageId id) const {
  constexpr std::uint32_t longest = 2'000'000;
  const auto& expression = expressions_[id];
  if (expression.kind != Kind::repeat) return std::nullopt;
  const auto& body = expressions_[expression.parts.front()];
  if (body.kind != Kind::set) return std::nullopt;
  if (expression.least > longest) return Word{};
  const std::u32string text(expression.least, pleasant_member(set_of(body)));
  return Word{.answer = Answer::found, .text = to_utf8(text)};
}

Languages::Word Languages::search(LanguageId start) {
  if (auto word = plain_repeat(start)) return std::move(*word);
  struct Origin {
    LanguageId from;
    char32_t point;
  };
  std::unordered_map<LanguageId, Origin> seen = {{start, {start, 0}}};
  std::deque<LanguageId> waiting = {start};
  while (!waiting.empty()) {
    const auto id = waiting.front();
    waiting.pop_front();
    if (nullable(id)) {
      std::u32string text;
      for (auto at = id; at != start; at = seen.at(at).from) text += seen.at(at).point;
      std::ranges::reverse(text);
      return {.answer = Answer::found, .text = to_utf8(text)};
    }
    for (const auto& step : steps(id)) {
      if (seen.try_emplace(step.target, Origin{id, step.point}).second) {
        waiting.push_back(step.target);
      }
    }
    if (exhausted_ || seen.size() > most_states) return {};
  }
  return {.answer = Answer::empty, .text = {}};
}

std::optional<std::string> Languages::single_text(LanguageId id) const {
  if (!expressions_[id].literal) return std::nullopt;
  return text_of_literal(id);
}

Languages::Word Languages::random(LanguageId id, std::mt19937_64& generator) {
  constexpr std::size_t longest_walk = 12;
  std::u32string walked;
  const auto length = generator() % longest_walk;
  while (walked.size() < length && !is_opaque(id) && !exhausted_) {
    const auto ways = steps(id);
    if (ways.empty()) break;
    const auto& way = ways[generator() % ways.size()];
    if (shortest(way.target).answer != Answer::found) break;
    walked += way.point;
    id = way.target;
  }
  auto word = shortest(id);
  word.text.insert(0, to_utf8(walked));
  return word;
}

/// Takes the beginning as a text where it is one, and adds the ways that it goes on to `longer`.
/// False where that could not be found out.
bool Languages::go_on(const Beginning& each, std::size_t count, Words& words,
                      std::vector<Beginning>& longer) {
  const auto word = shortest(each.rest);
  if (word.answer == Answer::unknown) return false;
  if (word.answer == Answer::empty) return true;
  if (nullable(each.rest)) words.texts.push_back(to_utf8(each.text));
  if (longer.size() >= count) return true;
  for (const auto& step : steps(each.rest)) {
    for (const auto point : pleasant_members(step.points, count)) {
      longer.push_back({each.text + point, step.target});
    }
  }
  return !exhausted_;
}

/// Goes through the beginnings of texts, length by length. Each one leads to a text, so of one
/// length no more than `count` are needed.
Languages::Words Languages::some(LanguageId id, std::size_t count) {
  Words words;
  std::vector<Beginning> shorter = {{{}, id}};
  while (words.texts.size() < count) {
    std::vector<Beginning> longer;
    for (const auto& each : shorter) {
      if (!go_on(each, count, words, longer)) return words;
    }
    words.complete = longer.empty();
    if (longer.empty()) break;
    shorter = std::move(longer);
  }
  if (words.texts.size() > count) words.texts.resize(count);
  return words;
}

}  // namespace mcp::schema

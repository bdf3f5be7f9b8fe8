#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>

#include "probes/drift/schema_walk.hpp"

namespace probes::drift {

using mcp::schema::Decimal;
using mcp::schema::Type;
using mcp::schema::Value;

namespace {

using TypeNames = std::set<std::string>;

constexpr std::array all_types = {"array",  "boolean", "integer", "null",
                                  "number", "object",  "string"};

TypeNames types_of(const Value* type) {
  TypeNames out;
  if (type == nullptr) {
    out.insert(all_types.begin(), all_types.end());
  } else if (type->is(Type::string)) {
    out.insert(type->string());
  } else if (type->is(Type::array)) {
    for (const auto& each : type->array()) {
      if (each.is(Type::string)) out.insert(each.string());
    }
  }
  if (out.contains("number")) out.erase("integer");
  return out;
}

/// Of `one`, what `two` does not have.
TypeNames beyond(const TypeNames& one, const TypeNames& two) {
  TypeNames out;
  for (const auto& name : one) {
    const bool covered = two.contains(name) || (name == "integer" && two.contains("number"));
    if (!covered) out.insert(name);
  }
  return out;
}

std::string words_of(const TypeNames& types) {
  std::string out;
  std::size_t index = 0;
  for (const auto& name : types) {
    if (index > 0) out += index + 1 == types.size() ? " or " : ", ";
    ++index;
    out += type_words(name);
  }
  return out;
}

/// A number that only lost its fractions is still a number.
std::string lost_words(const TypeNames& lost, const TypeNames& kept) {
  if (lost == TypeNames{"number"} && kept.contains("integer")) return "a number that is no integer";
  return words_of(lost);
}

/// The order of a list of types means nothing.
std::optional<Value> sorted(std::optional<Value> types) {
  if (!types || !types->is(Type::array)) return types;
  auto names = types->array();
  std::ranges::sort(names);
  return Value(std::move(names));
}

struct Count {
  std::string_view keyword;
  std::string_view shrinks;
  std::string_view grows;
  std::string_view thing;
  bool least;
  std::string_view such;
};

constexpr std::array counts_table = {
    Count{"minLength", "min-length-increased", "min-length-decreased", "character", true,
          "with a shorter one"},
    Count{"maxLength", "max-length-decreased", "max-length-increased", "character", false,
          "with a longer one"},
    Count{"minItems", "min-items-increased", "min-items-decreased", "item", true,
          "with fewer items"},
    Count{"maxItems", "max-items-decreased", "max-items-increased", "item", false,
          "with more items"},
    Count{"minProperties", "min-properties-increased", "min-properties-decreased", "member", true,
          "with fewer members"},
    Count{"maxProperties", "max-properties-decreased", "max-properties-increased", "member", false,
          "with more members"},
    Count{"minContains", "min-contains-increased", "min-contains-decreased", "matching item", true,
          "with fewer of them"},
    Count{"maxContains", "max-contains-decreased", "max-contains-increased", "matching item", false,
          "with more of them"},
};

std::string counted(const Decimal& number, std::string_view thing) {
  return fmt::format("{} {}{}", number.text(), thing, number == Decimal(1) ? "" : "s");
}

std::optional<Decimal> number_in(const Value* value) {
  if (value == nullptr || !value->is(Type::number)) return std::nullopt;
  return value->number();
}

/// `before` and `after` are what the keyword says; one of them is there.
std::string count_fact(const std::string& subject, const Count& count,
                       const std::optional<Decimal>& before, const std::optional<Decimal>& after,
                       bool more) {
  const auto* const bound = count.least ? "at least" : "at most";
  if (!after) {
    return fmt::format("{} need no longer have {} {}", subject, bound,
                       counted(*before, count.thing));
  }
  const auto was = before ? fmt::format(" (before: {})", before->text()) : std::string();
  return fmt::format("{} {} have {} {}{}", subject, more ? "must now" : "need now only", bound,
                     counted(*after, count.thing), was);
}

}  // namespace

void SchemaWalk::values(const Pair& pair) {
  value_lists(pair);
  counts(pair);
  bound(pair, true);
  bound(pair, false);
  multiple(pair);
  unique(pair);
  pattern(pair);
  format(pair);
}

void SchemaWalk::types(const Pair& pair) {
  const auto older = types_of(pair.before("type"));
  const auto newer = types_of(pair.after("type"));
  const auto removed = beyond(older, newer);
  const auto added = beyond(newer, older);
  if (removed.empty() && added.empty()) return;
  const auto effect = added.empty()     ? Effect::shrinks
                      : removed.empty() ? Effect::grows
                                        : Effect::either;
  const auto subject = pair.place.subject();
  const bool was_free = pair.before("type") == nullptr;
  const bool is_free = pair.after("type") == nullptr;
  std::string fact;
  if (effect == Effect::grows && !is_free) {
    fact = fmt::format("{} may now also be {}", subject, lost_words(added, older));
  } else {
    fact = fmt::format("{} {} be {} (before: {})", subject, is_free ? "may now" : "must now",
                       is_free ? "of any type" : words_of(newer),
                       was_free ? "of any type" : words_of(older));
  }
  const bool free = input() ? was_free : is_free;
  const auto such = free ? std::string("another type")
                         : lost_words(input() ? removed : added, input() ? newer : older);
  auto candidate = keyword_edit(pair, "type");
  candidate.before = sorted(std::move(candidate.before));
  candidate.after = sorted(std::move(candidate.after));
  tell(candidate, pair.mixed, effect, {.shrinks = "type-narrowed", .grows = "type-widened"},
       {.fact = fact, .such = fmt::format("with {} there", such)});
  add(std::move(candidate));
}

void SchemaWalk::counts(const Pair& pair) {
  for (const auto& count : counts_table) {
    const bool of_contains = count.keyword.ends_with("Contains");
    if (of_contains && (!pair.before("contains") || !pair.after("contains"))) continue;
    auto before = number_in(pair.before(count.keyword));
    auto after = number_in(pair.after(count.keyword));
    if (before == after) continue;
    const Decimal none(of_contains ? 1 : 0);
    if (count.least && before.value_or(none) == after.value_or(none)) continue;
    const bool more = count.least ? after.value_or(none) > before.value_or(none)
                                  : !before || (after && *after < *before);
    whole_keyword(pair, count.keyword, more ? Effect::shrinks : Effect::grows,
                  {.shrinks = count.shrinks, .grows = count.grows},
                  {.fact = count_fact(pair.place.subject(), count, before, after, more),
                   .such = std::string(count.such)});
  }
}

void SchemaWalk::multiple(const Pair& pair) {
  const auto before = number_in(pair.before("multipleOf"));
  const auto after = number_in(pair.after("multipleOf"));
  if (before == after) return;
  auto effect = Effect::either;
  if (!before || (after && is_multiple(*after, *before))) {
    effect = Effect::shrinks;
  } else if (!after || is_multiple(*before, *after)) {
    effect = Effect::grows;
  }
  const auto subject = pair.place.subject();
  const auto fact =
      !after    ? fmt::format("{} need no longer be a multiple of {}", subject, before->text())
      : !before ? fmt::format("{} must now be a multiple of {}", subject, after->text())
                : fmt::format("{} {} be a multiple of {} (before: of {})", subject,
                              effect == Effect::grows ? "need now only" : "must now", after->text(),
                              before->text());
  whole_keyword(pair, "multipleOf", effect,
                {.shrinks = "multiple-of-tightened", .grows = "multiple-of-loosened"},
                {.fact = fact, .such = "with a number between two multiples"});
}

void SchemaWalk::unique(const Pair& pair) {
  const auto set = [](const Value* value) {
    return value != nullptr && value->is(Type::boolean) && value->boolean();
  };
  const bool before = set(pair.before("uniqueItems"));
  const bool after = set(pair.after("uniqueItems"));
  if (before == after) return;
  whole_keyword(pair, "uniqueItems", after ? Effect::shrinks : Effect::grows,
                {.shrinks = "unique-items-enabled", .grows = "unique-items-disabled"},
                {.fact = fmt::format(
                     "{} {}", pair.place.subject(),
                     after ? "must no longer hold an item twice" : "may now hold an item twice"),
                 .such = "with two equal items"});
}

void SchemaWalk::pattern(const Pair& pair) {
  const auto* before = pair.before("pattern");
  const auto* after = pair.after("pattern");
  if (before == nullptr && after == nullptr) return;
  const auto subject = pair.place.subject();
  if (before != nullptr && after != nullptr) {
    if (*before == *after) return;
    auto candidate = keyword_edit(pair, "pattern");
    tell(candidate, pair.mixed, Effect::either,
         {.shrinks = "pattern-tightened", .grows = "pattern-loosened"},
         {.fact = fmt::format("{} is now held to the pattern {} instead of {}", subject,
                              shown(*after), shown(*before)),
          .such = "with a string like the one shown"});
    candidate.undecided.rule = rule("pattern-changed");
    add(std::move(candidate));
    return;
  }
  const auto fact =
      after != nullptr
          ? fmt::format("{} must now match the pattern {}", subject, shown(*after))
          : fmt::format("{} need no longer match the pattern {}", subject, shown(*before));
  whole_keyword(pair, "pattern", after != nullptr ? Effect::shrinks : Effect::grows,
                {.shrinks = "pattern-added", .grows = "pattern-removed"},
                {.fact = fact, .such = "with a string that does not match"});
}

}  // namespace probes::drift

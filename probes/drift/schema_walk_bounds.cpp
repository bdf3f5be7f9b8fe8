#include <fmt/format.h>

#include <optional>

#include "probes/drift/schema_walk.hpp"

namespace probes::drift {

using mcp::schema::Decimal;
using mcp::schema::Type;
using mcp::schema::Value;

namespace {

/// The bound that `minimum` and `exclusiveMinimum` (or those of the other end) make together.
struct Bound {
  Decimal number;
  bool exclusive = false;
  friend bool operator==(const Bound&, const Bound&) = default;
};

struct End {
  bool lower;
  std::string_view plain;
  std::string_view exclusive;
};
constexpr End lower_end{true, "minimum", "exclusiveMinimum"};
constexpr End upper_end{false, "maximum", "exclusiveMaximum"};

bool stricter(const Bound& one, const Bound& two, const End& end) {
  if (one.number != two.number) {
    return end.lower ? one.number > two.number : one.number < two.number;
  }
  return one.exclusive && !two.exclusive;
}

std::optional<Bound> bound_of(const Value& schema, const End& end) {
  std::optional<Bound> out;
  const auto* plain = schema.find(end.plain);
  const auto* exclusive = schema.find(end.exclusive);
  if (plain != nullptr && plain->is(Type::number)) out = Bound{plain->number()};
  if (exclusive == nullptr) return out;
  // Draft-04: a flag that sharpens the bound beside it.
  if (exclusive->is(Type::boolean) && out) out->exclusive = exclusive->boolean();
  if (!exclusive->is(Type::number)) return out;
  const Bound other{exclusive->number(), true};
  return !out || stricter(other, *out, end) ? other : out;
}

bool integers_only(const Value& schema) {
  const auto* type = schema.find("type");
  return type != nullptr && *type == Value(std::string("integer"));
}

/// For integers, > 0 is ≥ 1.
Bound whole(const Bound& bound, const End& end) {
  const Decimal one(1);
  const auto floor = floor_quotient(bound.number, one);
  if (end.lower) {
    const bool up = bound.exclusive || !bound.number.is_integer();
    return {up ? floor + one : bound.number, false};
  }
  const bool down = bound.exclusive && bound.number.is_integer();
  return {down ? bound.number - one : floor, false};
}

std::string words(const Bound& bound, const End& end) {
  const auto* relation = end.lower ? (bound.exclusive ? "more than" : "at least")
                                   : (bound.exclusive ? "less than" : "at most");
  return fmt::format("{} {}", relation, bound.number.text());
}

/// Which numbers the bound keeps out.
std::string beyond(const std::optional<Bound>& bound, const End& end) {
  if (!bound) return "with another number";
  const auto number = bound->number.text();
  if (bound->exclusive) return fmt::format("with {} or {}", number, end.lower ? "less" : "more");
  return fmt::format("with {} than {}", end.lower ? "less" : "more", number);
}

std::string fact_of(const std::string& subject, const std::optional<Bound>& before,
                    const std::optional<Bound>& after, const End& end, bool shrinks) {
  if (!after) return fmt::format("{} need no longer be {}", subject, words(*before, end));
  const auto was = before ? fmt::format(" (before: {})", words(*before, end)) : std::string();
  return fmt::format("{} {} be {}{}", subject, shrinks ? "must now" : "need now only",
                     words(*after, end), was);
}

}  // namespace

void SchemaWalk::bound(const Pair& pair, bool lower) {
  const auto& end = lower ? lower_end : upper_end;
  auto before = bound_of(*pair.older.value, end);
  auto after = bound_of(*pair.newer.value, end);
  const bool integers = integers_only(*pair.older.value) && integers_only(*pair.newer.value);
  if (integers && before && after && whole(*before, end) == whole(*after, end)) return;
  if (before == after) return;
  const bool shrinks = !before || (after && stricter(*after, *before, end));
  const auto& telling = after ? *after : *before;
  const bool exclusive = telling.exclusive;
  auto candidate = keyword_edit(pair, end.plain);
  const auto& owner = after ? pair.newer : pair.older;
  const auto flag = owner.value->find(end.exclusive);
  const bool named = exclusive && flag != nullptr && flag->is(Type::number);
  candidate.pointer = pointer_of(owner.path / (named ? end.exclusive : end.plain));
  const auto other = keyword_edit(pair, end.exclusive);
  candidate.forward.push_back(other.forward.front());
  candidate.backward.push_back(other.backward.front());
  candidate.before = before ? std::optional(Value(before->number)) : std::nullopt;
  candidate.after = after ? std::optional(Value(after->number)) : std::nullopt;
  const auto stem = fmt::format("{}{}", exclusive ? "exclusive-" : "", end.plain);
  const auto shrinking = stem + (lower ? "-increased" : "-decreased");
  const auto growing = stem + (lower ? "-decreased" : "-increased");
  tell(candidate, pair.mixed, shrinks ? Effect::shrinks : Effect::grows,
       {.shrinks = shrinking, .grows = growing},
       {.fact = fact_of(pair.place.subject(), before, after, end, shrinks),
        .such = beyond(input() ? after : before, end)});
  add(std::move(candidate));
}

}  // namespace probes::drift

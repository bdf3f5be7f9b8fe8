#include <fmt/format.h>

#include <algorithm>

#include "probes/drift/schema_branches.hpp"
#include "probes/drift/schema_walk.hpp"

namespace probes::drift {

using mcp::schema::Type;
using mcp::schema::Value;

namespace {

bool is_list(const Value* value) {
  return value != nullptr && value->is(Type::array);
}

/// No list of branches is empty; one that nothing fits stands for it.
Value list_of(Value::Array branches, std::string_view keyword) {
  if (branches.empty()) branches.emplace_back(keyword == "allOf");
  return Value(std::move(branches));
}

Value without(const Value& list, std::size_t index, std::string_view keyword) {
  auto branches = list.array();
  branches.erase(branches.begin() + static_cast<std::ptrdiff_t>(index));
  return list_of(std::move(branches), keyword);
}

Value with(const Value& list, const Value& branch) {
  auto branches = list.array();
  branches.push_back(branch);
  return Value(std::move(branches));
}

}  // namespace

void SchemaWalk::applied(const Pair& pair) {
  for (const auto* const keyword : {"allOf", "anyOf", "oneOf"}) branches(pair, keyword);
  property_names(pair);
  negation(pair);
  conditional(pair);
  references(pair);
}

void SchemaWalk::branches(const Pair& pair, std::string_view keyword) {
  const auto* before = pair.before(keyword);
  const auto* after = pair.after(keyword);
  if (!is_list(before) && !is_list(after)) return;
  if (!is_list(before) || !is_list(after)) return branch_list(pair, keyword);
  const auto match = match_branches(before->array(), after->array());
  const bool mixed = pair.mixed || keyword == "oneOf";
  for (const auto& [old_index, new_index] : match.same) {
    descend(pair, {std::string(keyword), std::to_string(old_index)},
            {std::string(keyword), std::to_string(new_index)}, pair.place, mixed);
  }
  for (const auto index : match.removed) {
    if (!stop()) branch(pair, keyword, index, false);
  }
  for (const auto index : match.added) {
    if (!stop()) branch(pair, keyword, index, true);
  }
}

/// The keyword came or went as a whole.
void SchemaWalk::branch_list(const Pair& pair, std::string_view keyword) {
  const bool added = pair.after(keyword) != nullptr;
  const auto& list = added ? *pair.after(keyword) : *pair.before(keyword);
  const bool all = keyword == "allOf";
  const auto* each = all                  ? "all of these"
                     : keyword == "anyOf" ? "one of these"
                                          : "exactly one of these";
  const auto fact =
      fmt::format("{} {} fit {}: {}", pair.place.subject(), added ? "must now" : "need no longer",
                  each, describe_branches(list));
  const auto names = all ? Names{"all-of-branch-added", "all-of-branch-removed"} : Names{};
  whole_keyword(pair, keyword, added ? Effect::shrinks : Effect::grows, names,
                {.fact = fact, .such = "that do not"});
}

void SchemaWalk::branch(const Pair& pair, std::string_view keyword, std::size_t index, bool added) {
  const auto& before = *pair.before(keyword);
  const auto& after = *pair.after(keyword);
  const auto& owner = added ? pair.newer : pair.older;
  const auto& value = (added ? after : before).array()[index];
  Candidate candidate;
  candidate.pointer = pointer_of(owner.path / keyword / std::to_string(index));
  (added ? candidate.after : candidate.before) = value;
  const auto forward = added ? with(before, newer_.lent(value)) : without(before, index, keyword);
  const auto backward = added ? without(after, index, keyword) : with(after, older_.lent(value));
  candidate.forward = {{pair.older.path / keyword, forward}};
  candidate.backward = {{pair.newer.path / keyword, backward}};
  const auto subject = pair.place.subject();
  if (keyword == "allOf") {
    tell(candidate, pair.mixed, added ? Effect::shrinks : Effect::grows,
         {.shrinks = "all-of-branch-added", .grows = "all-of-branch-removed"},
         {.fact = fmt::format("{} {} {}", subject, added ? "must now also" : "need no longer",
                              demand(value)),
          .such = "that do not"});
    return add(std::move(candidate));
  }
  const bool any = keyword == "anyOf";
  const Names names = any ? Names{"any-of-branch-removed", "any-of-branch-added"}
                          : Names{"one-of-branch-removed", "one-of-branch-added"};
  const auto fact =
      fmt::format("{} {} {}", subject, added ? "may now also" : "may no longer", demand(value));
  // One more alternative of oneOf takes the values that fit another one too.
  tell(candidate, pair.mixed || !any, added ? Effect::grows : Effect::shrinks, names,
       {.fact = fact, .such = "that fit only that"});
  add(std::move(candidate));
}

void SchemaWalk::negation(const Pair& pair) {
  const auto* before = pair.before("not");
  const auto* after = pair.after("not");
  if (before == nullptr && after == nullptr) return;
  if (before != nullptr && after != nullptr && *before == *after) return;
  const auto effect = before == nullptr  ? Effect::shrinks
                      : after == nullptr ? Effect::grows
                                         : Effect::either;
  const auto fact = after != nullptr
                        ? fmt::format("{} must not fit {}", pair.place.subject(), shown(*after))
                        : fmt::format("{} may now fit {}", pair.place.subject(), shown(*before));
  whole_keyword(pair, "not", effect, {.shrinks = "not-widened", .grows = "not-narrowed"},
                {.fact = fact, .such = "that do"});
}

void SchemaWalk::conditional(const Pair& pair) {
  const auto differs = [&pair](std::string_view keyword) {
    const auto* before = pair.before(keyword);
    const auto* after = pair.after(keyword);
    return before == nullptr || after == nullptr ? before != after : *before != *after;
  };
  const auto noun = pair.place.noun();
  if (differs("if")) {
    auto candidate = keyword_edit(pair, "if");
    for (const auto* const keyword : {"then", "else"}) {
      const auto edit = keyword_edit(pair, keyword);
      candidate.forward.push_back(edit.forward.front());
      candidate.backward.push_back(edit.backward.front());
    }
    tell(candidate, pair.mixed, Effect::either, {},
         {.fact = fmt::format("Another condition (if) decides what {} must fit", noun),
          .such = "like the one shown"});
    candidate.undecided.rule = rule("if-changed");
    return add(std::move(candidate));
  }
  if (pair.before("if") == nullptr) return;
  for (const auto* const keyword : {"then", "else"}) {
    if (!differs(keyword)) continue;
    const auto tight = fmt::format("{}-tightened", keyword);
    const auto loose = fmt::format("{}-loosened", keyword);
    const auto fact = fmt::format("Where the condition (if) {}, something else is asked of {}",
                                  std::string_view(keyword) == "then" ? "holds" : "fails", noun);
    whole_keyword(pair, keyword, Effect::either, {.shrinks = tight, .grows = loose},
                  {.fact = fact, .such = "like the one shown"});
  }
}

/// A $ref that has other keywords beside it, or leads out of what can be taken apart.
void SchemaWalk::references(const Pair& pair) {
  const auto* before = pair.before("$ref");
  const auto* after = pair.after("$ref");
  if (before == nullptr && after == nullptr) return;
  if (before != nullptr && after != nullptr) {
    auto older = older_.target_of(*pair.older.value);
    auto newer = newer_.target_of(*pair.newer.value);
    if (older && newer) {
      return visit({.older = std::move(*older),
                    .newer = std::move(*newer),
                    .place = pair.place,
                    .mixed = pair.mixed});
    }
    if (*before == *after) return;
  }
  const auto effect = before == nullptr  ? Effect::shrinks
                      : after == nullptr ? Effect::grows
                                         : Effect::either;
  const auto fact =
      after != nullptr
          ? fmt::format("{} must now also fit {}", pair.place.subject(), shown(*after))
          : fmt::format("{} need no longer fit {}", pair.place.subject(), shown(*before));
  whole_keyword(pair, "$ref", effect, {}, {.fact = fact, .such = "that do not"});
}

}  // namespace probes::drift

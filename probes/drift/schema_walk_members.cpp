#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "probes/drift/schema_branches.hpp"
#include "probes/drift/schema_names.hpp"
#include "probes/drift/schema_walk.hpp"

namespace probes::drift {

using mcp::schema::Type;
using mcp::schema::Value;

namespace {

enum class Openness { open, schema, closed };

Openness openness(const Value* value) {
  if (value == nullptr) return Openness::open;
  if (value->is(Type::boolean)) return value->boolean() ? Openness::open : Openness::closed;
  return value->is(Type::object) && value->object().empty() ? Openness::open : Openness::schema;
}

Effect effect_between(Openness before, Openness after) {
  if (before == after) return Effect::either;
  return after > before ? Effect::shrinks : Effect::grows;
}

std::string listed(const NameSet& names) {
  Value::Array values;
  for (const auto& name : names) values.emplace_back(name);
  return shown_list(values);
}

NameSet without(const NameSet& from, const NameSet& taken) {
  NameSet out;
  std::ranges::set_difference(from, taken, std::inserter(out, out.end()));
  return out;
}

Effect effect_of(bool lost, bool gained) {
  return lost && gained ? Effect::either : gained ? Effect::shrinks : Effect::grows;
}

}  // namespace

void SchemaWalk::further_members(const Pair& pair, std::string_view keyword) {
  const auto before = openness(pair.before(keyword));
  const auto after = openness(pair.after(keyword));
  const bool plain = keyword == "additionalProperties";
  if (before == after && before != Openness::schema) return;
  if (before == after && plain) {
    const Path way = {std::string(keyword)};
    return descend(pair, way, way, pair.place.further_member(), pair.mixed);
  }
  if (before == after && *pair.before(keyword) == *pair.after(keyword)) return;
  const bool closed = before == Openness::closed || after == Openness::closed;
  Names names{.shrinks = "unevaluated-properties-closed", .grows = "unevaluated-properties-opened"};
  if (plain && closed) names = {"additional-properties-closed", "additional-properties-opened"};
  if (plain && !closed) names = {"additional-properties-narrowed", "additional-properties-widened"};
  const auto effect = effect_between(before, after);
  std::string fact;
  if (closed) {
    fact = fmt::format("{} {} have other members than the named ones", pair.place.subject(),
                       after == Openness::closed ? "may no longer" : "may now");
  } else {
    fact = fmt::format("Members of {} that are not named {}", pair.place.noun(),
                       after == Openness::open ? "may now be anything"
                                               : "must now " + demand(*pair.after(keyword)));
  }
  whole_keyword(pair, keyword, effect, names, {.fact = fact, .such = "with another member"});
}

void SchemaWalk::pattern_properties(const Pair& pair) {
  const auto before = keys_of(pair.before("patternProperties"));
  const auto after = keys_of(pair.after("patternProperties"));
  auto all = before;
  all.insert(after.begin(), after.end());
  for (const auto& pattern : all) {
    if (stop()) break;
    const Path way = {"patternProperties", pattern};
    if (before.contains(pattern) && after.contains(pattern)) {
      descend(pair, way, way, pair.place.member_like(pattern), pair.mixed);
      continue;
    }
    const bool added = after.contains(pattern);
    auto candidate = member_edit(pair, "patternProperties", pattern);
    // In a closed object a new pattern lets members in, so the look of it decides nothing.
    const auto fact =
        fmt::format("Members of {} whose names match {} {}", pair.place.noun(), shown_name(pattern),
                    added ? "must now " + demand(*candidate.after)
                          : "need no longer " + demand(*candidate.before));
    tell(candidate, true, added ? Effect::shrinks : Effect::grows,
         {.shrinks = "pattern-properties-added", .grows = "pattern-properties-removed"},
         {.fact = fact, .such = "with such a member"});
    add(std::move(candidate));
  }
}

void SchemaWalk::dependents(const Pair& pair) {
  dependent_names(pair, "dependentRequired");
  dependent_names(pair, "dependencies");
  dependent_schemas(pair, "dependentSchemas");
  dependent_schemas(pair, "dependencies");
}

void SchemaWalk::dependent_names(const Pair& pair, std::string_view keyword) {
  auto triggers = keys_of(pair.before(keyword));
  triggers.merge(keys_of(pair.after(keyword)));
  for (const auto& trigger : triggers) {
    if (stop()) break;
    const auto find = [&](const Value* map) {
      return map == nullptr ? nullptr : map->find(trigger);
    };
    const auto* old_list = find(pair.before(keyword));
    const auto* new_list = find(pair.after(keyword));
    const auto before = names_in(old_list);
    const auto after = names_in(new_list);
    const auto gained = without(after, before);
    const auto lost = without(before, after);
    if (gained.empty() && lost.empty()) continue;
    Candidate candidate;
    const auto& owner = new_list != nullptr ? pair.newer : pair.older;
    candidate.pointer = pointer_of(owner.path / keyword / trigger);
    if (old_list != nullptr) candidate.before = array_of(before);
    if (new_list != nullptr) candidate.after = array_of(after);
    candidate.forward = {{pair.older.path / keyword / trigger, candidate.after}};
    candidate.backward = {{pair.newer.path / keyword / trigger, candidate.before}};
    const auto fact = gained.empty()
                          ? fmt::format("Where {} has {}, {} need no longer be there",
                                        pair.place.noun(), shown_name(trigger), listed(lost))
                          : fmt::format("Where {} has {}, it must now have {} as well",
                                        pair.place.noun(), shown_name(trigger), listed(gained));
    tell(candidate, pair.mixed, effect_of(!lost.empty(), !gained.empty()),
         {.shrinks = "dependent-required-added", .grows = "dependent-required-removed"},
         {.fact = fact, .such = fmt::format("with {} alone", shown_name(trigger))});
    add(std::move(candidate));
  }
}

void SchemaWalk::dependent_schemas(const Pair& pair, std::string_view keyword) {
  auto triggers = keys_of(pair.before(keyword));
  triggers.merge(keys_of(pair.after(keyword)));
  for (const auto& trigger : triggers) {
    if (stop()) break;
    auto candidate = member_edit(pair, keyword, trigger);
    if (candidate.before == candidate.after) continue;
    const auto is_schema = [](const std::optional<Value>& value) {
      return value && !value->is(Type::array);
    };
    // In `dependencies` an array of names is the business of dependent_names.
    if (!is_schema(candidate.before) && !is_schema(candidate.after)) continue;
    const auto effect = !candidate.before  ? Effect::shrinks
                        : !candidate.after ? Effect::grows
                                           : Effect::either;
    const auto fact = fmt::format("What is asked of {} where it has {} is different now",
                                  pair.place.noun(), shown_name(trigger));
    tell(candidate, pair.mixed, effect,
         {.shrinks = "dependent-schema-tightened", .grows = "dependent-schema-loosened"},
         {.fact = fact, .such = "like the one shown"});
    add(std::move(candidate));
  }
}

void SchemaWalk::property_names(const Pair& pair) {
  const auto* before = pair.before("propertyNames");
  const auto* after = pair.after("propertyNames");
  if (openness(before) == openness(after) && (before == nullptr || after == nullptr)) return;
  if (before != nullptr && after != nullptr && *before == *after) return;
  const auto effect = before == nullptr  ? Effect::shrinks
                      : after == nullptr ? Effect::grows
                                         : Effect::either;
  const auto clause = after == nullptr    ? "need no longer fit " + shown(*before)
                      : before == nullptr ? "must now fit " + shown(*after)
                                          : fmt::format("must now fit {} instead of {}",
                                                        shown(*after), shown(*before));
  whole_keyword(
      pair, "propertyNames", effect,
      {.shrinks = "property-names-tightened", .grows = "property-names-loosened"},
      {.fact = fmt::format("The names of the members of {} {}", pair.place.noun(), clause),
       .such = "with a name that does not fit"});
}

}  // namespace probes::drift

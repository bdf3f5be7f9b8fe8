#include <fmt/format.h>

#include <algorithm>

#include "probes/drift/schema_branches.hpp"
#include "probes/drift/schema_names.hpp"
#include "probes/drift/schema_walk.hpp"

namespace probes::drift {

using mcp::schema::Value;

namespace {

constexpr int deepest_alternative = 8;

/// Whether the schema speaks of the property, itself or in one of its alternatives.
bool names_property(const SchemaDocument& document, const Spot& spot, const std::string& name,
                    int depth) {
  const auto target = document.resolve(spot).back();
  const auto* properties = target.value->find("properties");
  if (properties != nullptr && properties->find(name) != nullptr) return true;
  if (depth == 0) return false;
  for (const auto* const keyword : {"anyOf", "oneOf", "allOf"}) {
    const auto* branches = target.value->find(keyword);
    if (branches == nullptr || !branches->is(mcp::schema::Type::array)) continue;
    for (std::size_t index = 0; index < branches->array().size(); ++index) {
      const Spot branch{&branches->array()[index], target.path / keyword / std::to_string(index)};
      if (names_property(document, branch, name, depth - 1)) return true;
    }
  }
  return false;
}

/// `stays`: both versions describe the property.
std::string_view requirement(bool added, bool stays, bool input) {
  if (added) return stays ? "is now required" : "is new and required";
  if (input) return stays ? "is now optional" : "is no longer required";
  return stays ? "may now be missing" : "is gone";
}

}  // namespace

void SchemaWalk::object(const Pair& pair) {
  properties(pair);
  required(pair);
  further_members(pair, "additionalProperties");
  further_members(pair, "unevaluatedProperties");
  pattern_properties(pair);
  dependents(pair);
}

void SchemaWalk::properties(const Pair& pair) {
  const auto before = keys_of(pair.before("properties"));
  const auto after = keys_of(pair.after("properties"));
  const auto renames = renamed_properties(pair.before("properties"), pair.after("properties"));
  for (const auto& name : before) {
    if (stop()) break;
    const Path way = {"properties", name};
    if (after.contains(name)) {
      descend(pair, way, way, pair.place.member(name), pair.mixed);
      continue;
    }
    const auto renamed = renames.find(name);
    const auto to = renamed == renames.end() ? std::string() : renamed->second;
    property_removed(pair, name, to);
    if (!to.empty()) property_renamed(pair, name, to);
  }
  for (const auto& name : after) {
    if (stop()) break;
    if (!before.contains(name)) property_added(pair, name);
  }
}

/// A property that one version does not have is, there, held to what that version asks of further
/// members; so the edit says the same whether or not the object was closed or opened beside it.
Candidate SchemaWalk::property_edit(const Pair& pair, const std::string& name) const {
  auto candidate = member_edit(pair, "properties", name);
  const auto further = [](const SchemaDocument& document,
                          const Spot& spot) -> std::optional<Value> {
    if (spot.value->find("unevaluatedProperties") != nullptr) return std::nullopt;
    const auto* additional = spot.value->find("additionalProperties");
    return additional == nullptr ? Value(true) : document.lent(*additional);
  };
  if (!candidate.after) candidate.forward.front().value = further(newer_, pair.newer);
  if (!candidate.before) candidate.backward.front().value = further(older_, pair.older);
  return candidate;
}

/// Lets the edits also move a name into or out of `required`, as in the other version.
void SchemaWalk::also_required(Candidate& candidate, const Pair& pair,
                               const std::string& name) const {
  const auto before = names_in(pair.before("required"));
  const auto after = names_in(pair.after("required"));
  if (before.contains(name) == after.contains(name)) return;
  auto forward = before;
  auto backward = after;
  if (after.contains(name)) {
    forward.insert(name);
    backward.erase(name);
  } else {
    forward.erase(name);
    backward.insert(name);
  }
  candidate.forward.push_back({pair.older.path / "required", array_of(forward)});
  candidate.backward.push_back({pair.newer.path / "required", array_of(backward)});
}

void SchemaWalk::property_added(const Pair& pair, const std::string& name) {
  if (names_in(pair.after("required")).contains(name)) return;  // told by required_name
  auto candidate = property_edit(pair, name);
  candidate.always = true;
  const auto place = pair.place.member(name);
  if (input()) {
    candidate.breaking = {
        rule("property-added-open"),
        fmt::format("{} is new and must {}; the older schema let anything pass under that name, so "
                    "calls with another value there are refused.",
                    place.subject(), demand(*candidate.after))};
    candidate.harmless = {rule("optional-property-added"),
                          fmt::format("{} is new; calls may leave it out.", place.subject())};
  } else {
    candidate.breaking = {rule("property-added-closed"),
                          fmt::format("{} is new, and the older schema does not let such a member "
                                      "in; clients that know it reject results with it.",
                                      place.subject())};
    candidate.harmless = {
        rule("optional-property-added"),
        fmt::format("{} is new; the older schema lets it pass.", place.subject())};
  }
  add(std::move(candidate));
}

void SchemaWalk::property_removed(const Pair& pair, const std::string& name,
                                  const std::string& renamed_to) {
  const bool was_required = names_in(pair.before("required")).contains(name);
  const bool is_required = names_in(pair.after("required")).contains(name);
  if (!input() && was_required && !is_required) return;  // told by required_name
  auto candidate = property_edit(pair, name);
  also_required(candidate, pair, name);
  candidate.always = true;
  // It moved into an alternative, so that nothing is gone; what that may break is told all the
  // same.
  candidate.extra = names_property(newer_, pair.newer, name, deepest_alternative);
  const auto subject = pair.place.member(name).subject();
  const auto hint = renamed_to.empty()
                        ? std::string()
                        : fmt::format(" It looks like a rename to {}.", shown_name(renamed_to));
  if (input()) {
    candidate.breaking = {rule("property-removed-closed"),
                          fmt::format("{} is gone, and no other member is let in under its name; "
                                      "calls that still send it are refused.{}",
                                      subject, hint)};
    candidate.harmless = {rule("property-removed"),
                          fmt::format("{} is gone; calls that still send it are valid, but the "
                                      "server may ignore it.{}",
                                      subject, hint)};
  } else {
    candidate.breaking = {
        rule("property-removed-open"),
        fmt::format("{} is no longer described, but the older schema says that it must {}; clients "
                    "that know it reject results with another value there.{}",
                    subject, demand(*candidate.before), hint)};
    candidate.harmless = {
        rule("optional-property-removed"),
        fmt::format("{} is gone from the schema; clients that read it may miss it.{}", subject,
                    hint)};
  }
  add(std::move(candidate));
}

/// On top of the removal and the addition: both at once.
void SchemaWalk::property_renamed(const Pair& pair, const std::string& from,
                                  const std::string& to) {
  if (!input()) return;
  auto candidate = property_edit(pair, from);
  const auto addition = property_edit(pair, to);
  candidate.pointer = addition.pointer;
  candidate.forward.push_back(addition.forward.front());
  candidate.backward.push_back(addition.backward.front());
  const auto before = names_in(pair.before("required"));
  const auto after = names_in(pair.after("required"));
  if (before.contains(from) && after.contains(to)) {
    auto forward = before;
    forward.erase(from);
    forward.insert(to);
    auto backward = after;
    backward.erase(to);
    backward.insert(from);
    candidate.forward.push_back({pair.older.path / "required", array_of(forward)});
    candidate.backward.push_back({pair.newer.path / "required", array_of(backward)});
  }
  candidate.before = Value(from);
  candidate.after = Value(to);
  candidate.extra = true;
  candidate.breaking = {rule("property-renamed"),
                        fmt::format("{} looks renamed to {} (a guess from names, texts and "
                                    "schemas); calls with the old name are refused.",
                                    pair.place.member(from).subject(), shown_name(to))};
  add(std::move(candidate));
}

void SchemaWalk::required(const Pair& pair) {
  const auto before = names_in(pair.before("required"));
  const auto after = names_in(pair.after("required"));
  for (const auto& name : after) {
    if (stop()) break;
    if (!before.contains(name)) required_name(pair, name, true);
  }
  for (const auto& name : before) {
    if (stop()) break;
    if (!after.contains(name)) required_name(pair, name, false);
  }
}

void SchemaWalk::required_name(const Pair& pair, const std::string& name, bool added) {
  const bool described_before = keys_of(pair.before("properties")).contains(name);
  const bool described_after = keys_of(pair.after("properties")).contains(name);
  const bool removed = described_before && !described_after;
  if (!added && removed && input()) return;  // told by property_removed
  auto candidate = property_edit(pair, name);
  if (described_before && described_after) {
    candidate.forward.clear();
    candidate.backward.clear();
  }
  also_required(candidate, pair, name);
  const auto& owner = added ? pair.newer : pair.older;
  const bool described = described_before || described_after;
  if (!described) candidate.pointer = pointer_of(owner.path / "required");
  candidate.before = added ? std::nullopt : std::optional(Value(name));
  candidate.after = added ? std::optional(Value(name)) : std::nullopt;
  const bool stays = described_before == described_after && described;
  const auto place = pair.place.member(name);
  const auto fact = fmt::format("{} {}", place.subject(), requirement(added, stays, input()));
  const Names names = stays ? Names{"property-became-required", "property-became-optional"}
                            : Names{"required-property-added", "required-property-removed"};
  const bool comes_or_goes = described_before != described_after;
  tell(candidate, pair.mixed, added ? Effect::shrinks : Effect::grows, names,
       {.fact = fact, .such = "without it"});
  if (added && comes_or_goes && !input()) {
    candidate.effect = Effect::either;
    candidate.breaking = {rule("property-added-closed"),
                          fmt::format("{} is new, and the older schema does not let such a member "
                                      "in; clients that know it reject results with it.",
                                      place.subject())};
  }
  add(std::move(candidate));
}

}  // namespace probes::drift

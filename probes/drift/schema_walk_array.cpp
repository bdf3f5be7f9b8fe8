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

/// What says something about single positions: prefixItems, or items with an array.
const Value* prefix(const Value* prefix_items, const Value* items) {
  if (is_list(prefix_items)) return prefix_items;
  return is_list(items) ? items : nullptr;
}

}  // namespace

void SchemaWalk::array(const Pair& pair) {
  const bool lists = is_list(pair.before("items")) || is_list(pair.after("items"));
  prefix_items(pair, lists ? "items" : "prefixItems");
  if (lists) {
    items(pair, "additionalItems");
  } else {
    items(pair, "items");
  }
  contains(pair);
  unevaluated_items(pair);
}

void SchemaWalk::items(const Pair& pair, std::string_view keyword) {
  const auto* before = pair.before(keyword);
  const auto* after = pair.after(keyword);
  if (before == nullptr && after == nullptr) return;
  if (before != nullptr && after != nullptr) {
    const Path way = {std::string(keyword)};
    return descend(pair, way, way, pair.place.item(), pair.mixed);
  }
  const auto& schema = before == nullptr ? *after : *before;
  if (schema == Value(true) || schema == Value(Value::Object{})) return;
  const auto fact = fmt::format(
      "{} {}", pair.place.item().subject(),
      after != nullptr ? "must now " + demand(schema) : std::string("may now be anything"));
  whole_keyword(pair, keyword, after != nullptr ? Effect::shrinks : Effect::grows,
                {.shrinks = "items-tightened", .grows = "items-loosened"},
                {.fact = fact, .such = "with another item"});
}

void SchemaWalk::prefix_items(const Pair& pair, std::string_view keyword) {
  const auto* before = prefix(pair.before("prefixItems"), pair.before("items"));
  const auto* after = prefix(pair.after("prefixItems"), pair.after("items"));
  if (before == nullptr && after == nullptr) return;
  const bool same_keyword = is_list(pair.before(keyword)) == (before != nullptr) &&
                            is_list(pair.after(keyword)) == (after != nullptr);
  if (!same_keyword) return;
  const auto old_size = before == nullptr ? 0 : before->array().size();
  const auto new_size = after == nullptr ? 0 : after->array().size();
  const auto common = std::min(old_size, new_size);
  for (std::size_t index = 0; index < common; ++index) {
    const Path way = {std::string(keyword), std::to_string(index)};
    descend(pair, way, way, pair.place.item_at(index), pair.mixed);
  }
  if (old_size == new_size) return;
  // The positions that one of them has beyond the other; what items says of them changes too.
  auto candidate = keyword_edit(pair, keyword);
  const auto tail = [common](const Value& from, const Value* onto) {
    Value::Array out = onto == nullptr ? Value::Array() : onto->array();
    out.resize(std::min(out.size(), common));
    out.insert(out.end(), from.array().begin() + static_cast<std::ptrdiff_t>(common),
               from.array().end());
    return Value(std::move(out));
  };
  if (common > 0) {
    candidate.forward.front().value = tail(newer_.lent(keyword, *after), before);
    candidate.backward.front().value = tail(older_.lent(keyword, *before), after);
  }
  const bool added = new_size > old_size;
  const auto fact = fmt::format("{} now has schemas for {} positions instead of {}",
                                pair.place.subject(), new_size, old_size);
  tell(candidate, true, added ? Effect::shrinks : Effect::grows,
       {.shrinks = "prefix-items-tightened", .grows = "prefix-items-loosened"},
       {.fact = fact, .such = "with another item at one of them"});
  add(std::move(candidate));
}

void SchemaWalk::contains(const Pair& pair) {
  const auto* before = pair.before("contains");
  const auto* after = pair.after("contains");
  if (before == nullptr && after == nullptr) return;
  if (before != nullptr && after != nullptr && *before == *after) return;
  auto candidate = keyword_edit(pair, "contains");
  const bool both = before != nullptr && after != nullptr;
  for (const auto* const bound : {"minContains", "maxContains"}) {
    if (both) break;
    const auto edit = keyword_edit(pair, bound);
    candidate.forward.push_back(edit.forward.front());
    candidate.backward.push_back(edit.backward.front());
  }
  const auto* clause = both               ? "must now hold an item of another kind"
                       : after != nullptr ? "must now hold an item that fits a schema"
                                          : "need no longer hold an item that fits a schema";
  const auto effect = both ? Effect::either : after != nullptr ? Effect::shrinks : Effect::grows;
  const Names names = both ? Names{} : Names{"contains-added", "contains-removed"};
  tell(
      candidate, pair.mixed, effect, names,
      {.fact = fmt::format("{} {}", pair.place.subject(), clause), .such = "without such an item"});
  add(std::move(candidate));
}

void SchemaWalk::unevaluated_items(const Pair& pair) {
  const auto* before = pair.before("unevaluatedItems");
  const auto* after = pair.after("unevaluatedItems");
  if (before == nullptr && after == nullptr) return;
  if (before != nullptr && after != nullptr && *before == *after) return;
  const auto closed = [](const Value* value) { return value != nullptr && *value == Value(false); };
  const bool shrinks = closed(after) || before == nullptr || *before == Value(true);
  const bool grows = closed(before) || after == nullptr || *after == Value(true);
  const auto effect = shrinks == grows ? Effect::either : shrinks ? Effect::shrinks : Effect::grows;
  const auto* clause = closed(after)    ? "may no longer have further items"
                       : closed(before) ? "may now have further items"
                                        : "has another schema for further items now";
  whole_keyword(
      pair, "unevaluatedItems", effect,
      {.shrinks = "unevaluated-items-closed", .grows = "unevaluated-items-opened"},
      {.fact = fmt::format("{} {}", pair.place.subject(), clause), .such = "with a further item"});
}

}  // namespace probes::drift

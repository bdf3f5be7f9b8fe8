#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "probes/drift/changes.hpp"

namespace probes::drift {
namespace {

using mcp::schema::child_pointer;

std::string list_pointer(const ItemKind& kind) {
  return child_pointer("/lists", kind.member);
}

Edit list_of(const Snapshot& older, const Snapshot& newer, const ItemKind& kind) {
  return at(documents(older, newer), {"lists", kind.member});
}

/// The order of those items that are in both lists.
std::vector<std::string> common_order(const Snapshot& snapshot, const Snapshot& other,
                                      const ItemKind& kind) {
  auto keys = snapshot.order(kind);
  const auto& items = snapshot.items(kind);
  const auto& others = other.items(kind);
  std::erase_if(
      keys, [&](const std::string& key) { return !items.contains(key) || !others.contains(key); });
  return keys;
}

void compare_order(const Reporter& report, const Snapshot& older, const Snapshot& newer,
                   const ItemKind& kind) {
  const auto before = common_order(older, newer, kind);
  const auto after = common_order(newer, older, kind);
  const auto [first, second] = std::ranges::mismatch(before, after);
  if (first == before.end() || second == after.end()) return;
  const auto pointer = child_pointer(list_pointer(kind), "order");
  const auto edit = member(list_of(older, newer, kind), "order");
  const auto place = fmt::format("at place {} now stands {} where {} stood",
                                 second - after.begin() + 1, shown(*second), shown(*first));
  if (kind.member == tool_kind.member) {
    report.add("tool-order-changed", pointer,
               fmt::format("The same tools come in another order ({}): calls are not affected, but "
                           "a model's cached prompt is of no use any more.",
                           place),
               edit);
  } else {
    report.add("list-order-changed", pointer,
               fmt::format("The same {}s come in another order ({}), which matters only where they "
                           "are shown.",
                           kind.noun, place),
               edit);
  }
}

std::optional<std::int64_t> pages(const Value* list) {
  const Value* value = list == nullptr ? nullptr : list->find("pages");
  if (value == nullptr || !value->is(mcp::schema::Type::number)) return std::nullopt;
  return value->number().to_int64();
}

void compare_pages(const Reporter& report, const Edit& list, const ItemKind& kind) {
  const auto before = pages(list.before);
  const auto after = pages(list.after);
  if (!before || !after || *before == *after) return;
  const auto pointer = child_pointer(list_pointer(kind), "pages");
  if (*before <= 1 && *after > 1) {
    report.add("pagination-introduced", pointer,
               fmt::format("{} now comes in {} pages: a client that does not follow nextCursor "
                           "loses all but the first.",
                           report.subject(), *after),
               member(list, "pages"));
  } else {
    report.add("pagination-page-size-changed", pointer,
               fmt::format("{} came in {} pages and comes in {}; clients must not rely on that.",
                           report.subject(), *before, *after),
               member(list, "pages"));
  }
}

/// The later items of each key that is listed more than once.
std::set<std::string> duplicated(const Value* list, const ItemKind& kind) {
  std::set<std::string> keys;
  if (list == nullptr) return keys;
  for (const Value& item : array_or_empty(list->find("duplicates"))) {
    if (const auto* key = string_in(&item, kind.key)) keys.insert(*key);
  }
  return keys;
}

void compare_duplicates(std::vector<Change>& changes, const Snapshot& newer, const Edit& list,
                        const ItemKind& kind) {
  const auto before = duplicated(list.before, kind);
  const bool is_paged = pages(list.after).value_or(1) > 1;
  const auto pointer = child_pointer(list_pointer(kind), "duplicates");
  for (const auto& key : duplicated(list.after, kind)) {
    if (before.contains(key)) continue;
    const Reporter report(changes, kind.noun, key);
    const auto& copies = array_or_empty(member(list, "duplicates").after);
    const auto first = newer.items(kind).find(key);
    const bool same = first != newer.items(kind).end() &&
                      std::ranges::find(copies, first->second) != copies.end();
    if (kind.member == tool_kind.member && !(is_paged && same)) {
      report.add("tool-duplicate-name", pointer,
                 fmt::format("{} is listed more than once, so nobody knows which of them a call "
                             "reaches.",
                             report.subject()));
    } else {
      report.add("pagination-item-duplicated", pointer,
                 fmt::format("{} is listed more than once: clients show it twice or keep one of "
                             "them.",
                             report.subject()));
    }
  }
}

std::size_t tokens_of(std::size_t bytes) {
  constexpr std::size_t bytes_per_token = 4;
  return (bytes + bytes_per_token - 1) / bytes_per_token;
}

void compare_cost(const Reporter& report, const Snapshot& older, const Snapshot& newer,
                  std::size_t token_growth) {
  const auto before = context_cost(older);
  const auto after = context_cost(newer);
  if (after.tokens < before.tokens + std::max<std::size_t>(token_growth, 1)) return;
  report.add("tool-surface-context-cost-increased", "/tools",
             fmt::format("The list of tools takes about {} tokens of a model's context, {} more "
                         "than before (an estimate: {} bytes, 4 a token).",
                         after.tokens, after.tokens - before.tokens, after.bytes));
}

}  // namespace

ContextCost context_cost(const Snapshot& snapshot) {
  Value::Array tools;
  for (const auto& [name, tool] : snapshot.items(tool_kind)) {
    Value::Object seen;
    for (const auto part : {"name", "title", "description", "inputSchema", "outputSchema"}) {
      if (const Value* value = tool.find(part)) seen.emplace(part, *value);
    }
    tools.emplace_back(std::move(seen));
  }
  if (tools.empty()) return {};
  const auto bytes = Value(std::move(tools)).text().size();
  return {.bytes = bytes, .tokens = tokens_of(bytes)};
}

void compare_lists(const Snapshot& older, const Snapshot& newer, const DiffOptions& options,
                   std::vector<Change>& changes) {
  for (const auto& kind : item_kinds) {
    const Reporter report(changes, "list", kind.member);
    const auto list = list_of(older, newer, kind);
    compare_order(report, older, newer, kind);
    compare_pages(report, list, kind);
    compare_duplicates(changes, newer, list, kind);
    if (kind.member == tool_kind.member) compare_cost(report, older, newer, options.token_growth);
  }
}

}  // namespace probes::drift

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>
#include <span>
#include <utility>

#include "mcp/base/json_pointer.hpp"
#include "mcp/base/text.hpp"
#include "probes/drift/snapshot.hpp"

namespace probes::drift {
namespace {

using mcp::schema::Type;
using mcp::schema::Value;

/// A pattern's reference tokens, unescaped (RFC 6901 section 4).
struct Pattern {
  std::vector<std::string> tokens;
};

/// Where one pattern stands after the tokens on the way to a value.
struct Cursor {
  const Pattern* pattern = nullptr;
  std::size_t matched = 0;
  friend bool operator==(const Cursor&, const Cursor&) = default;
};

/// Without these the file would be none, and the digests follow from the rest.
constexpr std::array<std::string_view, 4> kept_members = {"schema_version", "digest", "digests",
                                                          "redacted"};

std::unexpected<mcp::Error> refuse(const std::string& pattern, std::string_view why) {
  return mcp::fail(mcp::ErrorKind::usage,
                   fmt::format("--redact {}: {}", mcp::quoted(pattern, 100), why),
                   "write a JSON Pointer such as /tools/NAME/_meta; * stands for any one token, "
                   "** for any number of them");
}

mcp::Result<Pattern> parse_pattern(const std::string& text) {
  if (text.empty()) return refuse(text, "names the whole snapshot");
  if (!text.starts_with('/')) return refuse(text, "a JSON Pointer begins with a slash");
  Pattern pattern;
  std::string_view rest = text;
  while (!rest.empty()) {
    rest.remove_prefix(1);
    const auto end = std::min(rest.find('/'), rest.size());
    auto token = mcp::unescape_token(rest.substr(0, end));
    if (!token) return refuse(text, "~ is written ~0 in a JSON Pointer");
    pattern.tokens.push_back(std::move(*token));
    rest.remove_prefix(end);
  }
  if (std::ranges::find(kept_members, pattern.tokens.front()) != kept_members.end()) {
    return refuse(text, "belongs to the file itself and stays");
  }
  return pattern;
}

/// Adds the cursor and those that are reached by letting `**` stand for nothing.
void reach(std::vector<Cursor>& cursors, Cursor cursor) {
  while (true) {
    if (std::ranges::find(cursors, cursor) == cursors.end()) cursors.push_back(cursor);
    const auto& tokens = cursor.pattern->tokens;
    if (cursor.matched >= tokens.size() || tokens[cursor.matched] != "**") return;
    ++cursor.matched;
  }
}

std::vector<Cursor> step(std::span<const Cursor> cursors, std::string_view token) {
  std::vector<Cursor> next;
  for (const Cursor& cursor : cursors) {
    if (cursor.matched >= cursor.pattern->tokens.size()) continue;
    const std::string& wanted = cursor.pattern->tokens[cursor.matched];
    if (wanted == "**") {
      reach(next, cursor);
    } else if (wanted == "*" || wanted == token) {
      reach(next, {cursor.pattern, cursor.matched + 1});
    }
  }
  return next;
}

bool is_matched(std::span<const Cursor> cursors) {
  return std::ranges::any_of(cursors, [](const Cursor& cursor) {
    return cursor.matched == cursor.pattern->tokens.size();
  });
}

Value without(const Value& value, std::span<const Cursor> cursors);

/// The child as it stays; none where it is left out.
std::optional<Value> child_without(const Value& child, std::span<const Cursor> cursors,
                                   std::string_view token) {
  const auto next = step(cursors, token);
  if (is_matched(next)) return std::nullopt;
  return next.empty() ? child : without(child, next);
}

Value without(const Value& value, std::span<const Cursor> cursors) {
  if (value.is(Type::object)) {
    Value::Object kept;
    for (const auto& [name, member] : value.object()) {
      if (auto child = child_without(member, cursors, name)) kept.emplace(name, std::move(*child));
    }
    return Value(std::move(kept));
  }
  if (value.is(Type::array)) {
    Value::Array kept;
    for (std::size_t index = 0; index < value.array().size(); ++index) {
      auto child = child_without(value.array()[index], cursors, fmt::format("{}", index));
      if (child) kept.push_back(std::move(*child));
    }
    return Value(std::move(kept));
  }
  return value;
}

/// An item that was left out is not named by the order either.
void forget_items(Value::Object& document, const Snapshot& before) {
  const auto lists = document.find("lists");
  if (lists == document.end() || !lists->second.is(Type::object)) return;
  Value::Object kept_lists = lists->second.object();
  for (const ItemKind& kind : item_kinds) {
    const auto list = kept_lists.find(kind.member);
    const Value* order = list == kept_lists.end() ? nullptr : list->second.find("order");
    if (order == nullptr || !order->is(Type::array)) continue;
    const auto items = document.find(kind.member);
    Value::Array kept;
    for (const Value& key : order->array()) {
      const bool known = key.is(Type::string) && before.items(kind).contains(key.string());
      const bool left_out =
          items == document.end() || (known && items->second.find(key.string()) == nullptr);
      if (!left_out) kept.push_back(key);
    }
    Value::Object changed = list->second.object();
    changed.insert_or_assign("order", Value(std::move(kept)));
    list->second = Value(std::move(changed));
  }
  lists->second = Value(std::move(kept_lists));
}

Value all_patterns(const Value* existing, std::vector<std::string> added) {
  if (existing != nullptr && existing->is(Type::array)) {
    for (const Value& pattern : existing->array()) {
      if (pattern.is(Type::string)) added.push_back(pattern.string());
    }
  }
  std::ranges::sort(added);
  const auto repeated = std::ranges::unique(added);
  added.erase(repeated.begin(), repeated.end());
  Value::Array patterns;
  for (std::string& pattern : added) patterns.emplace_back(std::move(pattern));
  return Value(std::move(patterns));
}

}  // namespace

mcp::Result<Snapshot> redact(const Snapshot& snapshot, const std::vector<std::string>& patterns) {
  if (patterns.empty()) return snapshot;
  std::vector<Pattern> parsed;
  for (const std::string& text : patterns) {
    auto pattern = parse_pattern(text);
    if (!pattern) return std::unexpected(pattern.error());
    parsed.push_back(std::move(*pattern));
  }
  std::vector<Cursor> cursors;
  for (const Pattern& pattern : parsed) reach(cursors, {&pattern, 0});
  Value::Object document;
  for (const auto& [name, member] : snapshot.document().object()) {
    if (std::ranges::find(kept_members, name) != kept_members.end()) {
      document.emplace(name, member);
    } else if (auto child = child_without(member, cursors, name)) {
      document.emplace(name, std::move(*child));
    }
  }
  forget_items(document, snapshot);
  document.insert_or_assign("redacted",
                            all_patterns(snapshot.document().find("redacted"), patterns));
  return Snapshot(Value(std::move(document)));
}

}  // namespace probes::drift

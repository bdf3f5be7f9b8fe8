#include "probes/drift/changes.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "mcp/base/text.hpp"

namespace probes::drift {
namespace {

constexpr std::size_t longest_value = 8192;
constexpr std::size_t longest_shown = 80;
constexpr std::size_t most_listed = 5;

std::string capitalised(std::string text) {
  if (!text.empty() && text.front() >= 'a' && text.front() <= 'z') text.front() -= 'a' - 'A';
  return text;
}

/// A description of a megabyte would fill every report; what is cut is escaped too.
std::optional<Value> bounded(std::optional<Value> value) {
  if (!value) return value;
  if (value->is(mcp::schema::Type::string)) {
    if (value->string().size() <= longest_value) return value;
    return Value(mcp::excerpt(value->string(), longest_value));
  }
  if (!value->is(mcp::schema::Type::object) && !value->is(mcp::schema::Type::array)) return value;
  const auto text = value->text();
  if (text.size() <= longest_value) return value;
  return Value(mcp::excerpt(text, longest_value));
}

std::optional<Value> taken(const Value* value) {
  if (value == nullptr) return std::nullopt;
  return *value;
}

}  // namespace

bool Edit::differs() const {
  if (before == nullptr || after == nullptr) return before != after;
  return *before != *after;
}

Edit member(const Edit& parent, std::string_view name) {
  return {parent.before == nullptr ? nullptr : parent.before->find(name),
          parent.after == nullptr ? nullptr : parent.after->find(name)};
}

Edit at(const Edit& parent, std::initializer_list<std::string_view> path) {
  Edit found = parent;
  for (const auto name : path) found = member(found, name);
  return found;
}

Edit documents(const Snapshot& older, const Snapshot& newer) {
  return {&older.document(), &newer.document()};
}

const std::string* string_in(const Value* parent, std::string_view name) {
  const Value* value = parent == nullptr ? nullptr : parent->find(name);
  return value != nullptr && value->is(mcp::schema::Type::string) ? &value->string() : nullptr;
}

std::optional<bool> boolean_in(const Value* parent, std::string_view name) {
  const Value* value = parent == nullptr ? nullptr : parent->find(name);
  if (value == nullptr || !value->is(mcp::schema::Type::boolean)) return std::nullopt;
  return value->boolean();
}

const Value::Object& object_or_empty(const Value* value) {
  static const Value::Object empty;
  return value != nullptr && value->is(mcp::schema::Type::object) ? value->object() : empty;
}

const Value::Array& array_or_empty(const Value* value) {
  static const Value::Array empty;
  return value != nullptr && value->is(mcp::schema::Type::array) ? value->array() : empty;
}

std::string text_or_empty(const Value* value) {
  return value != nullptr && value->is(mcp::schema::Type::string) ? value->string() : "";
}

void Reporter::add(std::string_view rule, std::string pointer, std::string why,
                   const Edit& edit) const {
  Change change = make_change({.rule = std::string(rule),
                               .kind = kind_,
                               .name = name_,
                               .pointer = std::move(pointer),
                               .why = std::move(why),
                               .before = taken(edit.before),
                               .after = taken(edit.after)});
  change.before = bounded(std::move(change.before));
  change.after = bounded(std::move(change.after));
  changes_.push_back(std::move(change));
}

std::string Reporter::mention() const {
  if (kind_ == "server") return "the server";
  if (kind_ == "list") return fmt::format("the list of {}", name_);
  return fmt::format("{} {}", kind_, mcp::quoted(name_, longest_shown));
}

std::string Reporter::subject() const {
  return capitalised(mention());
}

std::string item_pointer(const ItemKind& kind, std::string_view name) {
  return mcp::schema::child_pointer(mcp::schema::child_pointer("", kind.member), name);
}

std::vector<ItemPair> common_items(const Snapshot& older, const Snapshot& newer,
                                   const ItemKind& kind) {
  std::vector<ItemPair> pairs;
  const auto& before = older.items(kind);
  for (const auto& [name, item] : newer.items(kind)) {
    const auto found = before.find(name);
    if (found == before.end() || found->second == item) continue;
    pairs.push_back({kind, name, {&found->second, &item}, item_pointer(kind, name)});
  }
  return pairs;
}

std::vector<std::string> only_in(const Snapshot& left, const Snapshot& right,
                                 const ItemKind& kind) {
  std::vector<std::string> names;
  const auto& others = right.items(kind);
  for (const auto& [name, item] : left.items(kind)) {
    if (!others.contains(name)) names.push_back(name);
  }
  return names;
}

std::string shown(std::string_view text) {
  return mcp::quoted(text, longest_shown);
}

std::string shown(const Value* value) {
  if (value == nullptr) return "nothing";
  if (value->is(mcp::schema::Type::string)) return shown(value->string());
  return mcp::excerpt(value->text(), longest_shown);
}

std::string listed(const std::vector<std::string>& names) {
  std::string out;
  for (std::size_t index = 0; index < std::min(names.size(), most_listed); ++index) {
    out += (index == 0 ? "" : ", ") + shown(names[index]);
  }
  if (names.size() > most_listed) out += fmt::format(" and {} more", names.size() - most_listed);
  return out;
}

}  // namespace probes::drift

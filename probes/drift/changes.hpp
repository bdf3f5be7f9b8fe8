#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "mcp/schema/value.hpp"
#include "probes/drift/change.hpp"
#include "probes/drift/diff.hpp"
#include "probes/drift/snapshot.hpp"

namespace probes::drift {

using mcp::schema::Value;

/// What a thing was and what it is; null where there is none. Borrowed.
struct Edit {
  const Value* before = nullptr;
  const Value* after = nullptr;

  bool differs() const;
};
/// The member of that name on both sides.
Edit member(const Edit& parent, std::string_view name);
Edit at(const Edit& parent, std::initializer_list<std::string_view> path);
Edit documents(const Snapshot& older, const Snapshot& newer);

/// Null unless the member is there and of that type: servers send anything.
const std::string* string_in(const Value* parent, std::string_view name);
std::optional<bool> boolean_in(const Value* parent, std::string_view name);
const Value::Object& object_or_empty(const Value* value);
const Value::Array& array_or_empty(const Value* value);
std::string text_or_empty(const Value* value);

/// Adds changes of one item, of the server or of a list. Values beyond some kilobytes are cut in
/// the change, after its fingerprint was taken over the whole.
class Reporter {
 public:
  Reporter(std::vector<Change>& changes, std::string_view kind, std::string_view name)
      : changes_(changes), kind_(kind), name_(name) {}

  void add(std::string_view rule, std::string pointer, std::string why,
           const Edit& edit = {}) const;
  /// How a sentence begins: `Tool "x"`, `The server`.
  std::string subject() const;
  /// The same inside a sentence: `tool "x"`.
  std::string mention() const;

 private:
  std::vector<Change>& changes_;
  std::string kind_;
  std::string name_;
};

/// An item that both snapshots have.
struct ItemPair {
  const ItemKind& kind;
  const std::string& name;
  Edit item;
  std::string pointer;
};

std::string item_pointer(const ItemKind& kind, std::string_view name);
std::vector<ItemPair> common_items(const Snapshot& older, const Snapshot& newer,
                                   const ItemKind& kind);
/// The keys that only `left` has.
std::vector<std::string> only_in(const Snapshot& left, const Snapshot& right, const ItemKind& kind);

/// The members that all kinds of items have; `rule` is the id for that kind.
void compare_title(const Reporter& report, const Edit& item, const std::string& pointer,
                   std::string_view rule);
void compare_description(const Reporter& report, const Edit& item, const std::string& pointer,
                         std::string_view rule);
void compare_icons(const Reporter& report, const Edit& owner, const std::string& pointer);
void compare_meta(const Reporter& report, const Edit& item, const std::string& pointer,
                  std::string_view rule);

/// A value as a sentence shows it: JSON, cut; "nothing" for null.
std::string shown(const Value* value);
std::string shown(std::string_view text);
std::string listed(const std::vector<std::string>& names);

/// The groups of rules; diff.cpp has the order.
void compare_tools(const Snapshot&, const Snapshot&, const DiffOptions&, std::vector<Change>&);
void compare_tool_names(const Snapshot&, const Snapshot&, const DiffOptions&, std::vector<Change>&);
void compare_tool_schemas(const Snapshot&, const Snapshot&, const DiffOptions&,
                          std::vector<Change>&);
void compare_annotations(const Snapshot&, const Snapshot&, const DiffOptions&,
                         std::vector<Change>&);
void compare_tool_headers(const Snapshot&, const Snapshot&, const DiffOptions&,
                          std::vector<Change>&);
void compare_prompts(const Snapshot&, const Snapshot&, const DiffOptions&, std::vector<Change>&);
void compare_resources(const Snapshot&, const Snapshot&, const DiffOptions&, std::vector<Change>&);
void compare_templates(const Snapshot&, const Snapshot&, const DiffOptions&, std::vector<Change>&);
void compare_server(const Snapshot&, const Snapshot&, const DiffOptions&, std::vector<Change>&);
void compare_revisions(const Snapshot&, const Snapshot&, const DiffOptions&, std::vector<Change>&);
void compare_capabilities(const Snapshot&, const Snapshot&, const DiffOptions&,
                          std::vector<Change>&);
void compare_lists(const Snapshot&, const Snapshot&, const DiffOptions&, std::vector<Change>&);
void compare_caching(const Snapshot&, const Snapshot&, const DiffOptions&, std::vector<Change>&);
void compare_texts(const Snapshot&, const Snapshot&, const DiffOptions&, std::vector<Change>&);
/// Last: whatever differs and has no change yet.
void compare_the_rest(const Snapshot&, const Snapshot&, const DiffOptions&, std::vector<Change>&);

}  // namespace probes::drift

#include <fmt/format.h>

#include <iterator>

#include "probes/drift/changes.hpp"

namespace probes::drift {
namespace {

using mcp::schema::child_pointer;
using mcp::schema::Type;

/// JSON Schema 2020-12 core 4.3: an object or a boolean.
bool is_schema(const Value* value) {
  return value != nullptr && (value->is(Type::object) || value->is(Type::boolean));
}

class ToolSchemas {
 public:
  ToolSchemas(const ItemPair& pair, const DiffOptions& options, std::vector<Change>& changes)
      : pair_(pair), options_(options), changes_(changes), report_(changes, "tool", pair.name) {}

  void compare_input() const {
    const auto edit = member(pair_.item, "inputSchema");
    if (!edit.differs()) return;
    if (is_schema(edit.before) && is_schema(edit.after)) {
      compare_insides(edit, Direction::input, "inputSchema");
    } else if (is_schema(edit.before)) {
      report_.add("input-schema-invalid", pointer("inputSchema"),
                  fmt::format("{} has {} as its inputSchema, which is no JSON Schema: clients drop "
                              "such a tool, and some the whole list.",
                              report_.subject(), shown(edit.after)),
                  edit);
    }
  }

  void compare_output() const {
    const auto edit = member(pair_.item, "outputSchema");
    if (!edit.differs()) return;
    if (!is_schema(edit.before) && is_schema(edit.after)) {
      report_.add("output-schema-added", pointer("outputSchema"),
                  fmt::format("{} now promises structured results of a known form; clients that "
                              "read the text go on as before.",
                              report_.subject()),
                  edit);
    } else if (is_schema(edit.before) && !is_schema(edit.after)) {
      report_.add("output-schema-removed", pointer("outputSchema"),
                  fmt::format("{} no longer promises structured results, so a client that reads "
                              "structuredContent may find none or another form.",
                              report_.subject()),
                  edit);
    } else if (is_schema(edit.after)) {
      compare_root_type(edit);
      compare_insides(edit, Direction::output, "outputSchema");
    }
  }

 private:
  std::string pointer(std::string_view schema) const {
    return child_pointer(pair_.pointer, schema);
  }

  void compare_root_type(const Edit& schema) const {
    const auto edit = member(schema, "type");
    const bool was_object = text_or_empty(edit.before) == "object";
    if (!was_object || text_or_empty(edit.after) == "object") return;
    report_.add(
        "output-schema-root-type-changed", child_pointer(pointer("outputSchema"), "type"),
        fmt::format("The results of {} were objects and are now {}: clients of the "
                    "revisions before 2026-07-28 take objects only.",
                    report_.mention(), edit.after == nullptr ? "of any type" : shown(edit.after)),
        edit);
  }

  void compare_insides(const Edit& edit, Direction direction, std::string_view schema) const {
    auto found = schema_changes({.older = *edit.before,
                                 .newer = *edit.after,
                                 .direction = direction,
                                 .kind = "tool",
                                 .name = pair_.name,
                                 .pointer = pointer(schema),
                                 .formats = options_.formats,
                                 .expired = options_.expired});
    std::ranges::move(found, std::back_inserter(changes_));
  }

  const ItemPair& pair_;
  const DiffOptions& options_;
  std::vector<Change>& changes_;
  Reporter report_;
};

}  // namespace

void compare_tool_schemas(const Snapshot& older, const Snapshot& newer, const DiffOptions& options,
                          std::vector<Change>& changes) {
  for (const auto& pair : common_items(older, newer, tool_kind)) {
    const ToolSchemas schemas(pair, options, changes);
    schemas.compare_input();
    schemas.compare_output();
  }
}

}  // namespace probes::drift

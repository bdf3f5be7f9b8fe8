#include <fmt/format.h>

#include "probes/drift/changes.hpp"

namespace probes::drift {
namespace {

using mcp::schema::child_pointer;

/// Execution of 2025-11-25 tools: what is absent, or no word of the specification, is forbidden.
enum class TaskSupport { forbidden, optional, required };

TaskSupport task_support(const Value* tool) {
  const Value* execution = tool->find("execution");
  const auto* word = string_in(execution, "taskSupport");
  if (word != nullptr && *word == "optional") return TaskSupport::optional;
  if (word != nullptr && *word == "required") return TaskSupport::required;
  return TaskSupport::forbidden;
}

void compare_task_support(const Reporter& report, const ItemPair& pair) {
  const auto before = task_support(pair.item.before);
  const auto after = task_support(pair.item.after);
  const auto pointer = child_pointer(child_pointer(pair.pointer, "execution"), "taskSupport");
  const auto edit = at(pair.item, {"execution", "taskSupport"});
  const auto tool = report.mention();
  if (before == after) {
    if ((edit.before == nullptr) == (edit.after == nullptr)) return;
    report.add("task-support-default-made-explicit", pointer,
               fmt::format("That calls of {} cannot be made as tasks is now {}; it was so before.",
                           tool, edit.after == nullptr ? "left to the default" : "stated"),
               edit);
    return;
  }
  if (after == TaskSupport::required) {
    report.add("task-support-required-added", pointer,
               fmt::format("Calls of {} must now be made as tasks, so a client that calls it "
                           "plainly gets an error.",
                           tool),
               edit);
  } else if (after == TaskSupport::forbidden) {
    report.add("task-support-lost", pointer,
               fmt::format("{} can no longer be called as a task, so a client that does it gets an "
                           "error.",
                           report.subject()),
               edit);
  } else if (before == TaskSupport::required) {
    report.add(
        "task-support-relaxed", pointer,
        fmt::format("Calls of {} had to be made as tasks and may now be plain ones too.", tool),
        edit);
  } else {
    report.add(
        "task-support-gained", pointer,
        fmt::format("Calls of {} may now be made as tasks; plain calls stay as they are.", tool),
        edit);
  }
}

void compare_tool(const Reporter& report, const ItemPair& pair, bool tasks_count) {
  compare_title(report, pair.item, pair.pointer, "tool-title-changed");
  compare_description(report, pair.item, pair.pointer, "tool-description-changed");
  compare_icons(report, pair.item, pair.pointer);
  compare_meta(report, pair.item, pair.pointer, "tool-meta-changed");
  if (tasks_count) compare_task_support(report, pair);
}

}  // namespace

void compare_tools(const Snapshot& older, const Snapshot& newer, const DiffOptions& /*options*/,
                   std::vector<Change>& changes) {
  for (const auto& name : only_in(older, newer, tool_kind)) {
    const Reporter report(changes, tool_kind.noun, name);
    report.add("tool-removed", item_pointer(tool_kind, name),
               fmt::format("{} is gone, so every call of it fails.", report.subject()));
  }
  for (const auto& name : only_in(newer, older, tool_kind)) {
    const Reporter report(changes, tool_kind.noun, name);
    report.add("tool-added", item_pointer(tool_kind, name),
               fmt::format("{} is new; clients that know nothing of it go on as before.",
                           report.subject()));
  }
  // The 2026-07-28 revision took tasks out of the tools, into an extension.
  const bool tasks_count = older.text("era") != "modern" && newer.text("era") != "modern";
  for (const auto& pair : common_items(older, newer, tool_kind)) {
    compare_tool(Reporter(changes, tool_kind.noun, pair.name), pair, tasks_count);
  }
}

}  // namespace probes::drift

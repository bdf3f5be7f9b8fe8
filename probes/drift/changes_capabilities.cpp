#include <fmt/format.h>

#include <set>

#include "probes/drift/changes.hpp"

namespace probes::drift {
namespace {

using mcp::schema::child_pointer;
constexpr std::string_view tasks_extension = "io.modelcontextprotocol/tasks";

/// What only one era's capabilities can hold.
bool belongs_to_one_era(std::string_view capability) {
  return capability == "tasks" || capability == "extensions";
}

std::set<std::string> names_of(const Edit& edit) {
  std::set<std::string> names;
  for (const Value* side : {edit.before, edit.after}) {
    for (const auto& [name, value] : object_or_empty(side)) names.insert(name);
  }
  return names;
}

class Capabilities {
 public:
  explicit Capabilities(const Reporter& report) : report_(report) {}

  void compare(const std::string& name, const Edit& edit) const {
    const auto pointer = child_pointer("/capabilities", name);
    if (name == "experimental") {
      for (const auto& each : names_of(edit)) experimental(each, member(edit, each), pointer);
    } else if (name == "extensions") {
      for (const auto& each : names_of(edit)) extension(each, member(edit, each), pointer);
    } else if (edit.after == nullptr) {
      removed(name, pointer, edit);
    } else if (edit.before == nullptr) {
      added(name, pointer, edit);
    } else {
      compare_insides(name, edit, pointer);
    }
  }

 private:
  void removed(const std::string& name, const std::string& pointer, const Edit& edit) const {
    if (name == "logging") {
      report_.add("capability-logging-removed", pointer,
                  "The server no longer sends log messages, which the 2026-07-28 revision "
                  "deprecates; clients lose only the messages.",
                  edit);
      return;
    }
    report_.add("capability-removed", pointer,
                fmt::format("The server no longer declares the capability {}, so clients that "
                            "depend on it get errors.",
                            shown(name)),
                edit);
  }

  void added(const std::string& name, const std::string& pointer, const Edit& edit) const {
    report_.add("capability-added", pointer,
                fmt::format("The server now declares the capability {}.", shown(name)), edit);
  }

  void compare_insides(const std::string& name, const Edit& edit,
                       const std::string& pointer) const {
    compare_list_changed(name, edit, pointer);
    if (name == "resources") compare_subscribe(edit, pointer);
    if (name == "tasks" && edit.differs()) {
      report_.add(
          "task-extension-changed", pointer,
          fmt::format("The server's task capability was {} and is {}, so requests that were "
                      "made as tasks may be refused.",
                      shown(edit.before), shown(edit.after)),
          edit);
    }
  }

  void compare_list_changed(const std::string& name, const Edit& edit,
                            const std::string& pointer) const {
    const bool before = boolean_in(edit.before, "listChanged").value_or(false);
    const bool after = boolean_in(edit.after, "listChanged").value_or(false);
    if (before == after) return;
    const auto where = child_pointer(pointer, "listChanged");
    if (before) {
      report_.add("list-changed-lost", where,
                  fmt::format("The server no longer tells when its list of {} changes, so clients "
                              "that wait for the message keep an old list.",
                              shown(name)),
                  member(edit, "listChanged"));
    } else {
      report_.add("list-changed-gained", where,
                  fmt::format("The server now tells when its list of {} changes.", shown(name)),
                  member(edit, "listChanged"));
    }
  }

  void compare_subscribe(const Edit& edit, const std::string& pointer) const {
    const bool before = boolean_in(edit.before, "subscribe").value_or(false);
    const bool after = boolean_in(edit.after, "subscribe").value_or(false);
    if (before == after) return;
    const auto where = child_pointer(pointer, "subscribe");
    if (before) {
      report_.add("resource-subscribe-lost", where,
                  "The server no longer lets clients subscribe to resources: their requests fail, "
                  "and updates stop.",
                  member(edit, "subscribe"));
    } else {
      report_.add("capability-added", where, "The server now lets clients subscribe to resources.",
                  member(edit, "subscribe"));
    }
  }

  void extension(const std::string& name, const Edit& edit, const std::string& parent) const {
    if (!edit.differs()) return;
    const auto pointer = child_pointer(parent, name);
    const auto what = shown(name);
    if (name == tasks_extension) {
      report_.add(
          "task-extension-changed", pointer,
          fmt::format("The tasks extension was {} and is {}: whether a client that knows it "
                      "gets a task instead of a result changes.",
                      shown(edit.before), shown(edit.after)),
          edit);
    } else if (edit.after == nullptr) {
      report_.add("extension-removed", pointer,
                  fmt::format("The server no longer supports the extension {}, so what clients do "
                              "with it fails.",
                              what),
                  edit);
    } else if (edit.before == nullptr) {
      report_.add("capability-added", pointer,
                  fmt::format("The server now supports the extension {}.", what), edit);
    } else {
      report_.add("extension-settings-changed", pointer,
                  fmt::format("The settings of the extension {} were {} and are {}, to which "
                              "clients that use it must adapt.",
                              what, shown(edit.before), shown(edit.after)),
                  edit);
    }
  }

  void experimental(const std::string& name, const Edit& edit, const std::string& parent) const {
    if (!edit.differs()) return;
    report_.add("experimental-capability-changed", child_pointer(parent, name),
                fmt::format("The experimental capability {} was {} and is {}; nothing is promised "
                            "of such ones.",
                            shown(name), shown(edit.before), shown(edit.after)),
                edit);
  }

  const Reporter& report_;
};

}  // namespace

void compare_capabilities(const Snapshot& older, const Snapshot& newer, const DiffOptions& options,
                          std::vector<Change>& changes) {
  const Reporter report(changes, "server", "");
  const auto capabilities = member(documents(older, newer), "capabilities");
  for (const auto& name : names_of(capabilities)) {
    if (options.compare_eras && belongs_to_one_era(name)) continue;
    Capabilities(report).compare(name, member(capabilities, name));
  }
}

}  // namespace probes::drift

#include <fmt/format.h>

#include <map>

#include "mcp/base/text.hpp"
#include "probes/drift/changes.hpp"
#include "probes/drift/renamed_tools.hpp"

namespace probes::drift {
namespace {

/// Server tools of 2026-07-28, "Tool Names".
bool is_valid_name(std::string_view name) {
  constexpr std::size_t longest = 128;
  constexpr std::string_view allowed =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.-";
  return !name.empty() && name.size() <= longest &&
         name.find_first_not_of(allowed) == std::string_view::npos;
}

void report_renamings(const Snapshot& older, const Snapshot& newer, std::vector<Change>& changes) {
  for (const auto& each : renamed_tools(older, newer)) {
    const Value before(each.before);
    const Value after(each.after);
    const Reporter report(changes, tool_kind.noun, each.before);
    const auto pointer = item_pointer(tool_kind, each.after);
    if (mcp::equals_ignoring_case(each.before, each.after)) {
      report.add("tool-name-case-changed", pointer,
                 fmt::format("{} is now written {}: names are case-sensitive, so calls by the old "
                             "one fail.",
                             report.subject(), shown(each.after)),
                 {&before, &after});
    } else {
      report.add("tool-renamed", pointer,
                 fmt::format("{} seems to be called {} now (a guess: {}), so calls by the old name "
                             "fail.",
                             report.subject(), shown(each.after), each.sign),
                 {&before, &after});
    }
  }
}

void report_new_names(const Snapshot& older, const Snapshot& newer, std::vector<Change>& changes) {
  std::map<std::string, std::vector<std::string>> alike;
  for (const auto& [name, tool] : newer.items(tool_kind)) alike[folded_name(name)].push_back(name);
  for (const auto& name : only_in(newer, older, tool_kind)) {
    const Reporter report(changes, tool_kind.noun, name);
    if (!is_valid_name(name)) {
      report.add("tool-name-invalid", item_pointer(tool_kind, name),
                 fmt::format("The name of {} is not 1 to 128 letters, digits, underscores, hyphens "
                             "and dots, so some clients refuse or rewrite it.",
                             report.mention()));
    }
    std::vector<std::string> others;
    for (const auto& other : alike[folded_name(name)]) {
      if (other != name && others.size() < 8) others.push_back(other);
    }
    if (others.empty()) continue;
    report.add("tool-name-confusable", item_pointer(tool_kind, name),
               fmt::format("{} is easily mistaken for {} of the same server, and a model may call "
                           "the one for the other.",
                           report.subject(), listed(others)));
  }
}

}  // namespace

void compare_tool_names(const Snapshot& older, const Snapshot& newer,
                        const DiffOptions& /*options*/, std::vector<Change>& changes) {
  report_renamings(older, newer, changes);
  report_new_names(older, newer, changes);
}

}  // namespace probes::drift

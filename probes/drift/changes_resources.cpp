#include <fmt/format.h>

#include "probes/drift/changes.hpp"
#include "probes/drift/moved_items.hpp"

namespace probes::drift {
namespace {

using mcp::schema::child_pointer;

void compare_size(const Reporter& report, const ItemPair& pair) {
  const auto size = member(pair.item, "size");
  if (!size.differs()) return;
  report.add("resource-size-changed", child_pointer(pair.pointer, "size"),
             fmt::format("The announced size of {} was {} and is {} bytes.", report.mention(),
                         shown(size.before), shown(size.after)),
             size);
}

void compare_resource(const Reporter& report, const ItemPair& pair) {
  compare_title(report, pair.item, pair.pointer, "resource-title-changed");
  compare_description(report, pair.item, pair.pointer, "resource-description-changed");
  compare_mime_type(report, pair, "resource-mime-type-changed");
  compare_resource_members(report, pair);
  compare_size(report, pair);
}

}  // namespace

void compare_resources(const Snapshot& older, const Snapshot& newer, const DiffOptions& /*options*/,
                       std::vector<Change>& changes) {
  const auto items = match_by_name(older, newer, resource_kind);
  for (const auto& uri : items.removed) {
    const Reporter report(changes, resource_kind.noun, uri);
    report.add("resource-removed", item_pointer(resource_kind, uri),
               fmt::format("{} is no longer listed, so clients that kept its address may read "
                           "nothing there.",
                           report.subject()));
  }
  for (const auto& uri : items.added) {
    const Reporter report(changes, resource_kind.noun, uri);
    report.add("resource-added", item_pointer(resource_kind, uri),
               fmt::format("{} is new.", report.subject()));
  }
  for (const auto& [from, to] : items.moved) {
    const Reporter report(changes, resource_kind.noun, to);
    const Value before(from);
    const Value after(to);
    report.add(
        "resource-uri-changed", item_pointer(resource_kind, to),
        fmt::format("The resource named {} moved from {} to {}, so clients that kept the old "
                    "address may read nothing there.",
                    shown(newer.items(resource_kind).at(to).find("name")), shown(from), shown(to)),
        {&before, &after});
  }
  for (const auto& pair : items.pairs) {
    compare_resource(Reporter(changes, resource_kind.noun, pair.name), pair);
  }
}

}  // namespace probes::drift

#include "probes/drift/within_ttl.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "probes/drift/changes.hpp"

namespace probes::drift {
namespace {

using mcp::schema::child_pointer;
using mcp::schema::Decimal;

/// Members that the answer to server/discover holds.
constexpr std::array<std::string_view, 4> discovered = {"capabilities", "instructions",
                                                        "serverInfo", "supportedVersions"};

/// The ttlMs of what is at that place, where it is longer than the time that went by.
const Value* ttl_beyond(const Value* owner, std::chrono::milliseconds elapsed) {
  const Value* ttl = owner == nullptr ? nullptr : owner->find("ttlMs");
  if (ttl == nullptr || !ttl->is(mcp::schema::Type::number)) return nullptr;
  return ttl->number() > Decimal(elapsed.count()) ? ttl : nullptr;
}

Change change_of(std::string kind, std::string name, std::string pointer, const Value& ttl,
                 std::string_view what) {
  return make_change(
      {.rule = "drift-within-ttl",
       .kind = std::move(kind),
       .name = std::move(name),
       .pointer = std::move(pointer),
       .why = fmt::format("{} changed although the answer before may be kept for {} ms, so "
                          "clients go on with the old one.",
                          what, ttl.text()),
       .before = std::nullopt,
       .after = std::nullopt});
}

bool same_member(const Snapshot& earlier, const Snapshot& later, std::string_view name) {
  return !member(documents(earlier, later), name).differs();
}

}  // namespace

std::vector<Change> drift_within_ttl(const Snapshot& earlier, const Snapshot& later,
                                     std::chrono::milliseconds elapsed) {
  std::vector<Change> changes;
  for (const ItemKind& kind : item_kinds) {
    if (earlier.items(kind) == later.items(kind)) continue;
    const auto list = at(documents(earlier, later), {"lists", kind.member});
    const Value* ttl = ttl_beyond(list.before, elapsed);
    if (ttl == nullptr) continue;
    changes.push_back(change_of("list", std::string(kind.member),
                                child_pointer("/lists", kind.member), *ttl,
                                fmt::format("The list of {}s", kind.noun)));
  }
  const Value* ttl = ttl_beyond(earlier.document().find("discover"), elapsed);
  const bool same = std::ranges::all_of(
      discovered, [&](std::string_view name) { return same_member(earlier, later, name); });
  if (ttl != nullptr && !same) {
    changes.push_back(change_of("server", "", "/discover", *ttl, "What the server says of itself"));
  }
  return changes;
}

}  // namespace probes::drift

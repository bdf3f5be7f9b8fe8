#include <fmt/format.h>

#include <string>

#include "mcp/base/text.hpp"
#include "probes/drift/changes.hpp"

namespace probes::drift {
namespace {

using mcp::schema::child_pointer;
using mcp::schema::Decimal;

/// Caching of 2026-07-28: a ttlMs that is absent, negative or no number means stale at once.
Decimal lifetime(const Value* value) {
  if (value == nullptr || !value->is(mcp::schema::Type::number)) return {};
  return value->number().is_negative() ? Decimal() : value->number();
}

std::string stated(const Value* value) {
  return value == nullptr ? "not given" : mcp::excerpt(value->text(), 40) + " ms";
}

void compare_lifetime(const Reporter& report, const Edit& owner, const std::string& pointer) {
  const auto ttl = member(owner, "ttlMs");
  if (!ttl.differs()) return;
  const auto where = child_pointer(pointer, "ttlMs");
  if (ttl.after == nullptr) {
    report.add(
        "ttl-missing", where,
        fmt::format("The answer of {} no longer says how long it may be kept (ttlMs was {}), "
                    "although the 2026-07-28 revision requires it.",
                    report.mention(), stated(ttl.before)),
        ttl);
    return;
  }
  const auto before = lifetime(ttl.before);
  const auto after = lifetime(ttl.after);
  if (after > before) {
    report.add("ttl-increased", where,
               fmt::format("Clients may keep the answer of {} for longer (ttlMs was {} and is {}), "
                           "so the next change reaches them later.",
                           report.mention(), stated(ttl.before), stated(ttl.after)),
               ttl);
  } else if (after < before) {
    report.add("ttl-decreased", where,
               fmt::format("Clients may keep the answer of {} for a shorter time (ttlMs was {} and "
                           "is {}), so they ask more often.",
                           report.mention(), stated(ttl.before), stated(ttl.after)),
               ttl);
  }
}

void compare_scope(const Reporter& report, const Edit& owner, const std::string& pointer) {
  const auto scope = member(owner, "cacheScope");
  const auto before = text_or_empty(scope.before);
  const auto after = text_or_empty(scope.after);
  const auto where = child_pointer(pointer, "cacheScope");
  if (before == "private" && after == "public") {
    report.add("cache-scope-private-to-public", where,
               fmt::format("The answer of {} was private and may now be kept in shared caches, "
                           "which can serve what one user may see to another.",
                           report.mention()),
               scope);
  } else if (before == "public" && after == "private") {
    report.add("cache-scope-public-to-private", where,
               fmt::format("The answer of {} may no longer be kept in shared caches, so the server "
                           "is asked more often.",
                           report.mention()),
               scope);
  }
}

}  // namespace

void compare_caching(const Snapshot& older, const Snapshot& newer, const DiffOptions& /*options*/,
                     std::vector<Change>& changes) {
  // Only one era has these members: a change of era says that they come or go.
  if (older.text("era") != newer.text("era")) return;
  const auto both = documents(older, newer);
  const auto compare = [](const Reporter& report, const Edit& owner, const std::string& pointer) {
    if (owner.before == nullptr || owner.after == nullptr) return;
    compare_lifetime(report, owner, pointer);
    compare_scope(report, owner, pointer);
  };
  for (const auto& kind : item_kinds) {
    compare(Reporter(changes, "list", kind.member), at(both, {"lists", kind.member}),
            child_pointer("/lists", kind.member));
  }
  compare(Reporter(changes, "server", ""), member(both, "discover"), "/discover");
}

}  // namespace probes::drift

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

void compare_lifetime(const Reporter& report, const Edit& ttl, const std::string& where) {
  if (!ttl.differs()) return;
  const auto before = lifetime(ttl.before);
  const auto after = lifetime(ttl.after);
  if (ttl.after == nullptr) {
    report.add(
        "ttl-missing", where,
        fmt::format("The answer of {} no longer says how long it may be kept (ttlMs was {}), "
                    "although the 2026-07-28 revision requires it.",
                    report.mention(), stated(ttl.before)),
        ttl);
  } else if (after > before) {
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
  } else if (ttl.before == nullptr) {
    report.add("ttl-zero-stated", where,
               fmt::format("The answer of {} now says that it may not be kept (ttlMs 0), as if it "
                           "said nothing.",
                           report.mention()),
               ttl);
  }
}

/// Nothing may be shared that is not said to be public.
void compare_scope(const Reporter& report, const Edit& scope, const std::string& where) {
  if (!scope.differs()) return;
  const auto before = text_or_empty(scope.before);
  const auto after = text_or_empty(scope.after);
  if (after == "public" && before == "private") {
    report.add("cache-scope-private-to-public", where,
               fmt::format("The answer of {} was private and may now be kept in shared caches, "
                           "which can serve what one user may see to another.",
                           report.mention()),
               scope);
  } else if (after == "private" && before == "public") {
    report.add("cache-scope-public-to-private", where,
               fmt::format("The answer of {} may no longer be kept in shared caches, so the server "
                           "is asked more often.",
                           report.mention()),
               scope);
  } else if (scope.after == nullptr) {
    report.add("cache-scope-missing", where,
               fmt::format("The answer of {} no longer says who may keep it (cacheScope was {}), "
                           "although the 2026-07-28 revision requires it.",
                           report.mention(), shown(scope.before)),
               scope);
  } else if (scope.before == nullptr) {
    report.add("cache-scope-added", where,
               fmt::format("The answer of {} now says who may keep it (cacheScope {}).",
                           report.mention(), shown(scope.after)),
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
    compare_lifetime(report, member(owner, "ttlMs"), child_pointer(pointer, "ttlMs"));
    compare_scope(report, member(owner, "cacheScope"), child_pointer(pointer, "cacheScope"));
  };
  for (const auto& kind : item_kinds) {
    compare(Reporter(changes, "list", kind.member), at(both, {"lists", kind.member}),
            child_pointer("/lists", kind.member));
  }
  compare(Reporter(changes, "server", ""), member(both, "discover"), "/discover");
}

}  // namespace probes::drift

#include <fmt/format.h>

#include <set>

#include "mcp/base/text.hpp"
#include "probes/drift/changes.hpp"

namespace probes::drift {
namespace {

std::set<std::string> revisions(const Value* list) {
  std::set<std::string> found;
  for (const Value& each : array_or_empty(list)) {
    if (each.is(mcp::schema::Type::string)) found.insert(each.string());
  }
  return found;
}

void dropped(const Reporter& report, std::string_view pointer, const std::string& revision,
             std::string_view how) {
  const Value value(revision);
  report.add("protocol-version-dropped", std::string(pointer),
             fmt::format("The server {} {}: a client that speaks only that revision can no longer "
                         "talk to it.",
                         how, mcp::excerpt(revision, 40)),
             {&value, nullptr});
}

void gained(const Reporter& report, std::string_view pointer, const std::string& revision,
            std::string_view how) {
  const Value value(revision);
  report.add(
      "protocol-version-added", std::string(pointer),
      fmt::format("The server {} {}, which it did not before.", how, mcp::excerpt(revision, 40)),
      {nullptr, &value});
}

void compare_supported(const Reporter& report, const Edit& list) {
  const auto before = revisions(list.before);
  const auto after = revisions(list.after);
  for (const auto& revision : before) {
    if (!after.contains(revision)) {
      dropped(report, "/supportedVersions", revision, "no longer supports revision");
    }
  }
  for (const auto& revision : after) {
    if (!before.contains(revision)) {
      gained(report, "/supportedVersions", revision, "supports revision");
    }
  }
}

/// A handshake shows one revision only, the one that the server chose: an older one than before
/// says that the newer was dropped, a newer one says nothing of the older.
void compare_chosen(const Reporter& report, const Edit& chosen) {
  const auto before = text_or_empty(chosen.before);
  const auto after = text_or_empty(chosen.after);
  if (before == after || before.empty() || after.empty()) return;
  if (after < before) {
    dropped(report, "/protocolVersion", before,
            fmt::format("answers initialize with revision {} and no longer with",
                        mcp::excerpt(after, 40)));
  } else {
    gained(report, "/protocolVersion", after, "answers initialize with revision");
  }
}

}  // namespace

void compare_revisions(const Snapshot& older, const Snapshot& newer, const DiffOptions& options,
                       std::vector<Change>& changes) {
  if (options.compare_eras) return;
  const Reporter report(changes, "server", "");
  const auto both = documents(older, newer);
  const auto era = member(both, "era");
  if (era.before != nullptr && era.after != nullptr && era.differs()) {
    const auto word = [](const Value* value) { return mcp::excerpt(text_or_empty(value), 40); };
    report.add("protocol-era-changed", "/era",
               fmt::format("The server spoke the {} form of the protocol ({}) and now the {} one "
                           "({}): clients that know only the first cannot connect.",
                           word(era.before),
                           era.before->text() == "\"modern\"" ? "server/discover" : "initialize",
                           word(era.after),
                           era.after->text() == "\"modern\"" ? "server/discover" : "initialize"),
               era);
    return;
  }
  const auto supported = member(both, "supportedVersions");
  if (supported.differs()) compare_supported(report, supported);
  if (older.text("era") != "modern") compare_chosen(report, member(both, "protocolVersion"));
}

}  // namespace probes::drift

#include <fmt/format.h>

#include "probes/drift/changes.hpp"
#include "probes/drift/semver.hpp"

namespace probes::drift {
namespace {

using mcp::schema::child_pointer;

void compare_instructions(const Reporter& report, const Edit& documents) {
  const auto text = member(documents, "instructions");
  if (!text.differs()) return;
  const auto before = text_or_empty(text.before);
  const auto after = text_or_empty(text.after);
  if (after.empty()) {
    report.add("instructions-removed", "/instructions",
               fmt::format("The server no longer gives instructions ({} bytes before), so models "
                           "use its tools without that advice.",
                           before.size()),
               text);
    return;
  }
  report.add("instructions-changed", "/instructions",
             fmt::format("The server's instructions {} ({} bytes before, {} now), and hosts put "
                         "them into the model's system prompt.",
                         before.empty() ? "are new" : "changed", before.size(), after.size()),
             text);
}

void compare_name_and_title(const Reporter& report, const Edit& info) {
  if (const auto name = member(info, "name"); name.differs()) {
    report.add("server-name-changed", "/serverInfo/name",
               fmt::format("The server called itself {} and now calls itself {}: it may be another "
                           "program, and trust given to the name no longer holds.",
                           shown(name.before), shown(name.after)),
               name);
  }
  if (const auto title = member(info, "title"); title.differs()) {
    report.add("server-title-changed", "/serverInfo/title",
               fmt::format("The server's title was {} and is {}, which only people see.",
                           shown(title.before), shown(title.after)),
               title);
  }
  for (const std::string_view detail : {"description", "websiteUrl"}) {
    const auto edit = member(info, detail);
    if (!edit.differs()) continue;
    report.add("server-details-changed", child_pointer("/serverInfo", detail),
               fmt::format("The server's {} was {} and is {}.", detail, shown(edit.before),
                           shown(edit.after)),
               edit);
  }
  compare_icons(report, info, "/serverInfo");
}

/// What a version stands for: all that clients program against.
std::vector<std::string_view> changed_parts(const Edit& documents) {
  std::vector<std::string_view> parts;
  for (const std::string_view part :
       {"tools", "prompts", "resources", "resourceTemplates", "capabilities", "instructions"}) {
    if (member(documents, part).differs()) parts.push_back(part);
  }
  return parts;
}

void compare_version(const Reporter& report, const Edit& documents) {
  const auto version = at(documents, {"serverInfo", "version"});
  constexpr std::string_view pointer = "/serverInfo/version";
  const auto changed = changed_parts(documents);
  if (!version.differs()) {
    if (version.after == nullptr || changed.empty()) return;
    report.add("server-version-unchanged", std::string(pointer),
               fmt::format("The server still calls itself version {}, although its {} changed: "
                           "whoever goes by the version keeps what is out of date.",
                           shown(version.after), fmt::join(changed, ", ")),
               version);
    return;
  }
  const auto before = SemanticVersion::parse(text_or_empty(version.before));
  const auto after = SemanticVersion::parse(text_or_empty(version.after));
  if (before && after && *after < *before) {
    report.add("server-version-regressed", std::string(pointer),
               fmt::format("The server's version went down from {} to {}: an older build may have "
                           "been put in place.",
                           shown(version.before), shown(version.after)),
               version);
  } else {
    report.add("server-version-changed", std::string(pointer),
               fmt::format("The server's version was {} and is {}.", shown(version.before),
                           shown(version.after)),
               version);
  }
}

}  // namespace

void compare_server(const Snapshot& older, const Snapshot& newer, const DiffOptions& options,
                    std::vector<Change>& changes) {
  const Reporter report(changes, "server", "");
  const auto both = documents(older, newer);
  compare_instructions(report, both);
  compare_name_and_title(report, member(both, "serverInfo"));
  // The eras of one server are one build.
  if (!options.compare_eras) compare_version(report, both);
  compare_meta(report, member(both, "handshake"), "/handshake", "meta-changed");
}

}  // namespace probes::drift

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>

#include "mcp/base/text.hpp"
#include "mcp/base/url.hpp"
#include "probes/drift/changes.hpp"

namespace probes::drift {
namespace {

using mcp::schema::child_pointer;

/// "added", "removed" or "changed", for a member that differs.
std::string_view verb(const Edit& edit) {
  if (edit.before == nullptr) return "now has";
  return edit.after == nullptr ? "no longer has" : "has another";
}

/// Where an icon is loaded from: the origin of a web address, else the scheme alone.
std::string origin_of(const std::string& source) {
  if (const auto url = mcp::parse_url(source)) return url->origin();
  const auto colon = source.find(':');
  constexpr std::size_t longest_scheme = 20;  // and where there is no colon, npos is more
  if (colon > longest_scheme) return "a relative address";
  return mcp::to_lower(source.substr(0, colon + 1));
}

std::set<std::string> origins(const Value* icons) {
  std::set<std::string> found;
  for (const Value& icon : array_or_empty(icons)) {
    if (const auto* source = string_in(&icon, "src")) found.insert(origin_of(*source));
  }
  return found;
}

/// What a host reads in `_meta` to decide what it shows or allows.
bool is_sensitive_meta(std::string_view key) {
  constexpr std::array words = {"auth",    "permission", "secur",  "scope", "consent",
                                "trusted", "sandbox",    "widget", "csp",   "outputtemplate"};
  const auto lower = mcp::to_lower(key);
  const bool is_ui = lower == "ui" || lower.starts_with("ui/") || lower.ends_with("/ui");
  return is_ui || std::ranges::any_of(words, [&](std::string_view word) {
           return lower.find(word) != std::string::npos;
         });
}

std::set<std::string> changed_keys(const Edit& edit) {
  std::set<std::string> keys;
  for (const Value* side : {edit.before, edit.after}) {
    for (const auto& [key, value] : object_or_empty(side)) {
      if (member(edit, key).differs()) keys.insert(key);
    }
  }
  return keys;
}

}  // namespace

void compare_title(const Reporter& report, const Edit& item, const std::string& pointer,
                   std::string_view rule) {
  const auto title = member(item, "title");
  if (!title.differs()) return;
  report.add(rule, child_pointer(pointer, "title"),
             fmt::format("{} {} title ({} before, {} now), which changes only what people see.",
                         report.subject(), verb(title), shown(title.before), shown(title.after)),
             title);
}

void compare_description(const Reporter& report, const Edit& item, const std::string& pointer,
                         std::string_view rule) {
  const auto text = member(item, "description");
  if (!text.differs()) return;
  const auto size = [](const Value* value) { return text_or_empty(value).size(); };
  report.add(rule, child_pointer(pointer, "description"),
             fmt::format("{} {} description ({} bytes before, {} now), and a model takes it as "
                         "instructions that nobody has reviewed yet.",
                         report.subject(), verb(text), size(text.before), size(text.after)),
             text);
}

void compare_icons(const Reporter& report, const Edit& owner, const std::string& pointer) {
  const auto icons = member(owner, "icons");
  if (!icons.differs()) return;
  const auto before = origins(icons.before);
  std::vector<std::string> fresh;
  for (const auto& origin : origins(icons.after)) {
    if (!before.contains(origin) && origin != "data:") fresh.push_back(origin);
  }
  const auto where = child_pointer(pointer, "icons");
  if (fresh.empty()) {
    report.add("icon-changed", where,
               fmt::format("{} {} icons, from no new origin.", report.subject(), verb(icons)),
               icons);
    return;
  }
  report.add("icon-origin-changed", where,
             fmt::format("The icons of {} now come from {}, so hosts that draw them fetch from a "
                         "place that they did not contact before.",
                         report.mention(), listed(fresh)),
             icons);
}

void compare_meta(const Reporter& report, const Edit& item, const std::string& pointer,
                  std::string_view rule) {
  const auto meta = member(item, "_meta");
  if (!meta.differs()) return;
  const auto where = child_pointer(pointer, "_meta");
  std::vector<std::string> plain;
  for (const auto& key : changed_keys(meta)) {
    if (!is_sensitive_meta(key)) {
      plain.push_back(key);
      continue;
    }
    const auto value = member(meta, key);
    report.add("meta-security-changed", child_pointer(where, key),
               fmt::format("The _meta member {} of {} was {} and is {}; hosts read such members to "
                           "decide what they show or allow.",
                           shown(key), report.mention(), shown(value.before), shown(value.after)),
               value);
  }
  if (plain.empty() && meta.before != nullptr && meta.after != nullptr) return;
  report.add(rule, where,
             plain.empty() ? fmt::format("{} {} _meta.", report.subject(), verb(meta))
                           : fmt::format("The _meta of {} differs in {}, which only clients that "
                                         "know these members notice.",
                                         report.mention(), listed(plain)),
             meta);
}

}  // namespace probes::drift

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <utility>

#include "mcp/base/text.hpp"
#include "probes/health/checks.hpp"

namespace probes {
namespace {

constexpr std::size_t longest_name = 64;
constexpr std::size_t names_in_message = 5;

std::string shown_name(const std::string& name) {
  return mcp::printable(name.size() > longest_name ? name.substr(0, longest_name) + "…" : name);
}

/// "a, b, c and 4 more", so that a message stays short however many there are.
std::string enumerate(const std::vector<std::string>& texts) {
  std::string line;
  for (std::size_t index = 0; index < std::min(texts.size(), names_in_message); ++index)
    line += (index == 0 ? "" : ", ") + texts[index];
  if (texts.size() > names_in_message)
    line += fmt::format(" and {} more", texts.size() - names_in_message);
  return line;
}

std::string name_of(const mcp::Json& tool) {
  if (!tool->is_object()) return {};
  const auto name = tool->find("name");
  return name == tool->end() || !name->is_string() ? std::string() : name->get<std::string>();
}

std::vector<std::string> names_of(const mcp::Listing& listing) {
  std::vector<std::string> names;
  names.reserve(listing.items.size());
  for (const auto& tool : listing.items) names.push_back(name_of(tool));
  return names;
}

/// 2025-11-25 schema, Tool: `name` is required; `inputSchema` is an object of type "object".
std::string defect_of(const mcp::Json& tool) {
  if (name_of(tool).empty()) return "a tool without a name";
  const auto name = shown_name(name_of(tool));
  const auto schema = tool->find("inputSchema");
  if (schema == tool->end()) return name + ": no inputSchema";
  if (!schema->is_object()) return name + ": inputSchema is not an object";
  const auto type = schema->find("type");
  if (type == schema->end() || *type != "object")
    return name + R"(: inputSchema is not of type "object")";
  return {};
}

/// Comparing takes time in the product of the lengths, and a server chose one of them.
std::string hint_of_typo(const std::string& wanted, std::vector<std::string> names) {
  std::erase_if(names, [&wanted](const std::string& name) {
    return name.size() > longest_name || name.size() > 2 * wanted.size() + 2;
  });
  const auto similar = wanted.size() > longest_name ? "" : mcp::nearest(wanted, names);
  return similar.empty() ? similar
                         : fmt::format("listed is {}: renamed, or a typo?", shown_name(similar));
}

bool is_required(const ProbeOptions& options) {
  return options.min_tools.value_or(0) > 0 || !options.require_tools.empty();
}

/// The list to judge: an empty one where the server declares no tools although some are wanted.
const mcp::Listing* listing_to_judge(const Observation& seen, const ProbeOptions& options) {
  static const mcp::Listing none;
  if (seen.tools) return &*seen.tools;
  const auto* phase = seen.find(PhaseName::tools);
  const bool not_offered = seen.peer && !seen.failure && phase != nullptr;
  return not_offered && is_required(options) ? &none : nullptr;
}

}  // namespace

CheckResult check_tools_empty(const Observation& seen, const ProbeOptions& options) {
  if (!seen.tools || options.min_tools || !options.require_tools.empty()) return std::nullopt;
  if (!seen.tools->items.empty()) return std::vector<Finding>{};
  return std::vector<Finding>{
      {.id = "tools.empty",
       .message = "the server declares tools, and lists none",
       .hint = "look at the server's log for tools that failed to load; --min-tools 0 if it is "
               "meant to be so"}};
}

CheckResult check_tools_count(const Observation& seen, const ProbeOptions& options) {
  const auto* listing = listing_to_judge(seen, options);
  if (listing == nullptr || !options.min_tools) return std::nullopt;
  if (listing->items.size() >= *options.min_tools) return std::vector<Finding>{};
  return std::vector<Finding>{
      {.id = "tools.too-few",
       .message = fmt::format("{} tools are listed, and at least {} are required",
                              listing->items.size(), *options.min_tools),
       .hint = seen.tools ? "" : "the server does not declare the tools capability"}};
}

CheckResult check_tools_required(const Observation& seen, const ProbeOptions& options) {
  const auto* listing = listing_to_judge(seen, options);
  if (listing == nullptr || options.require_tools.empty()) return std::nullopt;
  const auto names = names_of(*listing);
  std::vector<std::string> missing;
  std::string hint = seen.tools ? "" : "the server does not declare the tools capability";
  for (const auto& wanted : options.require_tools) {
    if (std::ranges::find(names, wanted) != names.end()) continue;
    missing.push_back(shown_name(wanted));
    if (hint.empty() && missing.size() <= names_in_message) hint = hint_of_typo(wanted, names);
  }
  if (missing.empty()) return std::vector<Finding>{};
  return std::vector<Finding>{
      {.id = "tools.missing",
       .message = fmt::format("required, and not listed: {}", enumerate(missing)),
       .hint = std::move(hint)}};
}

CheckResult check_tools_unique(const Observation& seen, const ProbeOptions&) {
  if (!seen.tools || seen.tools->items.empty()) return std::nullopt;
  std::map<std::string, std::size_t> counts;
  for (const auto& name : names_of(*seen.tools))
    if (!name.empty()) ++counts[name];
  std::vector<std::string> repeated;
  for (const auto& [name, count] : counts)
    if (count > 1) repeated.push_back(fmt::format("{} ({} times)", shown_name(name), count));
  if (repeated.empty()) return std::vector<Finding>{};
  return std::vector<Finding>{
      {.id = "tools.duplicate",
       .message = "tool names must be unique: " + enumerate(repeated),
       .hint = "a client can call only one of them, and clients differ in which"}};
}

CheckResult check_tools_valid(const Observation& seen, const ProbeOptions&) {
  if (!seen.tools || seen.tools->items.empty()) return std::nullopt;
  std::vector<std::string> defects;
  for (const auto& tool : seen.tools->items) {
    auto defect = defect_of(tool);
    if (!defect.empty()) defects.push_back(std::move(defect));
  }
  if (defects.empty()) return std::vector<Finding>{};
  return std::vector<Finding>{
      {.id = "tools.invalid",
       .message = "invalid definitions: " + enumerate(defects),
       .hint = "many clients drop the whole list because of one invalid tool"}};
}

CheckResult check_tools_rejected(const Observation& seen, const ProbeOptions&) {
  if (!seen.tools) return std::nullopt;
  std::vector<std::string> rejected;
  for (const auto& tool : seen.tools->rejected)
    rejected.push_back(shown_name(tool.name) + ": " + mcp::printable(tool.reason));
  if (rejected.empty()) return std::vector<Finding>{};
  return std::vector<Finding>{
      {.id = "tools.rejected",
       .severity = Severity::warning,
       .message = "clients must leave out: " + enumerate(rejected),
       .hint = "correct the x-mcp-header annotations (2026-07-28 streamable-http)"}};
}

}  // namespace probes

#include "cli/drift_files.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <yaml-cpp/yaml.h>

#include <charconv>
#include <chrono>
#include <optional>
#include <set>
#include <string>
#include <utility>

#include "cli/file.hpp"
#include "mcp/base/text.hpp"
#include "probes/drift/rule.hpp"

namespace cli {
namespace {

using probes::drift::ApprovalEntry;
using probes::drift::RuleSetting;

constexpr std::size_t longest_file = 4UL * 1024 * 1024;
constexpr std::size_t fingerprint_digits = 16;
using Names = std::vector<std::string>;

/// What tells apart the errors of one file: its name and the line.
struct Place {
  const std::filesystem::path& file;

  std::unexpected<mcp::Error> refuse(int line, const std::string& why,
                                     std::string hint = {}) const {
    return mcp::fail(mcp::ErrorKind::usage,
                     fmt::format("{}:{}: {}", mcp::printable(file.string()), line, why),
                     std::move(hint));
  }
  std::unexpected<mcp::Error> refuse(const YAML::Node& node, const std::string& why,
                                     std::string hint = {}) const {
    return refuse(node.Mark().line + 1, why, std::move(hint));
  }
};

std::string suggestion(const std::string& word, const Names& known) {
  const auto near = mcp::nearest(word, known);
  return near.empty() ? fmt::format("choose one of {}", fmt::join(known, ", "))
                      : fmt::format("did you mean {}?", near);
}

mcp::Result<YAML::Node> load(const Place& place) {
  auto text = read_file(place.file, longest_file);
  if (!text) return std::unexpected(text.error());
  try {
    return YAML::Load(*text);
  } catch (const YAML::Exception& error) {
    return place.refuse(error.mark.line + 1, "is neither YAML nor JSON: " + error.msg);
  }
}

/// A mapping whose keys are all known, each there once.
mcp::Result<void> check_keys(const YAML::Node& node, const Names& known, const Place& place) {
  if (!node.IsMap())
    return place.refuse(node,
                        fmt::format("a mapping is expected here, with {}", fmt::join(known, ", ")));
  std::set<std::string> seen;
  for (const auto& member : node) {
    const auto key = member.first.IsScalar() ? member.first.Scalar() : std::string();
    if (std::ranges::find(known, key) == known.end())
      return place.refuse(member.first, "unknown key " + mcp::quoted(key), suggestion(key, known));
    if (!seen.insert(key).second)
      return place.refuse(member.first, mcp::quoted(key) + " stands here twice");
  }
  return {};
}

/// The file's only member, as what it has to be.
mcp::Result<YAML::Node> only_member(const std::string& key, YAML::NodeType::value type,
                                    const Place& place) {
  auto document = load(place);
  if (!document) return std::unexpected(document.error());
  if (auto keys = check_keys(*document, {key}, place); !keys) return std::unexpected(keys.error());
  const YAML::Node member = (*document)[key];
  if (!member) return place.refuse(*document, fmt::format("\"{}\" is missing", key));
  if (member.Type() != type && !member.IsNull())
    return place.refuse(member, fmt::format("\"{}\" is not a {}", key,
                                            type == YAML::NodeType::Map ? "mapping" : "list"));
  return member;
}

Names rule_ids() {
  Names ids;
  for (const auto& rule : probes::drift::rules()) ids.push_back(rule.id);
  return ids;
}

mcp::Result<RuleSetting> read_setting(const YAML::Node& key, const YAML::Node& value,
                                      const Place& place) {
  const auto id = key.IsScalar() ? key.Scalar() : std::string();
  if (probes::drift::find_rule(id) == nullptr) {
    const auto near = mcp::nearest(id, rule_ids());
    return place.refuse(key, "unknown rule " + mcp::quoted(id),
                        near.empty() ? "'mcpctl diff --list-rules' lists them"
                                     : fmt::format("did you mean {}?", near));
  }
  const auto word = value.IsScalar() ? value.Scalar() : std::string();
  if (word == "off") return RuleSetting{.rule = id, .severity = std::nullopt};
  const auto severity = probes::drift::severity_named(word);
  if (!severity)
    return place.refuse(value, fmt::format("{}: unknown severity {}", id, mcp::quoted(word)),
                        suggestion(word, {"breaking", "dangerous", "safe", "off"}));
  return RuleSetting{.rule = id, .severity = severity};
}

std::optional<int> digits(std::string_view text) {
  int value = 0;
  const auto* end = text.data() + text.size();
  if (text.find_first_not_of("0123456789") != std::string_view::npos) return std::nullopt;
  const auto [stop, problem] = std::from_chars(text.data(), end, value);
  if (problem != std::errc() || stop != end) return std::nullopt;
  return value;
}

bool is_date(const std::string& text) {
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') return false;
  const auto year = digits(std::string_view(text).substr(0, 4));
  const auto month = digits(std::string_view(text).substr(5, 2));
  const auto day = digits(std::string_view(text).substr(8, 2));
  if (!year || !month || !day) return false;
  return (std::chrono::year(*year) / *month / *day).ok();
}

bool is_fingerprint(const std::string& text) {
  return text.size() == fingerprint_digits &&
         text.find_first_not_of("0123456789abcdef") == std::string::npos;
}

mcp::Result<std::string> required_text(const YAML::Node& entry, const char* key,
                                       const Place& place) {
  const YAML::Node member = entry[key];
  if (!member || member.IsNull())
    return place.refuse(entry, fmt::format("the approval has no \"{}\"", key));
  if (!member.IsScalar()) return place.refuse(member, fmt::format("\"{}\" is not a text", key));
  if (mcp::trim(member.Scalar()).empty())
    return place.refuse(member, fmt::format("\"{}\" is empty", key));
  return member.Scalar();
}

mcp::Result<ApprovalEntry> read_approval(const YAML::Node& node, const Place& place) {
  if (auto keys = check_keys(node, {"fingerprint", "reason", "expires"}, place); !keys)
    return std::unexpected(keys.error());
  const auto fingerprint = required_text(node, "fingerprint", place);
  if (!fingerprint) return std::unexpected(fingerprint.error());
  if (!is_fingerprint(*fingerprint))
    return place.refuse(node["fingerprint"],
                        fmt::format("{} is no fingerprint", mcp::quoted(*fingerprint)),
                        "16 hexadecimal digits, as 'mcpctl diff' prints them");
  const auto reason = required_text(node, "reason", place);
  if (!reason) return std::unexpected(reason.error());
  const auto expires = required_text(node, "expires", place);
  if (!expires) return std::unexpected(expires.error());
  if (!is_date(*expires))
    return place.refuse(node["expires"], fmt::format("{} is no date", mcp::quoted(*expires)),
                        "write it as YYYY-MM-DD");
  return ApprovalEntry{.fingerprint = *fingerprint, .reason = *reason, .expires = *expires};
}

}  // namespace

mcp::Result<std::vector<RuleSetting>> read_rule_settings(const std::filesystem::path& file) {
  const Place place{file};
  const auto members = only_member("rules", YAML::NodeType::Map, place);
  if (!members) return std::unexpected(members.error());
  std::vector<RuleSetting> settings;
  for (const auto& member : *members) {
    auto setting = read_setting(member.first, member.second, place);
    if (!setting) return std::unexpected(setting.error());
    if (std::ranges::find(settings, setting->rule, &RuleSetting::rule) != settings.end())
      return place.refuse(member.first, mcp::quoted(setting->rule) + " stands here twice");
    settings.push_back(std::move(*setting));
  }
  return settings;
}

mcp::Result<std::vector<ApprovalEntry>> read_approvals(const std::filesystem::path& file) {
  const Place place{file};
  const auto entries = only_member("approvals", YAML::NodeType::Sequence, place);
  if (!entries) return std::unexpected(entries.error());
  std::vector<ApprovalEntry> approvals;
  for (const auto& entry : *entries) {
    auto approval = read_approval(entry, place);
    if (!approval) return std::unexpected(approval.error());
    approvals.push_back(std::move(*approval));
  }
  return approvals;
}

}  // namespace cli

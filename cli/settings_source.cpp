#include "cli/settings_source.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "cli/file.hpp"
#include "mcp/base/text.hpp"
#include "scenarios/yaml_tree.hpp"

namespace cli {
namespace {

constexpr std::string_view prefix = "MCPCTL_";
constexpr std::size_t longest_file = 1UL << 20U;

std::vector<std::string> lines_of(std::string_view text) {
  std::vector<std::string> lines;
  while (!text.empty()) {
    const auto end = std::min(text.find('\n'), text.size());
    const auto line = mcp::trim(text.substr(0, end));
    if (!line.empty()) lines.emplace_back(line);
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return lines;
}

/// Reads the file's members, and says where each stands.
class SettingsFile {
 public:
  SettingsFile(const std::string& path, const KnownSettings& known)
      : name_(mcp::printable(path)), known_(known) {}

  mcp::Result<SettingValues> read(std::string_view text) const {
    const auto root = scenarios::read_yaml(text, {.bytes = longest_file});
    if (!root) return refuse(root.error().place, root.error().message, root.error().hint);
    SettingValues values;
    if (root->is(Kind::null)) return values;
    if (!root->is(Kind::mapping)) {
      return refuse(root->place, fmt::format("{} where options are expected", kind_name(*root)),
                    "write a line for each: interval: 10s");
    }
    for (const auto& member : root->members) {
      auto setting = read(member);
      if (!setting) return std::unexpected(setting.error());
      values.emplace(member.key, std::move(*setting));
    }
    return values;
  }

 private:
  using Kind = scenarios::YamlNode::Kind;

  std::unexpected<mcp::Error> refuse(const scenarios::Place& place, const std::string& what,
                                     std::string hint = {}) const {
    return mcp::fail(mcp::ErrorKind::usage, at(place) + what, std::move(hint));
  }
  std::string at(const scenarios::Place& place) const {
    return fmt::format("{}:{}: ", name_, place.line);
  }

  mcp::Result<Setting> read(const scenarios::YamlMember& member) const {
    const auto form = known_.find(member.key);
    if (form == known_.end()) return refuse(member.place, unknown(member.key));
    Setting setting{.source = at(member.place) + member.key, .values = {}};
    const auto& value = member.value;
    const bool is_list = value.is(Kind::sequence);
    if (value.is(Kind::scalar)) {
      setting.values.push_back(value.text);
    } else if (is_list && form->second == SettingForm::repeated) {
      for (const auto& item : value.items) {
        if (!item.is(Kind::scalar)) {
          return refuse(item.place, fmt::format("{}: {} in the list", member.key, kind_name(item)));
        }
        setting.values.push_back(item.text);
      }
    } else if (value.is(Kind::null)) {
      return refuse(member.place, member.key + ": needs a value");
    } else {
      return refuse(member.place, fmt::format("{}: {} where one value is expected", member.key,
                                              kind_name(value)));
    }
    return setting;
  }

  std::string unknown(const std::string& key) const {
    std::vector<std::string> names;
    for (const auto& [name, form] : known_) names.push_back(name);
    const auto near = mcp::nearest(key, names);
    const auto hint = near.empty() ? "" : fmt::format(" (did you mean {}?)", near);
    return fmt::format("unknown key {}{}", mcp::quoted(key, 60), hint);
  }

  std::string name_;
  const KnownSettings& known_;
};

}  // namespace

std::string variable_name(std::string_view key) {
  std::string name(prefix);
  for (const char letter : key) {
    const bool is_small = letter >= 'a' && letter <= 'z';
    const bool is_mark = letter == '-' || letter == '.';
    name += is_small ? static_cast<char>(letter - 'a' + 'A') : is_mark ? '_' : letter;
  }
  return name;
}

SettingValues settings_of_environment(const KnownSettings& known, const World& world) {
  SettingValues values;
  for (const auto& [key, form] : known) {
    const auto name = variable_name(key);
    const auto value = world.variable(name);
    if (!value) continue;
    Setting setting{.source = name, .values = {}};
    if (form == SettingForm::repeated) {
      setting.values = lines_of(*value);
    } else {
      setting.values.push_back(*value);
    }
    values.emplace(key, std::move(setting));
  }
  return values;
}

std::vector<std::string> doubtful_variables(const KnownSettings& known, const World& world) {
  constexpr std::size_t most_edits = 2;
  constexpr std::size_t shortest = 5;  // PORT is no slip of the pen for PROXY
  std::vector<std::string> doubtful;
  if (!world.variable_names) return doubtful;
  std::vector<std::string> names;
  for (const auto& [key, form] : known) names.push_back(variable_name(key));
  for (const auto& name : world.variable_names()) {
    if (!name.starts_with(prefix) || name.size() < prefix.size() + shortest) continue;
    if (std::ranges::find(names, name) != names.end()) continue;
    const auto near = std::ranges::find_if(names, [&](const std::string& candidate) {
      return mcp::edit_distance(name, candidate) <= most_edits;
    });
    if (near == names.end()) continue;
    doubtful.push_back(
        fmt::format("{}: no such option (did you mean {}?)", mcp::printable(name), *near));
  }
  return doubtful;
}

mcp::Result<SettingValues> settings_of_file(const std::string& path, const KnownSettings& known) {
  const auto text = read_file(path, longest_file);
  if (!text) return std::unexpected(text.error());
  return SettingsFile(path, known).read(*text);
}

}  // namespace cli

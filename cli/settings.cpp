#include "cli/settings.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>
#include <optional>

#include "cli/parse_error.hpp"
#include "cli/settings_source.hpp"
#include "mcp/base/text.hpp"

namespace cli {
namespace {

constexpr auto target_key = "target";
constexpr auto command_key = "command";

std::unexpected<mcp::Error> refuse(std::string message, std::string hint = {}) {
  return mcp::fail(mcp::ErrorKind::usage, std::move(message), std::move(hint));
}

SettingForm form_of(const CLI::Option& option) {
  if (option.get_items_expected_max() == 0) return SettingForm::flag;
  return option.get_expected_max() > 1 ? SettingForm::repeated : SettingForm::single;
}

std::map<std::string, CLI::Option*> options_of(CLI::App& app) {
  std::map<std::string, CLI::Option*> options;
  for (CLI::Option* option : app.get_options()) {
    for (const std::string& name : option->get_lnames()) {
      // What says where settings are is none of them, and neither is a question.
      if (name != "help" && name != "settings") options.emplace(name, option);
    }
  }
  return options;
}

std::optional<bool> read_flag(const std::string& text) {
  constexpr std::array yes = {"true", "1", "yes", "on"};
  constexpr std::array no = {"false", "0", "no", "off"};
  const auto word = mcp::to_lower(text);
  if (std::ranges::find(yes, word) != yes.end()) return true;
  if (std::ranges::find(no, word) != no.end()) return false;
  return std::nullopt;
}

mcp::Result<void> set(CLI::Option& option, const Setting& setting, const CLI::App& app) {
  if (form_of(option) == SettingForm::flag) {
    const auto on = read_flag(setting.values.front());
    if (!on) {
      return refuse(fmt::format("{}: {} is neither true nor false", setting.source,
                                mcp::quoted(setting.values.front(), 60)));
    }
    if (!*on) return {};
  }
  try {
    for (const std::string& value : setting.values) option.add_result(value);
    option.run_callback();
  } catch (const CLI::ParseError& error) {
    return std::unexpected(to_error(error, app));
  }
  return {};
}

/// One source: a target beside a command would leave open which is meant.
mcp::Result<void> check_one_target(const SettingValues& values) {
  const auto target = values.find(target_key);
  const auto command = values.find(command_key);
  if (target == values.end() || command == values.end()) return {};
  return refuse(
      fmt::format("{} and {} exclude each other", target->second.source, command->second.source));
}

/// What stands in `over` wins; whoever names a target or a command has said which server is meant.
void merge(SettingValues& over, SettingValues under) {
  if (over.contains(target_key) || over.contains(command_key)) {
    under.erase(target_key);
    under.erase(command_key);
  }
  over.merge(under);
}

/// The environment over the file.
mcp::Result<SettingValues> collect(const KnownSettings& known, const std::string& file,
                                   const World& world) {
  auto values = settings_of_environment(known, world);
  if (auto ok = check_one_target(values); !ok) return std::unexpected(ok.error());
  const auto path = file.empty() ? world.variable(variable_name("settings")).value_or("") : file;
  if (path.empty()) return values;
  auto written = settings_of_file(path, known);
  if (!written) return std::unexpected(written.error());
  if (auto ok = check_one_target(*written); !ok) return std::unexpected(ok.error());
  merge(values, std::move(*written));
  return values;
}

bool is_option_letter(char letter) {
  return (letter >= 'a' && letter <= 'z') || (letter >= '0' && letter <= '9') || letter == '-' ||
         letter == '.';
}

}  // namespace

mcp::Result<Settings> Settings::apply(CLI::App& app, const std::string& file, SettingsFrom from,
                                      const World& world) {
  const auto options = options_of(app);
  KnownSettings known;
  for (const auto& [name, option] : options) known.emplace(name, form_of(*option));
  if (from == SettingsFrom::everywhere_with_target) {
    known.emplace(target_key, SettingForm::single);
    known.emplace(command_key, SettingForm::repeated);
  }
  const auto values = collect(known, file, world);
  if (!values) return std::unexpected(values.error());
  Settings settings;
  settings.doubtful_ = doubtful_variables(known, world);
  for (const auto& [key, setting] : *values) {
    if (setting.values.empty()) continue;
    if (key == target_key) settings.target_ = setting.values.front();
    if (key == command_key) settings.command_ = setting.values;
    const auto option = options.find(key);
    if (option == options.end() || option->second->count() != 0) continue;
    settings.origins_.emplace(key, setting.source);
    if (auto done = set(*option->second, setting, app); !done) {
      return std::unexpected(settings.by_source(done.error()));
    }
  }
  return settings;
}

mcp::Error Settings::by_source(mcp::Error error) const {
  std::string named;
  std::string_view rest = error.message;
  for (auto dashes = rest.find("--"); dashes != std::string_view::npos; dashes = rest.find("--")) {
    const auto begin = rest.begin() + static_cast<std::ptrdiff_t>(dashes) + 2;
    const std::string_view name(begin, std::find_if_not(begin, rest.end(), is_option_letter));
    const auto origin = origins_.find(name);
    named += rest.substr(0, dashes);
    named += origin == origins_.end() ? fmt::format("--{}", name) : origin->second;
    rest.remove_prefix(dashes + 2 + name.size());
  }
  error.message = named.append(rest);
  return error;
}

void add_settings_option(CLI::App& app, std::string& file) {
  app.add_option("--settings", file,
                 "YAML file with options (interval: 10s); variables (MCPCTL_INTERVAL) win over it, "
                 "and options on the line over both")
      ->type_name("FILE")
      ->group("General");
}

}  // namespace cli

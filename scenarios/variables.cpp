#include "scenarios/variables.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "mcp/base/text.hpp"

namespace scenarios {
namespace {

constexpr std::size_t most_bytes = 4UL << 20U;

bool is_name(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '-';
  });
}

std::string without_escapes(std::string_view text) {
  std::string result;
  for (; !text.empty(); text.remove_prefix(text.starts_with("$$") ? 2 : 1)) result += text.front();
  return result;
}

}  // namespace

bool is_run_time_name(std::string_view name) {
  return name == "iteration" || name.starts_with("agent.") || name.starts_with("random.");
}

void Variables::declare(YamlNode& file, Complaints& complaints) {
  const auto found = std::ranges::find(file.members, "vars", &YamlMember::key);
  if (found == file.members.end()) return;
  const YamlNode vars = std::move(found->value);
  file.members.erase(found);
  if (!vars.is(YamlNode::Kind::mapping) && !vars.is(YamlNode::Kind::null)) {
    complaints.add(vars.place, "vars must be a mapping of names to values");
    return;
  }
  std::map<std::string, Variable, std::less<>> declared;
  for (const auto& [key, place, value] : vars.members) {
    if (!is_name(key) || is_run_time_name(key)) {
      complaints.add(place, fmt::format("{} cannot be the name of a variable", mcp::quoted(key)),
                     "letters, digits, _ and -; iteration is taken");
    } else if (!value.items.empty() || !value.members.empty()) {
      complaints.add(value.place, "a variable holds text, a number or a truth value");
    } else if (value.is(YamlNode::Kind::null)) {
      declared[key] = {};
    } else {
      auto text = expand(value.text, value.place, complaints);
      declared[key] = {text ? std::optional(without_escapes(*text)) : text, value.quoted};
    }
  }
  variables_ = std::move(declared);
}

void Variables::set(const std::map<std::string, std::string>& values, Complaints& complaints) {
  std::vector<std::string> names;
  for (const auto& [name, variable] : variables_) names.push_back(name);
  for (const auto& [name, value] : values) {
    const auto found = variables_.find(name);
    if (found != variables_.end()) {
      found->second.value = value;
      continue;
    }
    const auto near = mcp::nearest(name, names);
    complaints.add({}, fmt::format("the scenario has no variable {}", mcp::quoted(name)),
                   near.empty() ? "" : fmt::format("did you mean {}?", near));
  }
}

void Variables::fill_in(YamlNode& node, Complaints& complaints) {
  if (node.is(YamlNode::Kind::scalar)) fill_in_scalar(node, complaints);
  for (auto& item : node.items) fill_in(item, complaints);
  for (auto& member : node.members) fill_in(member.value, complaints);
}

void Variables::fill_in_scalar(YamlNode& node, Complaints& complaints) {
  if (node.text.find('$') == std::string::npos) return;
  const auto filled = expand(node.text, node.place, complaints);
  if (!filled) return;
  // "${count}" stands for what the variable holds: a number stays one, a quoted text too.
  const std::string_view text = node.text;
  const bool whole = text.starts_with("${") && text.find('}') == text.size() - 1;
  if (whole) {
    const auto found = variables_.find(text.substr(2, text.size() - 3));
    if (found != variables_.end()) node.quoted = found->second.quoted;
  }
  node.text = *filled;
}

std::optional<std::string> Variables::expand(std::string_view text, Place place,
                                             Complaints& complaints) {
  std::string result;
  while (true) {
    const auto dollar = text.find('$');
    result += text.substr(0, dollar);
    if (dollar == std::string_view::npos) break;
    text.remove_prefix(dollar);
    const auto end = text.starts_with("${") ? text.find('}') : std::string_view::npos;
    if (text.starts_with("${") && end == std::string_view::npos) {
      complaints.add(place, "${ without its }", "write $$ for a dollar sign");
      return std::nullopt;
    }
    if (end == std::string_view::npos) {
      // What is known at run time only is read once more then, and so are its dollar signs.
      const std::size_t length = text.starts_with("$$") ? 2 : 1;
      result += text.substr(0, length);
      text.remove_prefix(length);
      continue;
    }
    const auto name = text.substr(2, end - 2);
    if (is_run_time_name(name)) {
      result += text.substr(0, end + 1);
    } else {
      const auto value = look_up(name, place, complaints);
      if (!value) return std::nullopt;
      for (const char c : *value) result += c == '$' ? std::string("$$") : std::string(1, c);
    }
    text.remove_prefix(end + 1);
    if (result.size() > most_bytes) break;
  }
  written_ += result.size();
  if (written_ <= most_bytes) return result;
  complaints.add(place, fmt::format("variables make this longer than {} bytes", most_bytes));
  return std::nullopt;
}

std::optional<std::string> Variables::look_up(std::string_view name, Place place,
                                              Complaints& complaints) {
  if (name.starts_with("env:")) return from_environment(name.substr(4), place, complaints);
  const auto found = variables_.find(name);
  if (found != variables_.end() && found->second.value) return found->second.value;
  if (found != variables_.end()) {
    complaints.add(place, fmt::format("the variable {} has no value", name),
                   fmt::format("--set {}=VALUE", name));
    return std::nullopt;
  }
  std::vector<std::string> names = {"agent.id", "iteration", "random.uuid"};
  for (const auto& [known, variable] : variables_) names.push_back(known);
  const auto near = mcp::nearest(name, names);
  complaints.add(place, fmt::format("there is no variable {}", mcp::quoted(name)),
                 near.empty() ? "declare it under vars, or write ${env:NAME}"
                              : fmt::format("did you mean {}?", near));
  return std::nullopt;
}

std::optional<std::string> Variables::from_environment(std::string_view name, Place place,
                                                       Complaints& complaints) {
  const auto mark = name.find(":-");
  const std::string key(name.substr(0, mark));
  auto value = environment_ ? environment_(key) : std::nullopt;
  if (mark != std::string_view::npos) {
    // The shell's rule: with ":-" an empty value counts as none.
    return value && !value->empty() ? *value : std::string(name.substr(mark + 2));
  }
  if (value) return value;
  complaints.add(place, fmt::format("the environment variable {} is not set", mcp::printable(key)),
                 fmt::format("set it, or write ${{env:{}:-default}}", mcp::printable(key)));
  return std::nullopt;
}

}  // namespace scenarios

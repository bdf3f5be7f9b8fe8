#include "scenarios/script_reader.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "mcp/base/text.hpp"

namespace scenarios {
namespace {

constexpr int deepest = 8;
constexpr std::int64_t most_calls = 1'000'000;

const std::vector<std::string>& step_names() {
  static const std::vector<std::string> names = {
      "connect", "disconnect", "request", "pace",  "ping", "listen", "call",  "list",
      "read",    "prompt",     "any",     "burst", "idle", "think",  "repeat"};
  return names;
}

bool is_request(std::string_view name) {
  return RequestReader::operation_of(name).has_value();
}

}  // namespace

std::optional<Script> ScriptReader::read(const YamlNode& node, int depth) {
  if (!node.is(YamlNode::Kind::sequence) || node.items.empty()) {
    Scalars(complaints_).refuse(node, "list of steps");
    return std::nullopt;
  }
  if (depth > deepest) {
    complaints_.add(node.place, fmt::format("repeat nests deeper than {}", deepest));
    return std::nullopt;
  }
  Script script;
  for (const auto& item : node.items) {
    if (auto step = read_step(item, depth)) script.push_back(std::move(*step));
  }
  return script;
}

std::optional<ScriptStep> ScriptReader::read_step(const YamlNode& node, int depth) {
  if (node.is(YamlNode::Kind::scalar)) return read_word(node);
  if (!node.is(YamlNode::Kind::mapping) || node.members.empty()) {
    Scalars(complaints_).refuse(node, "step");
    return std::nullopt;
  }
  // Options of a request may stand before its name.
  const auto named = std::ranges::find_if(node.members, [](const YamlMember& member) {
    return std::ranges::find(step_names(), member.key) != step_names().end();
  });
  if (named != node.members.end()) return read_action(node, *named, depth);
  const auto& first = node.members.front();
  const auto near = mcp::nearest(first.key, step_names());
  complaints_.add(first.place, fmt::format("there is no step {}", mcp::quoted(first.key)),
                  near.empty() ? fmt::format("steps are {}", fmt::join(step_names(), ", "))
                               : fmt::format("did you mean {}?", near));
  return std::nullopt;
}

std::optional<ScriptStep> ScriptReader::read_word(const YamlNode& node) {
  ScriptStep step{.place = node.place};
  if (node.text == "connect") {
    step.action = Connect{};
  } else if (node.text == "disconnect") {
    step.action = Disconnect{};
  } else if (node.text == "request") {
    step.action = Send{};
  } else if (node.text == "pace") {
    step.action = Pace{};
  } else if (node.text == "ping" || node.text == "listen") {
    step.action = Send{.mix = {*requests_.read(node)}};
  } else {
    const std::vector<std::string> words = {"connect", "disconnect", "request",
                                            "pace",    "ping",       "listen"};
    const bool needs_value = std::ranges::find(step_names(), node.text) != step_names().end();
    const auto near = mcp::nearest(node.text, words);
    Scalars(complaints_)
        .refuse(node, "step",
                needs_value    ? fmt::format("{} needs a value: {}: …", node.text, node.text)
                : near.empty() ? fmt::format("steps are {}", fmt::join(step_names(), ", "))
                               : fmt::format("did you mean {}?", near));
    return std::nullopt;
  }
  return step;
}

std::optional<ScriptStep> ScriptReader::read_action(const YamlNode& node, const YamlMember& action,
                                                    int depth) {
  ScriptStep step{.place = node.place};
  if (is_request(action.key)) {
    auto request = requests_.read(node);
    if (!request) return std::nullopt;
    step.action = Send{.mix = {std::move(*request)}};
    return step;
  }
  Fields fields(node, "a step", complaints_);
  const bool read = [&] {
    const auto take = [&](auto value, auto make) {
      if (value) step.action = make(std::move(*value));
      return value.has_value();
    };
    const auto& value = action.value;
    fields.take(action.key);
    if (action.key == "any")
      return take(requests_.read_mix(value), [](Mix m) { return Send{std::move(m)}; });
    if (action.key == "burst") return take(read_burst(value), [](Burst b) { return b; });
    if (action.key == "repeat") return take(read_repeat(value, depth), [](Repeat r) { return r; });
    if (action.key == "idle")
      return take(fields.scalars().uneven(value), [](Uneven u) { return Idle{u}; });
    if (action.key == "think")
      return take(fields.scalars().uneven(value), [](Uneven u) { return Think{u}; });
    complaints_.add(action.place, fmt::format("{} has no value", action.key),
                    fmt::format("write - {}", action.key));
    return false;
  }();
  fields.finish();
  return read ? std::optional(std::move(step)) : std::nullopt;
}

std::optional<Burst> ScriptReader::read_burst(const YamlNode& node) {
  if (node.is(YamlNode::Kind::scalar)) {
    const auto rate = Scalars(complaints_).rate(node);
    if (!rate) return std::nullopt;
    const bool whole = node.text.substr(0, node.text.find('/')).find('.') == std::string::npos;
    if (whole && rate->count >= 1 && rate->count <= most_calls) {
      return Burst{.calls = rate->count, .over = rate->per};
    }
    complaints_.add(node.place, fmt::format("a burst has 1 to {} calls", most_calls));
    return std::nullopt;
  }
  Fields fields(node, "burst", complaints_);
  if (!node.is(YamlNode::Kind::mapping)) return std::nullopt;
  Burst burst;
  auto& scalars = fields.scalars();
  fields.into("calls", burst.calls,
              [&](const YamlNode& n) { return scalars.integer(n, 1, most_calls); });
  fields.into("over", burst.over, [&](const YamlNode& n) { return scalars.duration(n); });
  fields.into("any", burst.mix, [&](const YamlNode& n) { return requests_.read_mix(n); });
  fields.with("spacing", [&](const YamlNode& n) {
    if (const auto chosen = scalars.choice(n, {"equal", "jittered"})) {
      burst.spacing = *chosen == 0 ? Spacing::equal : Spacing::jittered;
    }
  });
  fields.finish();
  if (node.find("calls") != nullptr && node.find("over") != nullptr) return burst;
  complaints_.add(node.place, "burst needs calls and over", "for example {calls: 30, over: 8s}");
  return std::nullopt;
}

std::optional<Repeat> ScriptReader::read_repeat(const YamlNode& node, int depth) {
  Repeat repeat;
  if (node.is(YamlNode::Kind::sequence)) {
    if (auto steps = read(node, depth + 1)) repeat.steps = std::move(*steps);
    return repeat;
  }
  Fields fields(node, "repeat", complaints_);
  if (!node.is(YamlNode::Kind::mapping)) return std::nullopt;
  fields.into("times", repeat.times,
              [&](const YamlNode& n) { return fields.scalars().integer(n, 1, 1'000'000'000); });
  fields.into("steps", repeat.steps, [&](const YamlNode& n) { return read(n, depth + 1); });
  if (node.find("steps") == nullptr) complaints_.add(node.place, "repeat needs steps");
  fields.finish();
  return repeat;
}

}  // namespace scenarios

#include "mcp/schema/validator.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "mcp/base/text.hpp"

namespace mcp::schema {
namespace {

std::string shown(const Value& value) {
  auto text = printable(value.text());
  constexpr std::size_t longest = 80;
  if (text.size() > longest) text = printable(value.text().substr(0, longest)) + "…";
  return text;
}

}  // namespace

Validator::Validator(Schema schema, ValidationLimits limits)
    : schema_(std::move(schema)), limits_(limits) {}

Result<bool> Validator::accepts(const Value& instance) {
  return accepts(schema_.root(), instance);
}

Result<bool> Validator::accepts(const Node& node, const Value& instance) {
  steps_ = 0;
  depth_ = 0;
  quiet_ = 1;
  error_.reset();
  const bool fits = valid(node, instance, Path{}, nullptr);
  if (error_) return std::unexpected(std::move(*error_));
  return fits;
}

Result<std::optional<Violation>> Validator::check(const Value& instance) {
  steps_ = 0;
  depth_ = 0;
  quiet_ = 0;
  error_.reset();
  violation_.reset();
  const bool fits = valid(schema_.root(), instance, Path{}, nullptr);
  if (error_) return std::unexpected(std::move(*error_));
  if (fits) return std::nullopt;
  return std::move(violation_);
}

void Validator::Evaluated::mark(std::size_t index) {
  if (items.size() <= index) items.resize(index + 1);
  items[index] = true;
}

void Validator::Evaluated::add(const Evaluated& other) {
  all_items = all_items || other.all_items;
  all_properties = all_properties || other.all_properties;
  for (std::size_t index = 0; index < other.items.size(); ++index) {
    if (other.items[index]) mark(index);
  }
  properties.insert(properties.end(), other.properties.begin(), other.properties.end());
}

void Validator::exceed(std::string_view what) {
  if (error_) return;
  Error error;
  error.kind = ErrorKind::limit;
  error.message = fmt::format("validation takes more than {}", what);
  error_ = std::move(error);
}

bool Validator::spend() {
  if (++steps_ > limits_.steps) exceed(fmt::format("{} steps", limits_.steps));
  return !error_;
}

bool Validator::refuse(const Frame& frame, std::string_view keyword, std::string message) {
  if (quiet_ > 0 || violation_) return false;
  std::string instance;
  std::vector<const Path*> way;
  for (const auto* at = &frame.path; at->parent != nullptr; at = at->parent) way.push_back(at);
  for (auto at = way.rbegin(); at != way.rend(); ++at) {
    instance = (*at)->is_index ? fmt::format("{}/{}", instance, (*at)->index)
                               : child_pointer(instance, (*at)->name);
  }
  auto place = frame.node.location;
  if (!keyword.empty()) place = child_pointer(place, keyword);
  violation_ = Violation{
      .instance = std::move(instance), .schema = std::move(place), .message = std::move(message)};
  return false;
}

bool Validator::valid(const Node& node, const Value& value, const Path& path, Evaluated* outer) {
  if (!spend()) return false;
  if (depth_ >= limits_.depth) {
    exceed(fmt::format("{} levels of subschemas", limits_.depth));
    return false;
  }
  Evaluated own;
  const bool tracks =
      outer != nullptr || node.array.unevaluated != nullptr || node.object.unevaluated != nullptr;
  const Frame frame{
      .node = node, .value = value, .path = path, .evaluated = tracks ? &own : nullptr};
  if (node.rejects_all) return refuse(frame, "", "nothing is allowed here");
  ++depth_;
  const bool fits = general(frame) && typed(frame) && in_place(frame) && unevaluated(frame);
  --depth_;
  if (fits && outer != nullptr) outer->add(own);
  return fits && !error_;
}

bool Validator::child_valid(const Node& node, const Value& value, const Path& path) {
  return valid(node, value, path, nullptr);
}

/// Applies a subschema whose failure is no violation by itself.
bool Validator::quietly(const Node& node, const Frame& frame, Evaluated* evaluated) {
  ++quiet_;
  const bool fits = valid(node, frame.value, frame.path, evaluated);
  --quiet_;
  return fits;
}

bool Validator::matches(const Pattern& pattern, const std::string& text) {
  const auto matched = patterns_.matches(pattern, text);
  if (!matched) exceed(fmt::format("the pattern {} may cost", quoted(pattern.text(), 60)));
  return matched.value_or(false);
}

bool Validator::general(const Frame& frame) {
  const auto& [node, value, path, evaluated] = frame;
  const bool whole = value.is(Type::number) && value.number().is_integer();
  const bool fits = node.types.contains(value.type()) &&
                    (!value.is(Type::number) || !node.integers_only || whole);
  if (!fits) {
    return refuse(frame, "type", fmt::format("{} is not of an allowed type", shown(value)));
  }
  if (node.constant && *node.constant != value) {
    return refuse(frame, "const", fmt::format("{} is not {}", shown(value), shown(*node.constant)));
  }
  if (node.choices && std::ranges::find(*node.choices, value) == node.choices->end()) {
    return refuse(frame, "enum", fmt::format("{} is none of the allowed values", shown(value)));
  }
  return true;
}

bool Validator::typed(const Frame& frame) {
  switch (frame.value.type()) {
    case Type::number:
      return number(frame);
    case Type::string:
      return string(frame);
    case Type::array:
      return array(frame);
    case Type::object:
      return object(frame);
    default:
      return true;
  }
}

bool Validator::number(const Frame& frame) {
  const auto& rules = frame.node.number;
  const auto& value = frame.value.number();
  const auto problem = [&](std::string_view keyword, std::string_view what, const Decimal& bound) {
    return refuse(frame, keyword, fmt::format("{} is not {} {}", value.text(), what, bound.text()));
  };
  if (rules.minimum && value < *rules.minimum)
    return problem("minimum", "at least", *rules.minimum);
  if (rules.maximum && value > *rules.maximum) return problem("maximum", "at most", *rules.maximum);
  if (rules.exclusive_minimum && value <= *rules.exclusive_minimum) {
    return problem("exclusiveMinimum", "more than", *rules.exclusive_minimum);
  }
  if (rules.exclusive_maximum && value >= *rules.exclusive_maximum) {
    return problem("exclusiveMaximum", "less than", *rules.exclusive_maximum);
  }
  if (rules.multiple_of && !is_multiple(value, *rules.multiple_of)) {
    return problem("multipleOf", "a multiple of", *rules.multiple_of);
  }
  return true;
}

bool Validator::string(const Frame& frame) {
  const auto& rules = frame.node.string;
  const auto& text = frame.value.string();
  if (rules.min_length || rules.max_length) {
    const auto length = count_code_points(text);
    if (rules.min_length && length < *rules.min_length) {
      return refuse(frame, "minLength",
                    fmt::format("{} characters are fewer than {}", length, *rules.min_length));
    }
    if (rules.max_length && length > *rules.max_length) {
      return refuse(frame, "maxLength",
                    fmt::format("{} characters are more than {}", length, *rules.max_length));
    }
  }
  if (rules.pattern && !matches(*rules.pattern, text)) {
    return refuse(
        frame, "pattern",
        fmt::format("{} does not match {}", quoted(text, 80), quoted(rules.pattern->text(), 80)));
  }
  return true;
}

bool Validator::in_place(const Frame& frame) {
  const auto& node = frame.node;
  const auto applies = [&](NodeRef inner) {
    return valid(*inner, frame.value, frame.path, frame.evaluated);
  };
  if (!std::ranges::all_of(node.references, applies)) return false;
  if (!std::ranges::all_of(node.all_of, applies)) return false;
  if (!any_of(frame) || !one_of(frame) || !conditional(frame)) return false;
  if (node.negated != nullptr && quietly(*node.negated, frame, nullptr)) {
    return refuse(frame, "not", fmt::format("{} is excluded", shown(frame.value)));
  }
  return true;
}

bool Validator::any_of(const Frame& frame) {
  const auto& branches = frame.node.any_of;
  if (branches.empty()) return true;
  bool matched = false;
  for (const auto* branch : branches) {
    matched = quietly(*branch, frame, frame.evaluated) || matched;
    if (matched && frame.evaluated == nullptr) break;
  }
  return matched || refuse(frame, "anyOf", fmt::format("{} fits no branch", shown(frame.value)));
}

bool Validator::one_of(const Frame& frame) {
  const auto& branches = frame.node.one_of;
  if (branches.empty()) return true;
  std::size_t matched = 0;
  for (const auto* branch : branches) {
    matched += quietly(*branch, frame, frame.evaluated) ? 1 : 0;
    if (matched > 1) break;
  }
  if (matched == 1) return true;
  return refuse(frame, "oneOf",
                fmt::format("{} fits {}", shown(frame.value),
                            matched == 0 ? "no branch" : "more than one branch"));
}

bool Validator::conditional(const Frame& frame) {
  const auto& node = frame.node;
  if (node.condition == nullptr) return true;
  const bool holds = quietly(*node.condition, frame, frame.evaluated);
  const auto* branch = holds ? node.then_branch : node.else_branch;
  return branch == nullptr || valid(*branch, frame.value, frame.path, frame.evaluated);
}

}  // namespace mcp::schema

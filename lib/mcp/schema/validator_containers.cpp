#include <fmt/format.h>

#include <algorithm>

#include "mcp/base/text.hpp"
#include "mcp/schema/validator.hpp"

namespace mcp::schema {

bool Validator::array(const Frame& frame) {
  const auto& rules = frame.node.array;
  const auto size = frame.value.array().size();
  if (rules.min_items && size < *rules.min_items) {
    return refuse(frame, "minItems",
                  fmt::format("{} items are fewer than {}", size, *rules.min_items));
  }
  if (rules.max_items && size > *rules.max_items) {
    return refuse(frame, "maxItems",
                  fmt::format("{} items are more than {}", size, *rules.max_items));
  }
  return unique(frame) && items(frame) && contains(frame);
}

bool Validator::items(const Frame& frame) {
  const auto& rules = frame.node.array;
  const auto& array = frame.value.array();
  const auto prefix = std::min(rules.prefix_items.size(), array.size());
  for (std::size_t index = 0; index < array.size(); ++index) {
    const auto* node = index < prefix ? rules.prefix_items[index] : rules.items;
    if (node == nullptr) break;
    const Path path{.parent = &frame.path, .name = {}, .index = index, .is_index = true};
    if (!child_valid(*node, array[index], path)) return false;
  }
  if (frame.evaluated == nullptr) return true;
  if (rules.items != nullptr) frame.evaluated->all_items = true;
  for (std::size_t index = 0; index < prefix; ++index) frame.evaluated->mark(index);
  return true;
}

bool Validator::contains(const Frame& frame) {
  const auto& rules = frame.node.array;
  if (rules.contains == nullptr) return true;
  const auto& array = frame.value.array();
  std::size_t found = 0;
  ++quiet_;
  for (std::size_t index = 0; index < array.size(); ++index) {
    if (!child_valid(*rules.contains, array[index], frame.path)) continue;
    ++found;
    if (frame.evaluated != nullptr && rules.contains_evaluates) frame.evaluated->mark(index);
  }
  --quiet_;
  if (found < rules.min_contains) {
    return refuse(frame, rules.min_contains == 1 ? "contains" : "minContains",
                  fmt::format("{} items fit contains, fewer than {}", found, rules.min_contains));
  }
  if (rules.max_contains && found > *rules.max_contains) {
    return refuse(frame, "maxContains",
                  fmt::format("{} items fit contains, more than {}", found, *rules.max_contains));
  }
  return true;
}

bool Validator::unique(const Frame& frame) {
  if (!frame.node.array.unique_items) return true;
  std::vector<const Value*> sorted;
  for (const auto& element : frame.value.array()) sorted.push_back(&element);
  std::ranges::sort(sorted, {}, [](const Value* value) -> const Value& { return *value; });
  const auto twin = std::ranges::adjacent_find(
      sorted, [](const Value* left, const Value* right) { return *left == *right; });
  return twin == sorted.end() || refuse(frame, "uniqueItems", "two items are equal");
}

bool Validator::object(const Frame& frame) {
  const auto& rules = frame.node.object;
  const auto size = frame.value.object().size();
  if (rules.min_properties && size < *rules.min_properties) {
    return refuse(frame, "minProperties",
                  fmt::format("{} properties are fewer than {}", size, *rules.min_properties));
  }
  if (rules.max_properties && size > *rules.max_properties) {
    return refuse(frame, "maxProperties",
                  fmt::format("{} properties are more than {}", size, *rules.max_properties));
  }
  return required(frame) && members(frame) && dependent(frame);
}

bool Validator::required(const Frame& frame) {
  const auto& rules = frame.node.object;
  for (const auto& name : rules.required) {
    if (frame.value.find(name) == nullptr) {
      return refuse(frame, "required", fmt::format("{} is missing", quoted(name)));
    }
  }
  for (const auto& [name, needed] : rules.dependent_required) {
    if (frame.value.find(name) == nullptr) continue;
    for (const auto& other : needed) {
      if (frame.value.find(other) == nullptr) {
        return refuse(frame, "dependentRequired",
                      fmt::format("{} is missing beside {}", quoted(other), quoted(name)));
      }
    }
  }
  return true;
}

bool Validator::members(const Frame& frame) {
  const auto& rules = frame.node.object;
  const bool needed = !rules.properties.empty() || !rules.pattern_properties.empty() ||
                      rules.additional != nullptr || rules.names != nullptr;
  if (!needed) return true;
  return std::ranges::all_of(frame.value.object(), [&](const auto& each) {
    return member(frame, each.first, each.second);
  });
}

bool Validator::member(const Frame& frame, const std::string& name, const Value& value) {
  const auto& rules = frame.node.object;
  const Path path{.parent = &frame.path, .name = name, .index = 0, .is_index = false};
  if (rules.names != nullptr && !child_valid(*rules.names, Value(name), frame.path)) return false;
  bool known = false;
  const auto property =
      std::ranges::lower_bound(rules.properties, name, {}, &std::pair<std::string, NodeRef>::first);
  if (property != rules.properties.end() && property->first == name) {
    known = true;
    if (!child_valid(*property->second, value, path)) return false;
  }
  for (const auto& [pattern, node] : rules.pattern_properties) {
    if (!matches(pattern, name)) continue;
    known = true;
    if (!child_valid(*node, value, path)) return false;
  }
  if (!known && rules.additional != nullptr) {
    known = true;
    if (rules.additional->rejects_all) {
      const Frame inner{
          .node = *rules.additional, .value = value, .path = path, .evaluated = nullptr};
      return refuse(inner, "", fmt::format("the property {} is not allowed", quoted(name)));
    }
    if (!child_valid(*rules.additional, value, path)) return false;
  }
  if (known && frame.evaluated != nullptr) frame.evaluated->properties.emplace_back(name);
  return true;
}

bool Validator::dependent(const Frame& frame) {
  return std::ranges::all_of(frame.node.object.dependent_schemas, [&](const auto& each) {
    return frame.value.find(each.first) == nullptr ||
           valid(*each.second, frame.value, frame.path, frame.evaluated);
  });
}

/// What nothing else has looked at (core section 11); all of it is evaluated then.
bool Validator::unevaluated(const Frame& frame) {
  const bool array = frame.value.is(Type::array);
  if (array && frame.node.array.unevaluated != nullptr) return unevaluated_items(frame);
  const bool object = frame.value.is(Type::object);
  if (object && frame.node.object.unevaluated != nullptr) return unevaluated_members(frame);
  return true;
}

bool Validator::unevaluated_items(const Frame& frame) {
  if (frame.evaluated->all_items) return true;
  const auto& array = frame.value.array();
  const auto& seen = frame.evaluated->items;
  for (std::size_t index = 0; index < array.size(); ++index) {
    if (index < seen.size() && seen[index]) continue;
    const Path path{.parent = &frame.path, .name = {}, .index = index, .is_index = true};
    if (!child_valid(*frame.node.array.unevaluated, array[index], path)) return false;
  }
  frame.evaluated->all_items = true;
  return true;
}

bool Validator::unevaluated_members(const Frame& frame) {
  if (frame.evaluated->all_properties) return true;
  const auto& seen = frame.evaluated->properties;
  for (const auto& [name, value] : frame.value.object()) {
    if (std::ranges::find(seen, name) != seen.end()) continue;
    const Path path{.parent = &frame.path, .name = name, .index = 0, .is_index = false};
    if (!child_valid(*frame.node.object.unevaluated, value, path)) return false;
  }
  frame.evaluated->all_properties = true;
  return true;
}

}  // namespace mcp::schema

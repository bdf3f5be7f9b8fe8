#include "scenarios/fields.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "mcp/base/text.hpp"

namespace scenarios {

Fields::Fields(const YamlNode& mapping, std::string what, Complaints& complaints)
    : mapping_(mapping), what_(std::move(what)), scalars_(complaints) {
  if (!mapping.is(YamlNode::Kind::mapping)) {
    complaints.add(mapping.place,
                   fmt::format("{} must be a mapping, not {}", what_, kind_name(mapping)));
  }
}

const YamlNode* Fields::take(std::string_view key) {
  known_.emplace_back(key);
  const auto* node = mapping_.find(key);
  return node != nullptr && node->is(YamlNode::Kind::null) ? nullptr : node;
}

bool Fields::has(std::string_view key) {
  known_.emplace_back(key);
  may_be_empty_.emplace_back(key);
  return mapping_.find(key) != nullptr;
}

void Fields::with(std::string_view key, const std::function<void(const YamlNode&)>& read) {
  if (const auto* node = take(key)) read(*node);
}

void Fields::finish() {
  for (const auto& member : mapping_.members) {
    if (std::ranges::find(known_, member.key) != known_.end()) {
      const bool may_be_empty = std::ranges::find(may_be_empty_, member.key) != may_be_empty_.end();
      if (member.value.is(YamlNode::Kind::null) && !may_be_empty) {
        scalars_.complaints().add(member.place,
                                  fmt::format("{} has no value", mcp::quoted(member.key)));
      }
      continue;
    }
    const auto near = mcp::nearest(member.key, known_);
    scalars_.complaints().add(member.place,
                              fmt::format("{} has no {}", what_, mcp::quoted(member.key)),
                              near.empty() ? fmt::format("it has {}", fmt::join(known_, ", "))
                                           : fmt::format("did you mean {}?", near));
  }
}

}  // namespace scenarios

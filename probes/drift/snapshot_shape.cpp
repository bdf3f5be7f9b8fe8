#include "probes/drift/snapshot_shape.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string>
#include <utility>
#include <vector>

#include "mcp/base/text.hpp"
#include "probes/drift/snapshot.hpp"

namespace probes::drift {
namespace {

using mcp::schema::child_pointer;
using mcp::schema::Type;
using mcp::schema::Value;

constexpr auto take_again = "take it again: mcpctl snapshot TARGET -o FILE";

std::unexpected<mcp::Error> wrong(std::string_view pointer, std::string_view why,
                                  std::string hint = take_again) {
  return mcp::fail(mcp::ErrorKind::usage, fmt::format("{}: {}", mcp::printable(pointer), why),
                   std::move(hint));
}

mcp::Result<void> expect(const Value& value, Type type, std::string_view pointer) {
  if (value.is(type)) return {};
  return wrong(pointer, fmt::format("is of type {}, not {}", mcp::schema::to_string(value.type()),
                                    mcp::schema::to_string(type)));
}

using Check = mcp::Result<void> (*)(const Value& value, std::string_view pointer);

mcp::Result<void> is_text(const Value& value, std::string_view pointer) {
  return expect(value, Type::string, pointer);
}

mcp::Result<void> is_object(const Value& value, std::string_view pointer) {
  return expect(value, Type::object, pointer);
}

mcp::Result<void> is_array(const Value& value, std::string_view pointer) {
  return expect(value, Type::array, pointer);
}

mcp::Result<void> is_number(const Value& value, std::string_view pointer) {
  return expect(value, Type::number, pointer);
}

mcp::Result<void> is_anything(const Value&, std::string_view) {
  return {};
}

mcp::Result<void> are_texts(const Value& value, std::string_view pointer) {
  if (auto array = is_array(value, pointer); !array) return array;
  for (std::size_t index = 0; index < value.array().size(); ++index) {
    auto text = is_text(value.array()[index], fmt::format("{}/{}", pointer, index));
    if (!text) return text;
  }
  return {};
}

mcp::Result<void> is_era(const Value& value, std::string_view pointer) {
  if (value.is(Type::string) && (value.string() == "legacy" || value.string() == "modern")) {
    return {};
  }
  return wrong(pointer, R"(is neither "legacy" nor "modern")");
}

template <std::size_t Size>
mcp::Result<void> check_members(const Value& value, std::string_view pointer,
                                const std::array<std::pair<std::string_view, Check>, Size>& table) {
  if (auto object = is_object(value, pointer); !object) return object;
  for (const auto& [name, member] : value.object()) {
    const auto where = child_pointer(pointer, name);
    const auto* known = std::ranges::find(table, name, &std::pair<std::string_view, Check>::first);
    if (known == table.end()) {
      std::vector<std::string> names;
      names.reserve(Size);
      for (const auto& [each, check] : table) names.emplace_back(each);
      const auto near = mcp::nearest(name, names);
      return wrong(where, "a snapshot has no such member",
                   near.empty() ? take_again : fmt::format("did you mean {}?", near));
    }
    if (auto right = known->second(member, where); !right) return right;
  }
  return {};
}

mcp::Result<void> is_list(const Value& value, std::string_view pointer) {
  static constexpr std::array members = {
      std::pair<std::string_view, Check>{"order", are_texts},
      std::pair<std::string_view, Check>{"pages", is_number},
      std::pair<std::string_view, Check>{"ttlMs", is_anything},
      std::pair<std::string_view, Check>{"cacheScope", is_anything},
      std::pair<std::string_view, Check>{"duplicates", is_array},
      std::pair<std::string_view, Check>{"unnamed", is_array},
  };
  return check_members(value, pointer, members);
}

mcp::Result<void> are_lists(const Value& value, std::string_view pointer) {
  static constexpr std::array members = {
      std::pair<std::string_view, Check>{tool_kind.member, is_list},
      std::pair<std::string_view, Check>{prompt_kind.member, is_list},
      std::pair<std::string_view, Check>{resource_kind.member, is_list},
      std::pair<std::string_view, Check>{template_kind.member, is_list},
  };
  return check_members(value, pointer, members);
}

/// An item's key may have been redacted; where it stands it is the item's name in the file.
mcp::Result<void> are_items(const Value& value, std::string_view pointer) {
  if (auto object = is_object(value, pointer); !object) return object;
  const auto member = pointer.substr(1);
  const auto* kind = std::ranges::find(item_kinds, member, &ItemKind::member);
  for (const auto& [key, item] : value.object()) {
    const auto where = child_pointer(pointer, key);
    if (auto object = is_object(item, where); !object) return object;
    const Value* name = item.find(kind->key);
    if (name != nullptr && *name != Value(key)) {
      return wrong(child_pointer(where, kind->key),
                   fmt::format("is {}, but it stands under {}", mcp::quoted(name->text(), 100),
                               mcp::quoted(key, 100)));
    }
  }
  return {};
}

constexpr std::array document_members = {
    std::pair<std::string_view, Check>{"schema_version", is_number},
    std::pair<std::string_view, Check>{"digest", is_text},
    std::pair<std::string_view, Check>{"digests", is_object},
    std::pair<std::string_view, Check>{"era", is_era},
    std::pair<std::string_view, Check>{"protocolVersion", is_text},
    std::pair<std::string_view, Check>{"supportedVersions", are_texts},
    std::pair<std::string_view, Check>{"serverInfo", is_object},
    std::pair<std::string_view, Check>{"capabilities", is_object},
    std::pair<std::string_view, Check>{"instructions", is_text},
    std::pair<std::string_view, Check>{"discover", is_object},
    std::pair<std::string_view, Check>{"handshake", is_object},
    std::pair<std::string_view, Check>{tool_kind.member, are_items},
    std::pair<std::string_view, Check>{prompt_kind.member, are_items},
    std::pair<std::string_view, Check>{resource_kind.member, are_items},
    std::pair<std::string_view, Check>{template_kind.member, are_items},
    std::pair<std::string_view, Check>{"lists", are_lists},
    std::pair<std::string_view, Check>{"redacted", are_texts},
};

}  // namespace

mcp::Result<void> check_shape(const Value& document) {
  return check_members(document, "", document_members);
}

}  // namespace probes::drift

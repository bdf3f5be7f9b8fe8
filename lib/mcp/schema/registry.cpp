#include "mcp/schema/registry.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <span>
#include <utility>

#include "mcp/base/json_pointer.hpp"
#include "mcp/base/text.hpp"
#include "mcp/schema/uri.hpp"

namespace mcp::schema {
namespace {

using Draft = Dialect::Draft;

// Where subschemas stand, in any of the dialects: as the value, as members of it. An array of
// schemas is known by being one.
constexpr std::array<std::string_view, 16> schema_keywords = {"additionalItems",
                                                              "items",
                                                              "contains",
                                                              "additionalProperties",
                                                              "propertyNames",
                                                              "not",
                                                              "if",
                                                              "then",
                                                              "else",
                                                              "unevaluatedItems",
                                                              "unevaluatedProperties",
                                                              "contentSchema",
                                                              "prefixItems",
                                                              "allOf",
                                                              "anyOf",
                                                              "oneOf"};
constexpr std::array<std::string_view, 6> map_keywords = {
    "properties", "patternProperties", "definitions", "$defs", "dependentSchemas", "dependencies"};

bool holds(std::span<const std::string_view> names, std::string_view name) {
  return std::ranges::find(names, name) != names.end();
}

const std::string* text_member(const Value& schema, std::string_view name) {
  const auto* member = schema.find(name);
  return member != nullptr && member->is(Type::string) ? &member->string() : nullptr;
}

bool is_true(const Value* value) {
  return value != nullptr && value->is(Type::boolean) && value->boolean();
}

/// Before 2019-09 nothing beside a $ref counts, not even an $id (draft-07 core section 8.3).
const std::string* identifier(const Value& schema, const Dialect& dialect) {
  if (!dialect.at_least(Draft::draft2019_09) && schema.find("$ref") != nullptr) return nullptr;
  return text_member(schema, dialect.draft == Draft::draft4 ? "id" : "$id");
}

const Value* step(const Value& value, const std::string& token) {
  if (value.is(Type::object)) return value.find(token);
  if (!value.is(Type::array)) return nullptr;
  std::size_t index = 0;
  const auto* end = token.data() + token.size();
  const auto outcome = std::from_chars(token.data(), end, index);
  const bool good = outcome.ec == std::errc{} && outcome.ptr == end && index < value.array().size();
  return good ? &value.array()[index] : nullptr;
}

}  // namespace

Result<const Resource*> Registry::add(const Value& document, std::string_view uri) {
  const auto parts = split_fragment(uri);
  auto resource = open(document, parts.without_fragment, fallback_);
  if (!resource) return std::unexpected(std::move(resource.error()));
  by_uri_.try_emplace(parts.without_fragment, *resource);
  const auto indexed = index(document, **resource, "");
  if (!indexed) return std::unexpected(indexed.error());
  return *resource;
}

Result<Resource*> Registry::open(const Value& schema, std::string uri, Dialect inherited) {
  auto dialect = inherited;
  if (const auto* name = text_member(schema, "$schema")) {
    auto named = dialect_named(*name);
    if (!named) return std::unexpected(std::move(named.error()));
    dialect = *named;
  }
  if (const auto* id = identifier(schema, dialect)) {
    const auto own = split_fragment(*id).without_fragment;
    if (!own.empty()) uri = split_fragment(resolve_uri(uri, own)).without_fragment;
  }
  auto& resource = resources_.emplace_back();
  resource.uri = std::move(uri);
  resource.root = &schema;
  resource.dialect = dialect;
  by_uri_.try_emplace(resource.uri, &resource);
  by_root_.try_emplace(&schema, &resource);
  return &resource;
}

Result<Dialect> Registry::dialect_named(std::string_view schema_uri) {
  auto dialect = dialect_of(schema_uri);
  if (dialect) return dialect;
  const auto found = documents_.find(split_fragment(schema_uri).without_fragment);
  if (found == documents_.end()) return dialect;
  const auto* parent = text_member(found->second, "$schema");
  if (parent == nullptr) return dialect;
  auto inherited = dialect_of(*parent);
  if (!inherited) return inherited;
  if (const auto* vocabulary = found->second.find("$vocabulary")) {
    inherited->validation =
        vocabulary->find("https://json-schema.org/draft/2020-12/vocab/validation") != nullptr ||
        vocabulary->find("https://json-schema.org/draft/2019-09/vocab/validation") != nullptr;
  }
  return inherited;
}

/// Notes the identifiers of a schema and of all schemas in it; `resource` is the one around it.
Result<void> Registry::index(const Value& schema, Resource& resource, const std::string& pointer) {
  if (!schema.is(Type::object)) return {};
  const auto* id = identifier(schema, resource.dialect);
  const bool opens =
      id != nullptr && resource.root != &schema && !split_fragment(*id).without_fragment.empty();
  if (opens) {
    auto inner = open(schema, resource.uri, resource.dialect);
    if (!inner) return std::unexpected(std::move(inner.error()));
    return index(schema, **inner, "");
  }
  const Resource::Place here{.schema = &schema, .pointer = pointer};
  const auto& dialect = resource.dialect;
  if (id != nullptr && !dialect.at_least(Draft::draft2019_09)) {
    const auto anchor = split_fragment(*id).fragment;
    if (!anchor.empty()) resource.anchors.try_emplace(anchor, here);
  }
  if (dialect.at_least(Draft::draft2019_09)) {
    if (const auto* name = text_member(schema, "$anchor"))
      resource.anchors.try_emplace(*name, here);
  }
  if (dialect.draft == Draft::draft2019_09 && is_true(schema.find("$recursiveAnchor"))) {
    resource.dynamic_anchors.try_emplace(std::string(recursive_anchor), here);
  }
  if (dialect.at_least(Draft::draft2020_12)) {
    if (const auto* name = text_member(schema, "$dynamicAnchor")) {
      resource.anchors.try_emplace(*name, here);
      resource.dynamic_anchors.try_emplace(*name, here);
    }
  }
  return index_children(schema, resource, pointer);
}

/// Of an array or an object of schemas.
Result<void> Registry::index_each(const Value& holder, Resource& resource,
                                  const std::string& pointer) {
  if (holder.is(Type::array)) {
    for (std::size_t at = 0; at < holder.array().size(); ++at) {
      auto done = index(holder.array()[at], resource, fmt::format("{}/{}", pointer, at));
      if (!done) return done;
    }
  } else if (holder.is(Type::object)) {
    for (const auto& [name, member] : holder.object()) {
      auto done = index(member, resource, child_pointer(pointer, name));
      if (!done) return done;
    }
  }
  return {};
}

Result<void> Registry::index_children(const Value& schema, Resource& resource,
                                      const std::string& pointer) {
  for (const auto& [keyword, value] : schema.object()) {
    const auto place = child_pointer(pointer, keyword);
    const bool named = holds(map_keywords, keyword);
    if (!named && !holds(schema_keywords, keyword)) continue;
    const bool many = named || value.is(Type::array);
    auto done = many ? index_each(value, resource, place) : index(value, resource, place);
    if (!done) return done;
  }
  return {};
}

const Resource* Registry::rooted_at(const Value& schema) const {
  const auto found = by_root_.find(&schema);
  return found == by_root_.end() ? nullptr : found->second;
}

Result<const Resource*> Registry::find(std::string_view uri) {
  if (const auto known = by_uri_.find(uri); known != by_uri_.end()) return known->second;
  if (const auto given = documents_.find(uri); given != documents_.end()) {
    return add(given->second, uri);
  }
  const auto published = metaschema(uri);
  if (published.empty()) {
    return fail(ErrorKind::usage,
                fmt::format("the schema refers to {}, which is not at hand", quoted(uri)),
                "schemas are never fetched: give that document, or write its content inline");
  }
  auto document = parse_value(published);
  if (!document) return std::unexpected(std::move(document.error()));
  return add(loaded_.emplace_back(std::move(*document)), uri);
}

Result<Target> Registry::resolve(const Resource& from, std::string_view reference) {
  const auto parts = split_fragment(resolve_uri(from.uri, reference));
  const Resource* resource = &from;
  if (parts.without_fragment != from.uri) {
    auto found = find(parts.without_fragment);
    if (!found) return std::unexpected(std::move(found.error()));
    resource = *found;
  }
  if (parts.fragment.empty() || parts.fragment.starts_with('/')) {
    return walk(*resource, parts.fragment);
  }
  const auto anchor = resource->anchors.find(parts.fragment);
  if (anchor == resource->anchors.end()) {
    return fail(ErrorKind::usage, fmt::format("the reference {} leads nowhere", quoted(reference)));
  }
  Target target{.schema = anchor->second.schema,
                .resource = resource,
                .pointer = anchor->second.pointer,
                .dynamic_anchor = {}};
  if (resource->dynamic_anchors.contains(parts.fragment)) target.dynamic_anchor = parts.fragment;
  return target;
}

Result<Target> Registry::walk(const Resource& resource, std::string_view pointer) const {
  Target target{
      .schema = resource.root, .resource = &resource, .pointer = {}, .dynamic_anchor = {}};
  auto rest = pointer;
  while (!rest.empty()) {
    rest.remove_prefix(1);
    const auto written = rest.substr(0, rest.find('/'));
    const auto token = mcp::unescape_token(written).value_or(std::string(written));
    rest.remove_prefix(std::min(rest.find('/'), rest.size()));
    target.schema = step(*target.schema, token);
    if (target.schema == nullptr) {
      return fail(ErrorKind::usage,
                  fmt::format("the reference #{} leads nowhere", printable(pointer)));
    }
    target.pointer = child_pointer(target.pointer, token);
    if (const auto* inner = rooted_at(*target.schema)) {
      target.resource = inner;
      target.pointer.clear();
    }
  }
  return target;
}

}  // namespace mcp::schema

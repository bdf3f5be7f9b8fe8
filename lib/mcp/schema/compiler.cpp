#include "mcp/schema/compiler.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "mcp/base/text.hpp"

namespace mcp::schema {

using Draft = Dialect::Draft;

Result<Schema> Schema::compile(const Value& document, const CompileOptions& options) {
  auto nodes = std::make_shared<Nodes>();
  auto compiled = Compiler(options, *nodes).compile(document);
  if (!compiled) return std::unexpected(std::move(compiled.error()));
  return Schema(std::move(nodes));
}

const Node& Schema::root() const {
  return *nodes_->root;
}

std::size_t Schema::size() const {
  return nodes_->all.size();
}

void Schema::each_node(const std::function<void(const Node&)>& visit) const {
  for (const auto& node : nodes_->all) visit(node);
}

bool Schema::tracks_evaluation() const {
  return nodes_->tracks_evaluation;
}

Compiler::Compiler(const CompileOptions& options, Schema::Nodes& nodes)
    : options_(options), nodes_(nodes), registry_(options.documents, options.dialect), scopes_(1) {}

Result<void> Compiler::compile(const Value& document) {
  auto resource = registry_.add(document, options_.base_uri);
  if (!resource) return std::unexpected(std::move(resource.error()));
  nodes_.root = node_for(
      {.schema = &document, .resource = *resource, .pointer = {}, .dynamic_anchor = {}}, 0);
  while (!waiting_.empty() && !error_) {
    const auto [node, origin] = std::move(waiting_.front());
    waiting_.pop_front();
    here_ = &origin;
    fill(*node, origin);
  }
  here_ = nullptr;
  if (error_) return std::unexpected(std::move(*error_));
  return {};
}

NodeRef Compiler::node_for(const Target& target, std::uint32_t scope) {
  scope = enter(scope, *target.resource);
  const auto key = std::tuple(target.schema, target.resource, scope);
  if (const auto known = known_.find(key); known != known_.end()) return known->second;
  if (nodes_.all.size() >= options_.most_nodes) {
    Error error;
    error.kind = ErrorKind::limit;
    error.message = fmt::format("the schema has more than {} subschemas", options_.most_nodes);
    refuse(std::move(error));
  }
  auto& node = nodes_.all.emplace_back();
  node.location = target.resource->uri + "#" + target.pointer;
  known_.emplace(key, &node);
  waiting_.emplace_back(&node, Origin{.schema = target.schema,
                                      .resource = target.resource,
                                      .scope = scope,
                                      .pointer = target.pointer});
  return &node;
}

std::uint32_t Compiler::enter(std::uint32_t scope, const Resource& resource) {
  if (resource.dynamic_anchors.empty()) return scope;
  auto inner = scopes_[scope];
  for (const auto& [name, place] : resource.dynamic_anchors) {
    inner.try_emplace(name, Target{.schema = place.schema,
                                   .resource = &resource,
                                   .pointer = place.pointer,
                                   .dynamic_anchor = name});
  }
  if (inner.size() == scopes_[scope].size()) return scope;
  const auto same = std::ranges::find_if(scopes_, [&inner](const Scope& each) {
    return std::ranges::equal(each, inner, [](const auto& left, const auto& right) {
      return left.first == right.first && left.second.schema == right.second.schema;
    });
  });
  if (same == scopes_.end()) {
    scopes_.push_back(std::move(inner));
    return static_cast<std::uint32_t>(scopes_.size() - 1);
  }
  return static_cast<std::uint32_t>(same - scopes_.begin());
}

void Compiler::refuse(Error error) {
  if (!error_) error_ = std::move(error);
}

void Compiler::refuse(std::string_view keyword, std::string_view problem) {
  Error error;
  error.kind = ErrorKind::usage;
  const auto where = here_->resource->uri + "#" + child_pointer(here_->pointer, keyword);
  error.message = fmt::format("the schema at {}: {}", printable(where), problem);
  refuse(std::move(error));
}

NodeRef Compiler::child(const Value& schema, std::string pointer) {
  if (const auto* inner = registry_.rooted_at(schema)) {
    return node_for({.schema = &schema, .resource = inner, .pointer = {}, .dynamic_anchor = {}},
                    here_->scope);
  }
  return node_for({.schema = &schema,
                   .resource = here_->resource,
                   .pointer = std::move(pointer),
                   .dynamic_anchor = {}},
                  here_->scope);
}

void Compiler::fill(Node& node, const Origin& origin) {
  if (origin.schema->is(Type::boolean)) {
    node.rejects_all = !origin.schema->boolean();
    return;
  }
  if (!origin.schema->is(Type::object)) {
    refuse("", "a schema is an object or a boolean");
    return;
  }
  read_references(node);
  if (!since(Draft::draft2019_09) && !node.references.empty()) return;
  read_applicators(node);
  read_array_applicators(node.array);
  read_object_applicators(node.object);
  if (node.array.unevaluated != nullptr || node.object.unevaluated != nullptr) {
    nodes_.tracks_evaluation = true;
  }
  if (!origin.resource->dialect.validation) return;
  read_types(node);
  read_values(node);
  read_numbers(node.number);
  read_strings(node.string);
  read_array_bounds(node.array);
  read_object_bounds(node.object);
}

void Compiler::read_references(Node& node) {
  if (const auto* reference = member("$ref")) {
    if (!reference->is(Type::string)) {
      refuse("$ref", "it must be a string");
      return;
    }
    auto target = registry_.resolve(*here_->resource, reference->string());
    if (!target) {
      target.error().message += " (at " + here_->pointer + "/$ref)";
      refuse(std::move(target.error()));
      return;
    }
    node.references.push_back(node_for(*target, here_->scope));
  }
  if (since(Draft::draft2020_12)) {
    read_dynamic_reference(node, "$dynamicRef");
  } else if (since(Draft::draft2019_09)) {
    read_dynamic_reference(node, "$recursiveRef");
  }
}

void Compiler::read_dynamic_reference(Node& node, std::string_view keyword) {
  const auto* reference = member(keyword);
  if (reference == nullptr) return;
  if (!reference->is(Type::string)) {
    refuse(keyword, "it must be a string");
    return;
  }
  auto target = registry_.resolve(*here_->resource, reference->string());
  if (!target) {
    refuse(std::move(target.error()));
    return;
  }
  auto name = target->dynamic_anchor;
  if (keyword == "$recursiveRef" &&
      target->resource->dynamic_anchors.contains(Registry::recursive_anchor)) {
    name = Registry::recursive_anchor;
  }
  // The outermost resource of the dynamic scope decides (core section 8.2.3.2). The target's own
  // resource counts where the reference enters it.
  if (!name.empty()) {
    const auto& scope = scopes_[enter(here_->scope, *target->resource)];
    if (const auto outermost = scope.find(name); outermost != scope.end()) {
      *target = outermost->second;
    }
  }
  node.references.push_back(node_for(*target, here_->scope));
}

void Compiler::read_applicators(Node& node) {
  node.all_of = schemas_at("allOf");
  node.any_of = schemas_at("anyOf");
  node.one_of = schemas_at("oneOf");
  node.negated = schema_at("not");
  if (!since(Draft::draft7)) return;
  node.condition = schema_at("if");
  if (node.condition == nullptr) return;
  node.then_branch = schema_at("then");
  node.else_branch = schema_at("else");
}

void Compiler::read_array_applicators(ArrayRules& rules) {
  const auto* items = member("items");
  if (since(Draft::draft2020_12)) {
    rules.prefix_items = schemas_at("prefixItems");
    rules.items = schema_at("items");
  } else if (items != nullptr && items->is(Type::array)) {
    if (!items->array().empty()) rules.prefix_items = schemas_at("items");
    rules.items = schema_at("additionalItems");
  } else {
    rules.items = schema_at("items");
  }
  if (since(Draft::draft6)) rules.contains = schema_at("contains");
  rules.contains_evaluates = since(Draft::draft2020_12);
  if (since(Draft::draft2019_09)) rules.unevaluated = schema_at("unevaluatedItems");
}

void Compiler::read_object_applicators(ObjectRules& rules) {
  rules.properties = named_schemas_at("properties");
  for (auto& [text, node] : named_schemas_at("patternProperties")) {
    if (auto pattern = pattern_of(text, "patternProperties")) {
      rules.pattern_properties.emplace_back(std::move(*pattern), node);
    }
  }
  rules.additional = schema_at("additionalProperties");
  if (since(Draft::draft6)) rules.names = schema_at("propertyNames");
  if (since(Draft::draft2019_09)) {
    rules.dependent_schemas = named_schemas_at("dependentSchemas");
    rules.unevaluated = schema_at("unevaluatedProperties");
  } else {
    read_dependencies(rules);
  }
}

void Compiler::read_dependencies(ObjectRules& rules) {
  const auto* dependencies = member("dependencies");
  if (dependencies == nullptr) return;
  if (!dependencies->is(Type::object)) {
    refuse("dependencies", "it must be an object");
    return;
  }
  const auto place = child_pointer(here_->pointer, "dependencies");
  for (const auto& [name, value] : dependencies->object()) {
    if (value.is(Type::array)) {
      rules.dependent_required.emplace_back(name, texts(value, "dependencies"));
    } else {
      rules.dependent_schemas.emplace_back(name, child(value, child_pointer(place, name)));
    }
  }
}

}  // namespace mcp::schema

#pragma once

#include <deque>
#include <map>
#include <string>
#include <string_view>
#include <unordered_map>

#include "mcp/base/error.hpp"
#include "mcp/schema/dialect.hpp"
#include "mcp/schema/value.hpp"

namespace mcp::schema {

/// Documents by URI, given by the caller: nothing is ever fetched.
using Documents = std::map<std::string, Value, std::less<>>;

/// A schema resource (core section 4.3.5): what a `$id` names, with its anchors.
struct Resource {
  struct Place {
    const Value* schema = nullptr;
    std::string pointer;  // from the root of the resource
  };
  std::string uri;
  const Value* root = nullptr;
  Dialect dialect;
  std::map<std::string, Place, std::less<>> anchors;
  std::map<std::string, Place, std::less<>> dynamic_anchors;
};

/// What a reference leads to.
struct Target {
  const Value* schema = nullptr;
  const Resource* resource = nullptr;
  std::string pointer;
  /// The name of the dynamic anchor by which it was reached; empty when it was not.
  std::string dynamic_anchor;
};

/// Knows all resources of the documents at hand, and finds what references lead to.
class Registry {
 public:
  /// The name under which `$recursiveAnchor` of 2019-09 is kept: a dynamic anchor without a name.
  static constexpr std::string_view recursive_anchor = "$recursiveAnchor";

  /// `documents` must outlive the registry.
  Registry(const Documents& documents, Dialect fallback)
      : documents_(documents), fallback_(fallback) {}

  Result<const Resource*> add(const Value& document, std::string_view uri);
  /// From the given resource (core section 8.2.3). Errors name the reference.
  Result<Target> resolve(const Resource& from, std::string_view reference);
  /// The resource whose root this very value is; null when it is none.
  const Resource* rooted_at(const Value& schema) const;

 private:
  Result<const Resource*> find(std::string_view uri);
  Result<Dialect> dialect_named(std::string_view schema_uri);
  Result<void> index(const Value& schema, Resource& resource, const std::string& pointer);
  Result<void> index_each(const Value& holder, Resource& resource, const std::string& pointer);
  Result<void> index_children(const Value& schema, Resource& resource, const std::string& pointer);
  Result<Resource*> open(const Value& schema, std::string uri, Dialect inherited);
  Result<Target> walk(const Resource& resource, std::string_view pointer) const;

  const Documents& documents_;
  Dialect fallback_;
  std::deque<Resource> resources_;
  std::deque<Value> loaded_;
  std::map<std::string, const Resource*, std::less<>> by_uri_;
  std::unordered_map<const Value*, const Resource*> by_root_;
};

}  // namespace mcp::schema

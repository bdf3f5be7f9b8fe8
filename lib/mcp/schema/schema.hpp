#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <string>

#include "mcp/base/error.hpp"
#include "mcp/schema/dialect.hpp"
#include "mcp/schema/node.hpp"
#include "mcp/schema/registry.hpp"
#include "mcp/schema/value.hpp"

namespace mcp::schema {

struct CompileOptions {
  /// Of a schema that names none by `$schema`.
  Dialect dialect;
  /// What references may lead to besides the schema itself.
  Documents documents;
  std::string base_uri;
  std::size_t most_nodes = 100'000;
};

/// A schema that is ready to use: checked, and every reference resolved. Immutable; copies share
/// the nodes (hence the shared_ptr), which makes it safe to use from several threads.
class Schema {
 public:
  struct Nodes;
  /// Errors name the place in the schema as a URI fragment.
  static Result<Schema> compile(const Value& document, const CompileOptions& options = {});

  const Node& root() const;
  std::size_t size() const;
  void each_node(const std::function<void(const Node&)>& visit) const;
  /// Whether unevaluatedItems or unevaluatedProperties occur.
  bool tracks_evaluation() const;

 private:
  explicit Schema(std::shared_ptr<const Nodes> nodes) : nodes_(std::move(nodes)) {}
  std::shared_ptr<const Nodes> nodes_;
};

}  // namespace mcp::schema

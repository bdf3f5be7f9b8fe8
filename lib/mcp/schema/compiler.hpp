#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "mcp/schema/node.hpp"
#include "mcp/schema/registry.hpp"
#include "mcp/schema/schema.hpp"

namespace mcp::schema {

struct Schema::Nodes {
  std::deque<Node> all;  // addresses stay
  NodeRef root = nullptr;
  bool tracks_evaluation = false;
};

/// Turns a document into nodes. A subschema becomes one node for each dynamic scope in which it is
/// reached (core section 7.1), so that a node needs no scope any more. A scope is what matters of
/// it: for each dynamic anchor the outermost resource that has it. The first error is kept.
class Compiler {
 public:
  Compiler(const CompileOptions& options, Schema::Nodes& nodes);
  Result<void> compile(const Value& document);

 private:
  using Scope = std::map<std::string, Target, std::less<>>;
  struct Origin {
    const Value* schema;
    const Resource* resource;
    std::uint32_t scope;
    std::string pointer;
  };

  NodeRef node_for(const Target& target, std::uint32_t scope);
  std::uint32_t enter(std::uint32_t scope, const Resource& resource);
  void fill(Node& node, const Origin& origin);
  void refuse(std::string_view keyword, std::string_view problem);
  void refuse(Error error);

  // Readers of the keyword `name` of the schema being filled.
  const Value* member(std::string_view name) const { return here_->schema->find(name); }
  bool since(Dialect::Draft draft) const { return here_->resource->dialect.at_least(draft); }
  NodeRef child(const Value& schema, std::string pointer);
  NodeRef schema_at(std::string_view name);
  std::vector<NodeRef> schemas_at(std::string_view name);
  std::vector<std::pair<std::string, NodeRef>> named_schemas_at(std::string_view name);
  std::optional<std::uint64_t> count_at(std::string_view name);
  std::optional<Decimal> number_at(std::string_view name);
  bool flag_at(std::string_view name);
  std::optional<Pattern> pattern_of(std::string_view text, std::string_view name);
  std::vector<std::string> texts(const Value& value, std::string_view name);

  void read_references(Node& node);
  void read_dynamic_reference(Node& node, std::string_view keyword);
  void read_applicators(Node& node);
  void read_types(Node& node);
  void read_values(Node& node);
  void read_numbers(NumberRules& rules);
  void read_draft4_bounds(NumberRules& rules);
  void read_strings(StringRules& rules);
  void read_array_applicators(ArrayRules& rules);
  void read_array_bounds(ArrayRules& rules);
  void read_object_applicators(ObjectRules& rules);
  void read_object_bounds(ObjectRules& rules);
  void read_dependencies(ObjectRules& rules);

  const CompileOptions& options_;
  Schema::Nodes& nodes_;
  Registry registry_;
  std::vector<Scope> scopes_;
  std::map<std::tuple<const Value*, const Resource*, std::uint32_t>, NodeRef> known_;
  std::deque<std::pair<Node*, Origin>> waiting_;
  const Origin* here_ = nullptr;
  std::optional<Error> error_;
};

}  // namespace mcp::schema

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "mcp/schema/pattern.hpp"
#include "mcp/schema/value.hpp"

namespace mcp::schema {

/// A set of types; see `Type`.
class TypeSet {
 public:
  static TypeSet all() { return TypeSet(0x3f); }
  static TypeSet none() { return TypeSet(0); }
  bool contains(Type type) const { return (bits_ >> static_cast<unsigned>(type) & 1U) != 0; }
  void insert(Type type) { bits_ |= 1U << static_cast<unsigned>(type); }
  unsigned bits() const { return bits_; }

 private:
  explicit TypeSet(unsigned bits) : bits_(bits) {}
  unsigned bits_;
};

struct Node;
/// Nodes live as long as the Schema that they belong to.
using NodeRef = const Node*;

struct NumberRules {
  std::optional<Decimal> minimum;
  std::optional<Decimal> exclusive_minimum;
  std::optional<Decimal> maximum;
  std::optional<Decimal> exclusive_maximum;
  std::optional<Decimal> multiple_of;
};

struct StringRules {
  std::optional<std::uint64_t> min_length;
  std::optional<std::uint64_t> max_length;
  std::optional<Pattern> pattern;
};

struct ArrayRules {
  std::vector<NodeRef> prefix_items;
  NodeRef items = nullptr;  // of what stands behind the prefix
  NodeRef contains = nullptr;
  std::uint64_t min_contains = 1;
  std::optional<std::uint64_t> max_contains;
  /// 2020-12: what matches `contains` counts as evaluated.
  bool contains_evaluates = true;
  std::optional<std::uint64_t> min_items;
  std::optional<std::uint64_t> max_items;
  bool unique_items = false;
  NodeRef unevaluated = nullptr;
};

struct ObjectRules {
  std::vector<std::pair<std::string, NodeRef>> properties;  // sorted by name
  std::vector<std::pair<Pattern, NodeRef>> pattern_properties;
  NodeRef additional = nullptr;
  NodeRef names = nullptr;
  std::vector<std::string> required;
  std::optional<std::uint64_t> min_properties;
  std::optional<std::uint64_t> max_properties;
  std::vector<std::pair<std::string, std::vector<std::string>>> dependent_required;
  std::vector<std::pair<std::string, NodeRef>> dependent_schemas;
  NodeRef unevaluated = nullptr;
};

/// One subschema, free of dialects: references are pointers (which may form cycles), dynamic ones
/// are resolved for the way by which the node is reached. A default Node accepts everything.
struct Node {
  /// URI reference of the subschema, for messages: "#/properties/a".
  std::string location;
  bool rejects_all = false;
  TypeSet types = TypeSet::all();
  bool integers_only = false;  // of the numbers
  std::optional<Value> constant;
  std::optional<std::vector<Value>> choices;
  NumberRules number;
  StringRules string;
  ArrayRules array;
  ObjectRules object;
  std::vector<NodeRef> references;
  std::vector<NodeRef> all_of;
  std::vector<NodeRef> any_of;  // both: empty means absent
  std::vector<NodeRef> one_of;
  NodeRef negated = nullptr;
  NodeRef condition = nullptr;
  NodeRef then_branch = nullptr;
  NodeRef else_branch = nullptr;
};

}  // namespace mcp::schema

#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "mcp/schema/node.hpp"

namespace mcp::schema {

/// Numbers of nodes: two nodes that mean the same by their structure, recursion included, have the
/// same number, wherever they stand. So equal parts of two schemas are known to be equal without a
/// proof.
class NodeTable {
 public:
  using Id = std::uint32_t;

  /// Numbers all nodes that the roots lead to.
  explicit NodeTable(std::span<const NodeRef> roots);

  Id id(NodeRef node) const { return ids_.at(direct(node)); }
  const Node& node(Id id) const { return *representatives_[id]; }
  /// A node of the solver's own, made of nodes that are known already.
  Id add(Node node);
  Id anything() { return anything_; }
  Id nothing() { return nothing_; }
  Id constant(const Value& value);

 private:
  using Signature = std::vector<std::uint32_t>;
  static NodeRef direct(NodeRef node);
  void collect(NodeRef root);
  void refine();
  std::uint32_t local_number(const Node& node);
  Signature signature(NodeRef node) const;

  std::vector<NodeRef> all_;
  std::deque<Node> own_;
  std::unordered_map<NodeRef, Id> ids_;
  std::unordered_map<NodeRef, std::uint32_t> local_;
  std::map<std::string, std::uint32_t> local_numbers_;
  std::map<Signature, Id> known_;
  std::vector<NodeRef> representatives_;
  std::map<std::string, Id> constants_;
  Id anything_ = 0;
  Id nothing_ = 0;
};

}  // namespace mcp::schema

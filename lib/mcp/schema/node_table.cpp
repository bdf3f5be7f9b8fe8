#include "mcp/schema/node_table.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace mcp::schema {
namespace {

/// The children of a node in a fixed order; null where a keyword is absent.
std::vector<NodeRef> children(const Node& node) {
  std::vector<NodeRef> out = {node.negated,           node.condition,    node.then_branch,
                              node.else_branch,       node.array.items,  node.array.contains,
                              node.array.unevaluated, node.object.names, node.object.additional,
                              node.object.unevaluated};
  for (const auto* list :
       {&node.references, &node.all_of, &node.any_of, &node.one_of, &node.array.prefix_items}) {
    out.insert(out.end(), list->begin(), list->end());
  }
  for (const auto& [name, child] : node.object.properties) out.push_back(child);
  for (const auto& [pattern, child] : node.object.pattern_properties) out.push_back(child);
  for (const auto& [name, child] : node.object.dependent_schemas) out.push_back(child);
  return out;
}

class Writer {
 public:
  void number(const std::optional<Decimal>& value) { text(value ? value->text() : "-"); }
  void count(const std::optional<std::uint64_t>& value) {
    text(value ? fmt::format("{}", *value) : "-");
  }
  void text(std::string_view value) { out_ += fmt::format("{}:{};", value.size(), value); }
  void names(std::vector<std::string> values) {
    std::ranges::sort(values);
    const auto rest = std::ranges::unique(values);
    values.erase(rest.begin(), rest.end());
    count(values.size());
    for (const auto& value : values) text(value);
  }
  std::string take() { return std::move(out_); }

 private:
  std::string out_;
};

void write_values(Writer& out, const Node& node) {
  out.text(node.constant ? node.constant->text() : "-");
  if (!node.choices) return;
  std::vector<std::string> choices;
  for (const auto& choice : *node.choices) choices.push_back(choice.text());
  out.names(std::move(choices));
}

void write_object(Writer& out, const ObjectRules& rules) {
  out.count(rules.properties.size());
  for (const auto& [name, child] : rules.properties) out.text(name);
  out.count(rules.pattern_properties.size());
  for (const auto& [pattern, child] : rules.pattern_properties) out.text(pattern.text());
  out.count(rules.dependent_schemas.size());
  for (const auto& [name, child] : rules.dependent_schemas) out.text(name);
  out.names(rules.required);
  out.count(rules.min_properties);
  out.count(rules.max_properties);
  for (const auto& [name, needed] : rules.dependent_required) {
    out.text(name);
    out.names(needed);
  }
}

/// All of a node but its children.
std::string local_text(const Node& node) {
  Writer out;
  out.count(node.rejects_all ? 1 : 0);
  out.count(node.types.bits() * 2 + (node.integers_only ? 1 : 0));
  for (const auto* list :
       {&node.references, &node.all_of, &node.any_of, &node.one_of, &node.array.prefix_items}) {
    out.count(list->size());
  }
  write_values(out, node);
  const auto& number = node.number;
  for (const auto* bound : {&number.minimum, &number.exclusive_minimum, &number.maximum,
                            &number.exclusive_maximum, &number.multiple_of}) {
    out.number(*bound);
  }
  out.count(node.string.min_length);
  out.count(node.string.max_length);
  out.text(node.string.pattern ? "=" + node.string.pattern->text() : "-");
  const auto& array = node.array;
  out.count(array.min_contains * 4 + (array.contains_evaluates ? 2 : 0) +
            (array.unique_items ? 1 : 0));
  out.count(array.max_contains);
  out.count(array.min_items);
  out.count(array.max_items);
  write_object(out, node.object);
  return out.take();
}

}  // namespace

NodeTable::NodeTable(std::span<const NodeRef> roots) {
  for (const auto* root : roots) collect(direct(root));
  refine();
  anything_ = add(Node{});
  Node rejecting;
  rejecting.rejects_all = true;
  nothing_ = add(std::move(rejecting));
}

/// Where a node is nothing but a reference, what it leads to.
NodeRef NodeTable::direct(NodeRef node) {
  static const std::string plain_reference = [] {
    Node sole;
    sole.references.push_back(nullptr);
    return local_text(sole);
  }();
  for (int hops = 0; hops < 100 && node->references.size() == 1; ++hops) {
    const auto inner = children(*node);
    const auto present = std::ranges::count_if(inner, [](NodeRef each) { return each != nullptr; });
    if (present != 1 || local_text(*node) != plain_reference) break;
    node = node->references.front();
  }
  return node;
}

void NodeTable::collect(NodeRef root) {
  std::vector<NodeRef> waiting = {root};
  while (!waiting.empty()) {
    const auto* node = waiting.back();
    waiting.pop_back();
    if (!local_.try_emplace(node, 0).second) continue;
    local_[node] = local_number(*node);
    all_.push_back(node);
    for (const auto* child : children(*node)) {
      if (child != nullptr) waiting.push_back(direct(child));
    }
  }
}

std::uint32_t NodeTable::local_number(const Node& node) {
  const auto next = static_cast<std::uint32_t>(local_numbers_.size());
  return local_numbers_.try_emplace(local_text(node), next).first->second;
}

NodeTable::Signature NodeTable::signature(NodeRef node) const {
  Signature out = {local_.at(node)};
  for (const auto* child : children(*node)) {
    out.push_back(child == nullptr ? UINT32_MAX : ids_.at(direct(child)));
  }
  return out;
}

/// Moore's refinement: classes are split by the classes of the children until nothing changes.
void NodeTable::refine() {
  for (const auto* node : all_) ids_[node] = 0;
  for (std::size_t classes = 0;;) {
    std::map<Signature, Id> round;
    std::vector<Id> next;
    for (const auto* node : all_) {
      const auto fresh = static_cast<Id>(round.size());
      next.push_back(round.try_emplace(signature(node), fresh).first->second);
    }
    for (std::size_t index = 0; index < all_.size(); ++index) ids_[all_[index]] = next[index];
    if (round.size() == classes) break;
    classes = round.size();
  }
  representatives_.clear();
  for (const auto* node : all_) {
    if (representatives_.size() <= ids_[node]) representatives_.resize(ids_[node] + 1);
    representatives_[ids_[node]] = node;
    known_[signature(node)] = ids_[node];
  }
}

NodeTable::Id NodeTable::add(Node node) {
  own_.push_back(std::move(node));
  const NodeRef made = &own_.back();
  local_[made] = local_number(*made);
  const auto next = static_cast<Id>(representatives_.size());
  const auto [place, added] = known_.try_emplace(signature(made), next);
  if (added) representatives_.push_back(made);
  ids_[made] = place->second;
  return place->second;
}

NodeTable::Id NodeTable::constant(const Value& value) {
  auto text = value.text();
  if (const auto known = constants_.find(text); known != constants_.end()) return known->second;
  Node node;
  node.constant = value;
  const auto id = add(std::move(node));
  constants_.emplace(std::move(text), id);
  return id;
}

}  // namespace mcp::schema

#include "scenarios/yaml_tree.hpp"

#include <fmt/format.h>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/mark.h>
#include <yaml-cpp/parser.h>

#include <algorithm>
#include <map>
#include <sstream>
#include <utility>

#include "mcp/base/text.hpp"

namespace scenarios {
namespace {

Place place_of(const YAML::Mark& mark) {
  return mark.is_null() ? Place{} : Place{.line = mark.line + 1, .column = mark.column + 1};
}

std::size_t count_nodes(const YamlNode& node) {
  std::size_t count = 1;
  for (const auto& item : node.items) count += count_nodes(item);
  for (const auto& member : node.members) count += count_nodes(member.value);
  return count;
}

/// Builds the tree from the parser's events, and stops it by an exception at the first thing that
/// is not allowed: the parser has no other way to be stopped.
class TreeBuilder final : public YAML::EventHandler {
 public:
  explicit TreeBuilder(const YamlLimits& limits) : limits_(limits) {}

  YamlNode take() { return std::move(root_); }

  void OnDocumentStart(const YAML::Mark& mark) override {
    if (++documents_ > 1) stop(mark, "a second document", "one file holds one scenario");
  }
  void OnDocumentEnd() override {}
  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    add({.place = place_of(mark)}, mark, anchor);
  }
  void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    const auto found = anchors_.find(anchor);
    if (found == anchors_.end()) stop(mark, "an alias to a value that contains it");
    nodes_ += count_nodes(found->second) - 1;
    YamlNode copy = found->second;
    copy.place = place_of(mark);
    add(std::move(copy), mark, 0);
  }
  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& value) override {
    // yaml-cpp gives the tag "!" to quoted scalars, and "?" to plain ones.
    if (tag != "?" && tag != "!" && !tag.empty()) stop(mark, "a tag, which scenarios do not use");
    add({.kind = YamlNode::Kind::scalar,
         .place = place_of(mark),
         .text = value,
         .written = value,
         .quoted = tag == "!"},
        mark, anchor);
  }
  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value /*style*/) override {
    open(YamlNode::Kind::sequence, mark, tag, anchor);
  }
  void OnSequenceEnd() override { close(); }
  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value /*style*/) override {
    open(YamlNode::Kind::mapping, mark, tag, anchor);
  }
  void OnMapEnd() override { close(); }

  struct Stopped {
    Complaint why;
  };

 private:
  struct Open {
    YamlNode node;
    YAML::anchor_t anchor = 0;
    std::string key;
    Place key_place;
    bool has_key = false;
  };

  [[noreturn]] static void stop(const YAML::Mark& mark, std::string what, std::string hint = {}) {
    throw Stopped{{place_of(mark), std::move(what), std::move(hint)}};
  }

  void open(YamlNode::Kind kind, const YAML::Mark& mark, const std::string& tag,
            YAML::anchor_t anchor) {
    if (tag != "?" && tag != "!" && !tag.empty()) stop(mark, "a tag, which scenarios do not use");
    if (expects_key()) stop(mark, "a key that is no text");
    if (stack_.size() >= limits_.depth) {
      stop(mark, fmt::format("values nest deeper than {}", limits_.depth));
    }
    stack_.push_back({.node = {.kind = kind, .place = place_of(mark)}, .anchor = anchor});
  }
  void close() {
    Open closed = std::move(stack_.back());
    stack_.pop_back();
    const YAML::Mark nowhere = YAML::Mark::null_mark();
    add(std::move(closed.node), nowhere, closed.anchor);
  }
  bool expects_key() const {
    return !stack_.empty() && stack_.back().node.is(YamlNode::Kind::mapping) &&
           !stack_.back().has_key;
  }
  void add(YamlNode node, const YAML::Mark& mark, YAML::anchor_t anchor) {
    if (++nodes_ > limits_.nodes) {
      throw Stopped{
          {node.place, fmt::format("more than {} values (aliases followed)", limits_.nodes), ""}};
    }
    if (expects_key()) return take_key(node, mark);
    if (anchor != 0) anchors_[anchor] = node;
    if (stack_.empty()) {
      root_ = std::move(node);
    } else if (stack_.back().node.is(YamlNode::Kind::sequence)) {
      stack_.back().node.items.push_back(std::move(node));
    } else {
      auto& parent = stack_.back();
      parent.node.members.push_back({std::move(parent.key), parent.key_place, std::move(node)});
      parent.has_key = false;
    }
  }
  void take_key(const YamlNode& key, const YAML::Mark& mark) {
    if (!key.is(YamlNode::Kind::scalar)) stop(mark, "a key that is no text");
    auto& parent = stack_.back();
    if (parent.node.find(key.text) != nullptr) {
      stop(mark, fmt::format("{} stands here a second time", mcp::quoted(key.text)));
    }
    parent.key = key.text;
    parent.key_place = key.place;
    parent.has_key = true;
  }

  const YamlLimits& limits_;
  std::size_t nodes_ = 0;
  int documents_ = 0;
  std::vector<Open> stack_;
  std::map<YAML::anchor_t, YamlNode> anchors_;
  YamlNode root_;
};

}  // namespace

const YamlNode* YamlNode::find(std::string_view key) const {
  const auto found = std::ranges::find(members, key, &YamlMember::key);
  return found == members.end() ? nullptr : &found->value;
}

std::expected<YamlNode, Complaint> read_yaml(std::string_view text, const YamlLimits& limits) {
  if (text.size() > limits.bytes) {
    return std::unexpected(
        Complaint{{}, fmt::format("the file is longer than {} bytes", limits.bytes), ""});
  }
  TreeBuilder builder(limits);
  try {
    std::istringstream stream{std::string(text)};
    YAML::Parser parser(stream);
    while (parser.HandleNextDocument(builder)) {
    }
  } catch (const TreeBuilder::Stopped& stopped) {
    return std::unexpected(stopped.why);
  } catch (const YAML::Exception& error) {
    return std::unexpected(
        Complaint{place_of(error.mark), "this is no YAML: " + mcp::printable(error.msg), ""});
  }
  return builder.take();
}

}  // namespace scenarios

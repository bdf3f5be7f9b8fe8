#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "scenarios/argument_template.hpp"
#include "scenarios/quantities.hpp"
#include "scenarios/yaml_tree.hpp"

namespace scenarios {

/// Reads values of one type out of nodes; what has another type is a complaint, and none then.
class Scalars {
 public:
  explicit Scalars(Complaints& complaints) : complaints_(complaints) {}

  std::optional<std::string> text(const YamlNode& node);
  std::optional<bool> boolean(const YamlNode& node);
  std::optional<std::int64_t> integer(const YamlNode& node, std::int64_t least, std::int64_t most);
  std::optional<mcp::Duration> duration(const YamlNode& node, mcp::Duration least = {});
  std::optional<Uneven> uneven(const YamlNode& node);
  std::optional<Rate> rate(const YamlNode& node);
  std::optional<std::uint32_t> permille(const YamlNode& node);
  std::optional<ArgumentTemplate> template_of(const YamlNode& node);
  /// The index of one of `names`; a typo gets a suggestion.
  std::optional<std::size_t> choice(const YamlNode& node, const std::vector<std::string>& names);

  void refuse(const YamlNode& node, std::string_view wanted, std::string hint = {});
  Complaints& complaints() { return complaints_; }

 private:
  template <typename T>
  std::optional<T> quantity(const YamlNode& node, mcp::Result<T> (*read)(std::string_view),
                            std::string_view wanted);
  std::optional<ArgumentTemplate> list_template(const YamlNode& node);
  std::optional<ArgumentTemplate> mapping_template(const YamlNode& node);

  Complaints& complaints_;
};

/// Reads the members of one mapping. `finish` complains of every key that nobody asked for.
class Fields {
 public:
  Fields(const YamlNode& mapping, std::string what, Complaints& complaints);

  /// The member, which counts as known from now on; null where there is none or it is empty.
  const YamlNode* take(std::string_view key);
  /// Whether it is there, be it empty.
  bool has(std::string_view key);
  /// `read(member)` when there is one.
  void with(std::string_view key, const std::function<void(const YamlNode&)>& read);

  /// Sets `value` to what `read` makes of the member, where that is something.
  template <typename Value, typename Read>
  void into(std::string_view key, Value& value, Read read) {
    with(key, [&](const YamlNode& node) {
      if (auto got = read(node)) value = std::move(*got);
    });
  }

  Scalars& scalars() { return scalars_; }
  void finish();

 private:
  const YamlNode& mapping_;
  std::string what_;
  Scalars scalars_;
  std::vector<std::string> known_;
  std::vector<std::string> may_be_empty_;
};

}  // namespace scenarios

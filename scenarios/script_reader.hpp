#pragma once

#include <optional>

#include "scenarios/request_reader.hpp"

namespace scenarios {

/// Reads the steps of an agent.
class ScriptReader {
 public:
  explicit ScriptReader(Complaints& complaints) : complaints_(complaints), requests_(complaints) {}

  std::optional<Script> read(const YamlNode& node, int depth = 0);

 private:
  std::optional<ScriptStep> read_step(const YamlNode& node, int depth);
  std::optional<ScriptStep> read_word(const YamlNode& node);
  std::optional<ScriptStep> read_action(const YamlNode& node, const YamlMember& action, int depth);
  std::optional<Burst> read_burst(const YamlNode& node);
  std::optional<Repeat> read_repeat(const YamlNode& node, int depth);

  Complaints& complaints_;
  RequestReader requests_;
};

}  // namespace scenarios

#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "mcp/schema/value.hpp"
#include "scenarios/plan.hpp"

namespace scenarios {

/// Instances of the inputSchemas of tools, made once and shared by all agents of a thread.
class SampledArguments {
 public:
  /// How many differ at most, for each tool.
  static constexpr std::size_t kept = 64;

  /// Makes instances for one tool, the same with the same seed. Errors: the schema is invalid, has
  /// no instance, or none was found.
  mcp::Result<void> learn(const std::string& tool, const mcp::schema::Value& input_schema,
                          std::uint64_t seed);
  /// An empty object for a tool that was never learnt.
  const mcp::schema::Value& draw(const std::string& tool, Random& random) const;

 private:
  std::map<std::string, std::vector<mcp::schema::Value>> tools_;
};

/// The tools whose arguments the scenario wants to be generated; templates are left out.
std::vector<std::string> tools_to_sample(const Scenario& scenario);

/// Draws an agent's requests by weight and fills in what they say. Its random streams are the
/// agent's own, so that a request depends on nothing but its number.
class RequestMaker {
 public:
  struct Made {
    const Request* request = nullptr;
    std::string target;
    mcp::schema::Value arguments;
  };

  /// `samples` may be null where nothing is generated.
  RequestMaker(const Plan& plan, AgentId agent, const SampledArguments* samples);

  Made make(const Mix& mix);

 private:
  const Request& choose(const Mix& mix);
  mcp::schema::Value fill(const Request& request, const std::string& target,
                          const TemplateContext& context);

  AgentId agent_;
  const SampledArguments* samples_;
  Random choice_;
  Random arguments_;
  Random draws_;
  std::int64_t iteration_ = 0;
};

}  // namespace scenarios

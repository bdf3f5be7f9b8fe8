#include "scenarios/agents_reader.hpp"

#include <fmt/format.h>

#include "scenarios/plan_limits.hpp"

namespace scenarios {
namespace {

constexpr std::string_view arrival_hint =
    "write at once, {over: 30s}, {rate: 10/s} or {poisson: 10/s}";

std::optional<Rate> positive_rate(const YamlNode& node, Scalars& scalars) {
  const auto rate = scalars.rate(node);
  if (!rate || !rate->is_zero()) return rate;
  scalars.refuse(node, "rate at which anybody would come");
  return std::nullopt;
}

std::optional<Arrival> read_arrival(const YamlNode& node, Complaints& complaints) {
  if (node.is(YamlNode::Kind::scalar)) {
    if (node.text == "at once") return AtOnce{};
    Scalars(complaints).refuse(node, "way to arrive", std::string(arrival_hint));
    return std::nullopt;
  }
  Fields fields(node, "arrive", complaints);
  if (!node.is(YamlNode::Kind::mapping)) return std::nullopt;
  auto& scalars = fields.scalars();
  std::optional<Arrival> arrival;
  fields.with("over", [&](const YamlNode& n) {
    if (const auto over = scalars.duration(n)) arrival = Within{*over};
  });
  fields.with("rate", [&](const YamlNode& n) {
    if (const auto rate = positive_rate(n, scalars)) arrival = AtRate{*rate};
  });
  fields.with("poisson", [&](const YamlNode& n) {
    if (const auto rate = positive_rate(n, scalars)) arrival = AtPoissonRate{*rate};
  });
  fields.finish();
  if (node.members.size() != 1) {
    complaints.add(node.place, "arrive names one way", std::string(arrival_hint));
  }
  return arrival;
}

std::optional<Churn> read_churn(const YamlNode& node, Complaints& complaints) {
  Fields fields(node, "churn", complaints);
  if (!node.is(YamlNode::Kind::mapping)) return std::nullopt;
  Churn churn;
  fields.into("lifetime", churn.lifetime,
              [&](const YamlNode& n) { return fields.scalars().uneven(n); });
  fields.into("pause", churn.pause, [&](const YamlNode& n) { return fields.scalars().uneven(n); });
  fields.finish();
  if (node.find("lifetime") == nullptr) {
    complaints.add(node.place, "churn needs lifetime");
  } else if (churn.lifetime.mean < shortest_lifetime) {
    complaints.add(node.place, "agents must live for 100 ms at least");
  }
  return churn;
}

}  // namespace

std::optional<Agents> read_agents(const YamlNode& node, Complaints& complaints) {
  Scalars scalars(complaints);
  Agents agents;
  if (node.is(YamlNode::Kind::scalar)) {
    const auto count = scalars.integer(node, 1, most_agents);
    if (!count) return std::nullopt;
    agents.count = *count;
    return agents;
  }
  Fields fields(node, "agents", complaints);
  if (!node.is(YamlNode::Kind::mapping)) return std::nullopt;
  fields.into("count", agents.count,
              [&](const YamlNode& n) { return scalars.integer(n, 1, most_agents); });
  fields.into("arrive", agents.arrive,
              [&](const YamlNode& n) { return read_arrival(n, complaints); });
  fields.into("churn", agents.churn, [&](const YamlNode& n) { return read_churn(n, complaints); });
  fields.into("in_flight", agents.in_flight,
              [&](const YamlNode& n) { return scalars.integer(n, 1, 100'000); });
  fields.into("connections", agents.connections,
              [&](const YamlNode& n) { return scalars.integer(n, 1, 1000); });
  fields.finish();
  return agents;
}

}  // namespace scenarios

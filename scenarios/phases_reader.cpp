#include <fmt/format.h>

#include <array>

#include "scenarios/agents_reader.hpp"

namespace scenarios {
namespace {

struct Named {
  std::string_view name;
  PhaseKind kind;
};
constexpr std::array kinds = {Named{"ramp", PhaseKind::ramp}, Named{"steady", PhaseKind::steady},
                              Named{"spike", PhaseKind::spike}, Named{"soak", PhaseKind::soak}};

std::optional<Rate> read_rate_of(Fields& fields, std::string_view key) {
  std::optional<Rate> rate;
  fields.into(key, rate, [&](const YamlNode& n) { return fields.scalars().rate(n); });
  return rate;
}

/// {from: 0/s, to: 100/s, over: 30s}, {rate: 100/s, for: 2m} or a duration alone.
std::optional<Phase> read_phase(const YamlNode& node, PhaseKind kind,
                                const std::optional<Rate>& before, Complaints& complaints) {
  const std::string name(to_string(kind));
  Phase phase{.name = name, .kind = kind};
  constexpr auto shortest = std::chrono::milliseconds(1);
  if (node.is(YamlNode::Kind::scalar)) {
    const auto length = Scalars(complaints).duration(node, shortest);
    if (length) phase.length = *length;
    return phase;
  }
  Fields fields(node, name, complaints);
  if (!node.is(YamlNode::Kind::mapping)) return std::nullopt;
  const bool ramp = kind == PhaseKind::ramp;
  fields.into(ramp ? "over" : "for", phase.length,
              [&](const YamlNode& n) { return fields.scalars().duration(n, shortest); });
  fields.into("name", phase.name, [&](const YamlNode& n) { return fields.scalars().text(n); });
  phase.to = read_rate_of(fields, ramp ? "to" : "rate");
  phase.from = ramp ? read_rate_of(fields, "from") : phase.to;
  fields.finish();
  if (ramp && phase.to && !phase.from) phase.from = before.value_or(Rate{});
  if (phase.length == mcp::Duration::zero()) {
    complaints.add(
        node.place, fmt::format("{} needs {}", name, ramp ? "over" : "for"),
        ramp ? "for example {to: 100/s, over: 30s}" : "for example {rate: 100/s, for: 2m}");
  }
  return phase;
}

}  // namespace

std::vector<Phase> read_phases(const YamlNode& node, Complaints& complaints) {
  std::vector<Phase> phases;
  if (!node.is(YamlNode::Kind::sequence) || node.items.empty()) {
    Scalars(complaints).refuse(node, "list of phases");
    return phases;
  }
  std::optional<Rate> before;
  std::optional<bool> rated;
  for (const auto& item : node.items) {
    Fields fields(item, "a phase", complaints);
    if (!item.is(YamlNode::Kind::mapping)) continue;
    if (item.members.size() != 1) {
      complaints.add(item.place, "a phase is one of ramp, steady, spike and soak");
    }
    for (const auto& [name, kind] : kinds) {
      fields.with(name, [&](const YamlNode& value) {
        auto phase = read_phase(value, kind, before, complaints);
        if (!phase) return;
        if (rated && *rated != phase->to.has_value()) {
          complaints.add(value.place, "either every phase has a rate or none has");
        }
        rated = phase->to.has_value();
        before = phase->to;
        phases.push_back(std::move(*phase));
      });
    }
    fields.finish();
  }
  return phases;
}

}  // namespace scenarios

#include <algorithm>

#include "scenarios/agents_reader.hpp"

namespace scenarios {
namespace {

std::vector<Subject> read_subjects(const YamlNode& node, Complaints& complaints) {
  Scalars scalars(complaints);
  std::vector<Subject> subjects;
  if (!node.is(YamlNode::Kind::sequence) || node.items.empty()) {
    scalars.refuse(node, "list of session, connection and stream");
    return subjects;
  }
  for (const auto& item : node.items) {
    const auto chosen = scalars.choice(item, {"session", "connection", "stream"});
    if (!chosen) continue;
    const auto subject = static_cast<Subject>(*chosen);
    if (std::ranges::find(subjects, subject) != subjects.end()) {
      scalars.refuse(item, "new subject", "it stands there already");
    }
    subjects.push_back(subject);
  }
  return subjects;
}

std::optional<Search> read_idle(const YamlNode& node, Complaints& complaints) {
  Fields fields(node, "idle", complaints);
  if (!node.is(YamlNode::Kind::mapping)) return std::nullopt;
  IdleSearch search{.subjects = {Subject::session, Subject::connection, Subject::stream}};
  const auto duration = [&](const YamlNode& n) {
    return fields.scalars().duration(n, std::chrono::milliseconds(10));
  };
  fields.with("of", [&](const YamlNode& n) { search.subjects = read_subjects(n, complaints); });
  fields.into("from", search.from, duration);
  fields.into("to", search.to, duration);
  fields.into("within", search.within, duration);
  fields.finish();
  if (search.from >= search.to) complaints.add(node.place, "from must be shorter than to");
  return search;
}

std::optional<Search> read_capacity(const YamlNode& node, Complaints& complaints) {
  Fields fields(node, "capacity", complaints);
  if (!node.is(YamlNode::Kind::mapping)) return std::nullopt;
  auto& scalars = fields.scalars();
  CapacitySearch search;
  fields.into("from", search.from, [&](const YamlNode& n) { return scalars.rate(n); });
  fields.into("to", search.to, [&](const YamlNode& n) { return scalars.rate(n); });
  fields.into("step", search.step, [&](const YamlNode& n) {
    return scalars.duration(n, std::chrono::milliseconds(100));
  });
  fields.into("within", search.within_permille,
              [&](const YamlNode& n) { return scalars.permille(n); });
  fields.with("growth", [&](const YamlNode& n) {
    if (const auto growth = scalars.permille(n)) search.growth_permille = 1000 + *growth;
  });
  fields.finish();
  if (search.from.is_zero() || search.from.per_second() >= search.to.per_second()) {
    complaints.add(node.place, "from must be above 0 and below to");
  }
  if (search.growth_permille <= 1000 || search.within_permille == 0) {
    complaints.add(node.place, "growth and within must be above 0 %");
  }
  return search;
}

}  // namespace

std::optional<Search> read_search(const YamlNode& node, Complaints& complaints) {
  Fields fields(node, "search", complaints);
  if (!node.is(YamlNode::Kind::mapping)) return std::nullopt;
  std::optional<Search> search;
  fields.with("idle", [&](const YamlNode& n) { search = read_idle(n, complaints); });
  fields.with("capacity", [&](const YamlNode& n) { search = read_capacity(n, complaints); });
  fields.finish();
  if (node.members.size() != 1) {
    complaints.add(node.place, "search is one of idle and capacity");
  }
  return search;
}

}  // namespace scenarios

#include "probes/drift/schema_report.hpp"

#include <fmt/format.h>

namespace probes::drift {

void SchemaReport::add(Change change) {
  change.kind = pair_.kind;
  change.name = pair_.name;
  change.pointer = pair_.pointer + change.pointer;
  if (!told_.emplace(change.rule, change.pointer).second) return;
  auto made = make_change(std::move(change));
  if (made.direction == Direction::both) made.direction = pair_.direction;
  changes_.push_back(std::move(made));
}

void SchemaReport::add(const Candidate& candidate, const Candidate::Telling& telling,
                       std::optional<Witness> witness) {
  Change change;
  change.rule = telling.rule;
  change.pointer = candidate.pointer;
  change.why = telling.why;
  change.before = candidate.before;
  change.after = candidate.after;
  change.witness = std::move(witness);
  add(std::move(change));
}

void SchemaReport::add(AnnotationChange change) {
  note(std::move(change.rule), change.pointer, std::move(change.why), std::move(change.before),
       std::move(change.after));
}

void SchemaReport::note(std::string rule, std::string_view pointer, std::string why,
                        std::optional<mcp::schema::Value> before,
                        std::optional<mcp::schema::Value> after) {
  Change change;
  change.rule = std::move(rule);
  change.pointer = pointer;
  change.why = std::move(why);
  change.before = std::move(before);
  change.after = std::move(after);
  add(std::move(change));
}

void SchemaReport::whole(std::string rule, std::string why, Witness witness) {
  Change change;
  change.rule = std::move(rule);
  change.why = std::move(why);
  change.witness = std::move(witness);
  add(std::move(change));
}

void SchemaReport::equivalent() {
  note("schema-equivalent", "",
       fmt::format("{} is written in another way and accepts exactly the same values.", noun()));
}

void SchemaReport::undecided(std::string_view reason) {
  note("schema-undecided", "",
       fmt::format("Whether the change of the {} schema breaks anybody could not be decided: {}.",
                   to_string(pair_.direction), reason));
}

void SchemaReport::unjudged(std::size_t count, std::string_view first) {
  note("schema-undecided", "",
       fmt::format(
           "{} difference{} of the {} schema could not be judged by {} (the first is at {}).",
           count, count == 1 ? "" : "s", to_string(pair_.direction),
           count == 1 ? "itself" : "themselves", first));
}

void SchemaReport::truncated(std::size_t count) {
  note(
      "schema-undecided", "",
      fmt::format("The {} schema differs in more than {} places; the others were not judged one by "
                  "one.",
                  to_string(pair_.direction), count));
}

std::string SchemaReport::noun() const {
  return fmt::format("The {} schema", to_string(pair_.direction));
}

}  // namespace probes::drift

#include "probes/drift/schema_judge.hpp"

#include <algorithm>
#include <array>
#include <span>
#include <utility>

#include "mcp/schema/witness_search.hpp"
#include "probes/drift/schema_formats.hpp"
#include "probes/drift/schema_shrink.hpp"

namespace probes::drift {

using mcp::schema::Inclusion;
using mcp::schema::InclusionLimits;
using mcp::schema::Schema;
using mcp::schema::Search;
using mcp::schema::Validator;
using mcp::schema::Value;

namespace {

constexpr std::size_t edit_steps = 200'000;
/// A search costs about the square of the size; this much takes a few seconds.
constexpr std::size_t most_work = 40'000'000;

/// Subschemas, and names and values in lists by what they add to a search (found by trial).
std::size_t size_of(const Schema& schema) {
  constexpr std::size_t entries_per_schema = 4;
  std::size_t entries = 0;
  schema.each_node([&entries](const mcp::schema::Node& node) {
    entries += node.object.required.size() + (node.choices ? node.choices->size() : 0);
  });
  return schema.size() + entries / entries_per_schema;
}

}  // namespace

SchemaJudge::SchemaJudge(const SchemaDocument& older, const SchemaDocument& newer,
                         const SchemaPair& pair)
    : older_(older),
      newer_(newer),
      direction_(pair.direction),
      formats_(pair.formats),
      expired_(pair.expired) {}

mcp::Result<Schema> SchemaJudge::compiled(const Value& document) const {
  if (formats_ == FormatRule::annotation) return Schema::compile(document);
  return Schema::compile(with_formats_asserted(document));
}

SchemaJudge::Compiled SchemaJudge::compile() {
  auto older = compiled(older_.value());
  auto newer = compiled(newer_.value());
  Compiled out;
  if (!older) out.older = std::move(older.error());
  if (!newer) out.newer = std::move(newer.error());
  if (!older || !newer) return out;
  older_schema_ = std::move(*older);
  newer_schema_ = std::move(*newer);
  size_ = size_of(*older_schema_) + size_of(*newer_schema_);
  const bool input = direction_ == Direction::input;
  accepting_.emplace(input ? *older_schema_ : *newer_schema_);
  rejecting_.emplace(input ? *newer_schema_ : *older_schema_);
  return out;
}

InclusionLimits SchemaJudge::limits(std::size_t steps) const {
  InclusionLimits out;
  out.steps = std::min(out.steps, steps);
  out.expired = expired_;
  return out;
}

const Inclusion& SchemaJudge::whole() {
  if (!whole_) {
    const bool input = direction_ == Direction::input;
    const auto& inner = input ? *older_schema_ : *newer_schema_;
    const auto& outer = input ? *newer_schema_ : *older_schema_;
    whole_ = compare(inner, outer, limits(SIZE_MAX));
  }
  return *whole_;
}

mcp::schema::Verdict SchemaJudge::reverse() {
  if (!reverse_) {
    const bool input = direction_ == Direction::input;
    const auto& inner = input ? *newer_schema_ : *older_schema_;
    const auto& outer = input ? *older_schema_ : *newer_schema_;
    reverse_ = compare(inner, outer, limits(SIZE_MAX)).verdict;
  }
  return *reverse_;
}

std::optional<Schema> SchemaJudge::hybrid(const Candidate& candidate, bool from_older) const {
  const auto document = from_older ? edited(older_, candidate.forward, newer_)
                                   : edited(newer_, candidate.backward, older_);
  if (!document) return std::nullopt;
  auto schema = compiled(*document);
  return schema ? std::optional(std::move(*schema)) : std::nullopt;
}

bool SchemaJudge::spend() {
  spent_ += size_ * size_;
  return spent_ <= most_work;
}

bool SchemaJudge::breaks(const Value& value) {
  const auto accepted = accepting_->accepts(value);
  const auto rejected = rejecting_->accepts(value);
  return accepted && *accepted && rejected && !*rejected;
}

/// The last word before a witness is shown: both validators, on the value as it is shown.
std::optional<Witness> SchemaJudge::confirmed(Value value, const Test& also) {
  if (!breaks(value)) return std::nullopt;
  const auto test = [&](const Value& smaller) {
    return breaks(smaller) && (!also || also(smaller));
  };
  value = shrunk(std::move(value), test);
  auto violation = rejecting_->check(value);
  if (!violation || !*violation) return std::nullopt;
  return Witness{.value = std::move(value),
                 .accepted_by = direction_ == Direction::input ? Side::older : Side::newer,
                 .pointer = (*violation)->instance,
                 .reason = (*violation)->message};
}

std::optional<Witness> SchemaJudge::witness() {
  if (!whole().witness) return std::nullopt;
  return confirmed(*whole().witness, nullptr);
}

SchemaJudge::Judgement SchemaJudge::judge(const Candidate& candidate) {
  const bool input = direction_ == Direction::input;
  const auto& inner = input ? *older_schema_ : *newer_schema_;
  const auto& outer = input ? *newer_schema_ : *older_schema_;
  if (spent_ > most_work) return {};
  const auto spared = hybrid(candidate, !input);
  if (!spared) return {};
  // What would be fine but for this edit shows the edit itself, and nothing else is wrong with it.
  const std::array accepting = {&inner, &*spared};
  const std::array<const Schema*, 1> rejecting = {&outer};
  auto only_this = decided(accepting, rejecting, *spared, true);
  if (only_this.outcome == Outcome::breaks) return only_this;
  const auto moved = hybrid(candidate, input);
  if (!moved) return {};
  const std::array<const Schema*, 1> accepting_alone = {&inner};
  const std::array rejecting_both = {&*moved, &outer};
  auto this_too = decided(accepting_alone, rejecting_both, *moved, false);
  const bool unknown = only_this.outcome == Outcome::unknown;
  if (this_too.outcome == Outcome::harmless && unknown) this_too.outcome = Outcome::unknown;
  return this_too;
}

/// A value for which the schemas say so, made small while the hybrid still says `wanted`.
SchemaJudge::Judgement SchemaJudge::decided(std::span<const Schema* const> accepting,
                                            std::span<const Schema* const> rejecting,
                                            const Schema& hybrid, bool wanted) {
  if (!spend()) return {};
  auto search = find_value(accepting, rejecting, limits(edit_steps));
  if (search.outcome == Search::Outcome::none) return {Outcome::harmless, std::nullopt};
  if (search.outcome == Search::Outcome::unknown) return {};
  Validator validator(hybrid);
  auto witness = confirmed(std::move(*search.value), [&validator, wanted](const Value& value) {
    const auto said = validator.accepts(value);
    return said && *said == wanted;
  });
  return {witness ? Outcome::breaks : Outcome::unknown, std::move(witness)};
}

bool SchemaJudge::has_effect(const Candidate& candidate) {
  const bool input = direction_ == Direction::input;
  const auto& inner = input ? *newer_schema_ : *older_schema_;
  if (!spend()) return true;
  const auto moved = hybrid(candidate, !input);
  if (!moved) return true;
  const std::array<const Schema*, 1> accepting = {&inner};
  const std::array<const Schema*, 1> rejecting = {&*moved};
  return find_value(accepting, rejecting, limits(edit_steps)).outcome != Search::Outcome::none;
}

}  // namespace probes::drift

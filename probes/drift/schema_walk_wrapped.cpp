#include <fmt/format.h>

#include <algorithm>

#include "probes/drift/schema_branches.hpp"
#include "probes/drift/schema_walk.hpp"

namespace probes::drift {

using mcp::schema::Type;
using mcp::schema::Value;

namespace {

Value without(const Value::Array& branches, std::size_t index) {
  auto rest = branches;
  rest.erase(rest.begin() + static_cast<std::ptrdiff_t>(index));
  return Value(std::move(rest));
}

bool is_type_only(const Value& branch) {
  return branch.is(Type::object) && branch.object().size() == 1 && branch.find("type") != nullptr &&
         branch.find("type")->is(Type::string);
}

}  // namespace

/// Where one version is a plain schema and the other one is a list of alternatives, one of which
/// is like it: X, and anyOf [X, null].
std::optional<SchemaWalk::Wrapping> SchemaWalk::wrapping(const Pair& pair) const {
  const auto before = alternatives_of(*pair.older.value);
  const auto after = alternatives_of(*pair.newer.value);
  if (before.has_value() == after.has_value()) return {};
  const auto& list = before ? *before : *after;
  const auto& plain = before ? *pair.newer.value : *pair.older.value;
  const bool branches = plain.find("anyOf") != nullptr || plain.find("oneOf") != nullptr;
  if (branches || list.branches->size() < 2) return {};
  const auto& holder = before ? pair.older : pair.newer;
  const auto& document = before ? older_ : newer_;
  Value::Array resolved;
  for (std::size_t index = 0; index < list.branches->size(); ++index) {
    const Spot branch{&(*list.branches)[index], holder.path / list.keyword / std::to_string(index)};
    resolved.push_back(*document.resolve(branch).back().value);
  }
  const auto like = branch_like(plain, resolved);
  if (!like) return {};
  return Wrapping{.wrapped = after.has_value(), .keyword = list.keyword, .branch = *like};
}

/// The alternatives beside X came or went; the rest is a matter of X and what is like it.
void SchemaWalk::wrapped(const Pair& pair, const Wrapping& wrapping) {
  const bool added = wrapping.wrapped;
  const auto& owner = added ? pair.newer : pair.older;
  const auto& branches = owner.value->find(wrapping.keyword)->array();
  for (std::size_t index = 0; index < branches.size(); ++index) {
    if (stop()) break;
    if (index != wrapping.branch) alternative(pair, wrapping, index);
  }
  const Path way = {std::string(wrapping.keyword), std::to_string(wrapping.branch)};
  descend(pair, added ? Path{} : way, added ? way : Path{}, pair.place,
          pair.mixed || wrapping.keyword == "oneOf", Annotations::told);
}

void SchemaWalk::alternative(const Pair& pair, const Wrapping& wrapping, std::size_t index) {
  const bool added = wrapping.wrapped;
  const auto& owner = added ? pair.newer : pair.older;
  const auto& plain = added ? pair.older : pair.newer;
  const auto& lender = added ? newer_ : older_;
  const auto& branches = owner.value->find(wrapping.keyword)->array();
  const auto& branch = branches[index];
  const std::string keyword(wrapping.keyword);
  const Value list(Value::Array{*plain.value, lender.lent(branch)});
  const Edit wrap = {plain.path, Value(Value::Object{{keyword, list}})};
  const Edit unwrap = {owner.path / keyword, without(branches, index)};
  Candidate candidate;
  candidate.pointer = pointer_of(owner.path / keyword / std::to_string(index));
  (added ? candidate.after : candidate.before) = branch;
  candidate.forward = {added ? wrap : unwrap};
  candidate.backward = {added ? unwrap : wrap};
  const auto words = describe_branch(branch);
  const bool type = is_type_only(branch);
  const auto fact = fmt::format("{} {} {}", pair.place.subject(),
                                added ? "may now also" : "may no longer", demand(branch));
  const bool any = keyword == "anyOf";
  Names names = any ? Names{"any-of-branch-removed", "any-of-branch-added"}
                    : Names{"one-of-branch-removed", "one-of-branch-added"};
  if (type) names = {"type-narrowed", "type-widened"};
  tell(candidate, pair.mixed || !any, added ? Effect::grows : Effect::shrinks, names,
       {.fact = fact, .such = type ? fmt::format("with {} there", words) : "that fit only that"});
  add(std::move(candidate));
}

}  // namespace probes::drift

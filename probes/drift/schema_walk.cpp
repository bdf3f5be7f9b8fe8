#include "probes/drift/schema_walk.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace probes::drift {

using mcp::schema::Type;
using mcp::schema::Value;

namespace {

constexpr std::size_t most_candidates = 200;
constexpr std::size_t most_pairs = 20'000;

bool equal_members(const Value& one, const Value& two, std::string_view name) {
  const auto* left = one.find(name);
  const auto* right = two.find(name);
  return left == nullptr || right == nullptr ? left == right : *left == *right;
}

bool is_open(const std::vector<Path>& open, const Path& path) {
  return std::ranges::find(open, path) != open.end();
}

}  // namespace

SchemaWalk::SchemaWalk(const SchemaDocument& older, const SchemaDocument& newer,
                       Direction direction, FormatRule formats)
    : older_(older), newer_(newer), direction_(direction), formats_(formats) {
  shared_definitions_ = older.refers_to_definitions_only() && newer.refers_to_definitions_only() &&
                        equal_members(older.value(), newer.value(), "$defs") &&
                        equal_members(older.value(), newer.value(), "definitions");
}

void SchemaWalk::run() {
  visit({.older = older_.root(), .newer = newer_.root(), .place = SchemaPlace(direction_)});
}

bool SchemaWalk::same_meaning(const Pair& pair) const {
  return shared_definitions_ && *pair.older.value == *pair.newer.value;
}

void SchemaWalk::visit(Pair pair) {
  if (same_meaning(pair)) return;
  if (stop()) return;
  auto older = older_.resolve(pair.older);
  auto newer = newer_.resolve(pair.newer);
  const bool loops_older = older.size() > 1 && is_open(open_older_, older.back().path);
  const bool loops_newer = newer.size() > 1 && is_open(open_newer_, newer.back().path);
  const auto site = pair;
  pair.older = older.back();
  pair.newer = newer.back();
  const auto wrap = wrapping(pair);
  if (pair.annotations == Annotations::open) {
    if (wrap) add_branch(wrap->wrapped ? newer : older, *wrap);
    compare_annotations(older, newer, pair.place, direction_, annotations_);
  }
  if (loops_older != loops_newer) return recursion(site);
  if (seen_.size() >= most_pairs || !seen_.emplace(pair.older.path, pair.newer.path).second) {
    return;
  }
  if (booleans(pair)) return;
  open_older_.push_back(pair.older.path);
  open_newer_.push_back(pair.newer.path);
  if (wrap) {
    wrapped(pair, *wrap);
  } else {
    keywords(pair);
  }
  open_older_.pop_back();
  open_newer_.pop_back();
}

/// What is said of the one alternative that the plain schema became is said of it, too.
void SchemaWalk::add_branch(std::vector<Spot>& chain, const Wrapping& wrapping) {
  const auto& holder = chain.back();
  const auto& branch = holder.value->find(wrapping.keyword)->array()[wrapping.branch];
  chain.push_back({&branch, holder.path / wrapping.keyword / std::to_string(wrapping.branch)});
}

void SchemaWalk::keywords(const Pair& pair) {
  types(pair);
  values(pair);
  object(pair);
  array(pair);
  applied(pair);
}

/// One side refers back to what is around it and the other one does not: taken as one edit, since
/// taking it apart would unroll it without end.
void SchemaWalk::recursion(const Pair& pair) {
  Candidate candidate;
  candidate.pointer = pointer_of(pair.newer.path);
  candidate.before = *pair.older.value;
  candidate.after = *pair.newer.value;
  candidate.forward = {{.path = pair.older.path, .value = newer_.lent(*pair.newer.value)}};
  candidate.backward = {{.path = pair.newer.path, .value = older_.lent(*pair.older.value)}};
  const bool lost = pair.older.value->find("$ref") != nullptr;
  const auto fact = fmt::format("{} {}", pair.place.subject(),
                                lost ? "no longer has the form of the whole that it is a part of"
                                     : "now has the form of the whole that it is a part of");
  tell(candidate, pair.mixed, Effect::either,
       {.shrinks = "recursive-ref-tightened", .grows = "recursive-ref-loosened"},
       {.fact = fact, .such = "in which it has another form"});
  add(std::move(candidate));
}

/// Schemas that are true or false. True is the schema without any keyword.
bool SchemaWalk::booleans(const Pair& pair) {
  static const Value no_keywords{Value::Object{}};
  const auto is_false = [](const Spot& spot) {
    return spot.value->is(Type::boolean) && !spot.value->boolean();
  };
  const bool was = is_false(pair.older);
  const bool is = is_false(pair.newer);
  if (!was && !is) return false;
  if (was && is) return true;
  Candidate candidate;
  candidate.pointer = pointer_of(pair.newer.path);
  candidate.before = *pair.older.value;
  candidate.after = *pair.newer.value;
  candidate.forward = {{.path = pair.older.path, .value = newer_.lent(*pair.newer.value)}};
  candidate.backward = {{.path = pair.newer.path, .value = older_.lent(*pair.older.value)}};
  const auto fact = fmt::format("{} {}", pair.place.subject(),
                                is ? "is no longer let in at all" : "is now let in");
  tell(candidate, pair.mixed, is ? Effect::shrinks : Effect::grows, {},
       {.fact = fact, .such = "that have it"});
  if (is && input()) candidate.breaking.rule = "schema-boolean-false";
  const bool anything = pair.newer.value->is(Type::boolean);
  if (!is && !input() && anything) candidate.breaking.rule = "schema-boolean-true";
  add(std::move(candidate));
  return true;
}

void SchemaWalk::descend(const Pair& pair, const Path& way_older, const Path& way_newer,
                         SchemaPlace place, bool mixed, Annotations annotations) {
  const auto down = [](Spot spot, const Path& way) {
    for (const auto& token : way) {
      const auto& value = *spot.value;
      spot.value = value.is(Type::array) ? &value.array()[std::stoul(token)] : value.find(token);
      spot.path.push_back(token);
    }
    return spot;
  };
  visit({.older = down(pair.older, way_older),
         .newer = down(pair.newer, way_newer),
         .place = std::move(place),
         .mixed = mixed,
         .annotations = annotations});
}

Candidate SchemaWalk::keyword_edit(const Pair& pair, std::string_view keyword) const {
  const auto copy = [](const Value* value) {
    return value == nullptr ? std::nullopt : std::optional(*value);
  };
  Candidate candidate;
  candidate.before = copy(pair.before(keyword));
  candidate.after = copy(pair.after(keyword));
  const auto& owner = candidate.after ? pair.newer : pair.older;
  candidate.pointer = pointer_of(owner.path / keyword);
  candidate.forward = {{.path = pair.older.path / keyword, .value = candidate.after}};
  candidate.backward = {{.path = pair.newer.path / keyword, .value = candidate.before}};
  lend(candidate, keyword);
  return candidate;
}

/// The values of both edits are what the keyword holds in the other version.
void SchemaWalk::lend(Candidate& candidate, std::string_view keyword) const {
  for (auto& edit : candidate.forward) {
    if (edit.value) edit.value = newer_.lent(keyword, *edit.value);
  }
  for (auto& edit : candidate.backward) {
    if (edit.value) edit.value = older_.lent(keyword, *edit.value);
  }
}

/// One member of a keyword that holds schemas by name.
Candidate SchemaWalk::member_edit(const Pair& pair, std::string_view keyword,
                                  const std::string& name) const {
  const auto member = [&name](const Value* map) -> std::optional<Value> {
    const auto* found = map == nullptr ? nullptr : map->find(name);
    return found == nullptr ? std::nullopt : std::optional(*found);
  };
  Candidate candidate;
  candidate.before = member(pair.before(keyword));
  candidate.after = member(pair.after(keyword));
  const auto& owner = candidate.after ? pair.newer : pair.older;
  candidate.pointer = pointer_of(owner.path / keyword / name);
  candidate.forward = {{.path = pair.older.path / keyword / name, .value = candidate.after}};
  candidate.backward = {{.path = pair.newer.path / keyword / name, .value = candidate.before}};
  lend(candidate, "additionalProperties");  // as any keyword that holds one schema
  return candidate;
}

void SchemaWalk::whole_keyword(const Pair& pair, std::string_view keyword, Effect effect,
                               Names names, Words words) {
  auto candidate = keyword_edit(pair, keyword);
  tell(candidate, pair.mixed, effect, names, std::move(words));
  add(std::move(candidate));
}

std::string SchemaWalk::rule(std::string_view stem) const {
  return fmt::format("{}-{}", to_string(direction_), stem);
}

void SchemaWalk::tell(Candidate& candidate, bool mixed, Effect effect, Names names,
                      Words words) const {
  const auto harmful = input() ? Effect::shrinks : Effect::grows;
  const auto harmless = input() ? Effect::grows : Effect::shrinks;
  const auto harmful_name = input() ? names.shrinks : names.grows;
  const auto harmless_name = input() ? names.grows : names.shrinks;
  const auto general_harm = input() ? "narrowed" : "widened";
  const auto general_good = input() ? "widened" : "narrowed";
  candidate.effect = mixed ? Effect::either : effect;
  if (candidate.effect != harmless) {
    const bool general = effect == harmless || harmful_name.empty();
    candidate.breaking.rule = rule(general ? general_harm : harmful_name);
  }
  if (candidate.effect != harmful) {
    const bool general = effect == harmful || harmless_name.empty();
    candidate.harmless.rule = rule(general ? general_good : harmless_name);
  }
  // Below oneOf a laxer part may break, as values may come to fit two alternatives.
  if (effect == harmless) words.such = "like the one shown";
  word(candidate, words);
}

void SchemaWalk::word(Candidate& candidate, const Words& words) const {
  const auto& fact = words.fact;
  candidate.no_effect = fact + "; with the rest of the schema that makes no difference.";
  if (input()) {
    candidate.breaking.why = fmt::format("{}; calls {} are refused.", fact, words.such);
    candidate.harmless.why = fact + "; calls that were valid stay valid.";
    candidate.undecided.why = fact + "; whether valid calls are refused could not be decided.";
  } else {
    candidate.breaking.why =
        fmt::format("{}; clients that know the older schema reject results {}.", fact, words.such);
    candidate.harmless.why = fact + "; results still fit the older schema.";
    candidate.undecided.why =
        fact + "; whether results still fit the older schema could not be decided.";
  }
}

void SchemaWalk::add(Candidate candidate) {
  if (!stop()) candidates_.push_back(std::move(candidate));
}

bool SchemaWalk::stop() {
  truncated_ = truncated_ || candidates_.size() >= most_candidates;
  return truncated_;
}

}  // namespace probes::drift

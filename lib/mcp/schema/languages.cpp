#include "mcp/schema/languages.hpp"

#include <algorithm>
#include <iterator>
#include <ranges>

#include "mcp/schema/value.hpp"

namespace mcp::schema {
namespace {

std::uint32_t limited(std::uint64_t length) {
  return static_cast<std::uint32_t>(std::min<std::uint64_t>(length, Languages::unbounded));
}

std::uint32_t sum(std::uint32_t left, std::uint32_t right) {
  return limited(std::uint64_t{left} + right);
}

std::uint32_t product(std::uint32_t left, std::uint32_t right) {
  return limited(std::uint64_t{left} * right);
}

}  // namespace

Languages::Languages(std::size_t most_expressions) : most_expressions_(most_expressions) {
  intern({.kind = Kind::none});
  intern({.kind = Kind::empty, .nullable = true, .literal = true});
  const auto all = set(CharSet::all());
  // `all` took number 2, which is promised to any_text: swap the two.
  Expression any{.kind = Kind::repeat, .nullable = true, .least = 0, .most = unbounded};
  any.parts = {all + 1};
  auto every = std::exchange(expressions_[all], any);
  expressions_.push_back(std::move(every));
  for (auto& [key, id] : known_) {
    if (id == all) id = all + 1;
  }
  known_[{static_cast<std::uint32_t>(Kind::repeat), 0, unbounded, all + 1}] = any_text;
}

/// Counts parts that were looked at: a few hundred nanoseconds each at the most.
bool Languages::work(std::size_t cost) {
  constexpr std::size_t most_work = 20'000'000;
  constexpr std::size_t between_questions = 10'000;
  const auto before = work_ / between_questions;
  work_ += cost;
  if (work_ > most_work) exhausted_ = true;
  if (work_ / between_questions != before && expired_ && expired_()) exhausted_ = true;
  return !exhausted_;
}

void Languages::measure(Expression& expression) const {
  const auto& parts = expression.parts;
  const auto least = [&](LanguageId part) { return expressions_[part].least_length; };
  const auto most = [&](LanguageId part) { return expressions_[part].most_length; };
  auto& low = expression.least_length;
  auto& high = expression.most_length;
  switch (expression.kind) {
    case Kind::empty:
      high = 0;
      return;
    case Kind::set:
      low = high = 1;
      return;
    case Kind::concat:
      low = sum(least(parts[0]), least(parts[1]));
      high = sum(most(parts[0]), most(parts[1]));
      return;
    case Kind::repeat:
      low = product(least(parts[0]), expression.least);
      high = product(most(parts[0]), expression.most);
      return;
    case Kind::unite:
      low = std::ranges::min(parts | std::views::transform(least));
      high = std::ranges::max(parts | std::views::transform(most));
      return;
    case Kind::intersect:
      low = std::ranges::max(parts | std::views::transform(least));
      high = std::ranges::min(parts | std::views::transform(most));
      return;
    default:
      return;
  }
}

LanguageId Languages::intern(Expression expression) {
  std::vector<std::uint32_t> key = {static_cast<std::uint32_t>(expression.kind), expression.least,
                                    expression.most};
  key.insert(key.end(), expression.parts.begin(), expression.parts.end());
  const auto next = static_cast<LanguageId>(expressions_.size());
  const auto [place, added] = known_.try_emplace(std::move(key), next);
  if (!added) return place->second;
  measure(expression);
  size_ += 1 + expression.parts.size() / 8;
  if (size_ >= most_expressions_) exhausted_ = true;
  if (exhausted_ && expressions_.size() > most_expressions_ + 1000) {
    known_.erase(place);
    return none;  // no answer counts any more
  }
  expressions_.push_back(std::move(expression));
  return next;
}

LanguageId Languages::make(Kind kind, std::vector<LanguageId> parts) {
  Expression made{.kind = kind};
  made.opaque = std::ranges::any_of(parts, [this](auto part) { return is_opaque(part); });
  const auto is_nullable = [this](auto part) { return nullable(part); };
  switch (kind) {
    case Kind::unite:
      made.nullable = std::ranges::any_of(parts, is_nullable);
      break;
    case Kind::complement:
      made.nullable = !nullable(parts.front());
      break;
    default:
      made.nullable = std::ranges::all_of(parts, is_nullable);
  }
  if (kind == Kind::concat) {
    made.literal =
        std::ranges::all_of(parts, [this](auto part) { return expressions_[part].literal; });
  }
  made.parts = std::move(parts);
  return intern(std::move(made));
}

LanguageId Languages::set(const CharSet& characters) {
  const auto known = characters & CharSet::all();
  if (known.empty()) return none;
  const auto next = static_cast<std::uint32_t>(sets_.size());
  const auto [place, added] = set_numbers_.try_emplace(known, next);
  if (added) sets_.push_back(known);
  const auto& ranges = known.ranges();
  const bool single = ranges.size() == 1 && ranges[0].first == ranges[0].last;
  return intern({.kind = Kind::set, .literal = single, .least = place->second});
}

LanguageId Languages::literal(std::string_view utf8) {
  auto id = empty_text;
  const auto points = code_points(utf8);
  for (auto point = points.rbegin(); point != points.rend(); ++point) {
    id = concat(set(CharSet::single(*point)), id);
  }
  return id;
}

LanguageId Languages::opaque(std::string_view name) {
  const auto next = static_cast<std::uint32_t>(opaque_numbers_.size());
  const auto number = opaque_numbers_.try_emplace(std::string(name), next).first->second;
  return intern({.kind = Kind::opaque, .opaque = true, .least = number});
}

LanguageId Languages::lengths(std::uint32_t least, std::uint32_t most) {
  if (least > most) return none;
  return repeat(set(CharSet::all()), least, most);
}

LanguageId Languages::concat(LanguageId first, LanguageId second) {
  if (first == none || second == none) return none;
  if (first == empty_text) return second;
  if (second == empty_text) return first;
  const auto& head = expressions_[first];
  if (head.kind == Kind::concat) {
    const auto left = head.parts[0];
    const auto right = head.parts[1];
    return concat(left, concat(right, second));
  }
  const bool starts_with_any = second == any_text || (expressions_[second].kind == Kind::concat &&
                                                      expressions_[second].parts[0] == any_text);
  if (first == any_text && starts_with_any) return second;
  return make(Kind::concat, {first, second});
}

LanguageId Languages::repeat(LanguageId body, std::uint32_t least, std::uint32_t most) {
  if (most == 0 || body == empty_text) return empty_text;
  if (body == none) return least == 0 ? empty_text : none;
  if (least == 1 && most == 1) return body;
  if (body == any_text) return any_text;
  if (nullable(body)) least = 0;
  const auto& inner = expressions_[body];
  if (least == 0 && most == unbounded && inner.kind == Kind::repeat && inner.least <= 1 &&
      inner.most == unbounded) {
    return repeat(inner.parts.front(), 0, unbounded);
  }
  Expression made{.kind = Kind::repeat, .least = least, .most = most};
  made.nullable = least == 0 || nullable(body);
  made.opaque = is_opaque(body);
  made.parts = {body};
  return intern(std::move(made));
}

std::vector<LanguageId> Languages::flatten(Kind kind, const std::vector<LanguageId>& parts) {
  std::vector<LanguageId> flat;
  if (exhausted_) return flat;
  for (const auto part : parts) {
    const auto& expression = expressions_[part];
    if (expression.kind == kind) {
      flat.insert(flat.end(), expression.parts.begin(), expression.parts.end());
    } else {
      flat.push_back(part);
    }
  }
  work(flat.size());
  std::ranges::sort(flat);
  const auto rest = std::ranges::unique(flat);
  flat.erase(rest.begin(), rest.end());
  return flat;
}

/// Whether one of the parts is the complement of another one.
bool Languages::contradicts(const std::vector<LanguageId>& parts) {
  return std::ranges::any_of(parts, [&](LanguageId part) {
    const auto& expression = expressions_[part];
    return expression.kind == Kind::complement &&
           std::ranges::binary_search(parts, expression.parts.front());
  });
}

/// Makes one set of all that are plain sets of characters.
void Languages::merge_sets(Kind kind, std::vector<LanguageId>& parts) {
  const auto is_set = [this](LanguageId part) { return expressions_[part].kind == Kind::set; };
  if (std::ranges::count_if(parts, is_set) < 2) return;
  CharSet merged = kind == Kind::unite ? CharSet() : CharSet::all();
  for (const auto part : parts) {
    if (!is_set(part)) continue;
    const auto& each = set_of(expressions_[part]);
    merged = kind == Kind::unite ? merged | each : merged & each;
  }
  std::erase_if(parts, is_set);
  parts.push_back(set(merged));
  std::ranges::sort(parts);
}

bool Languages::is_lengths(LanguageId id) const {
  const auto& expression = expressions_[id];
  return expression.kind == Kind::repeat && expression.parts.front() == any_text + 1;
}

/// Makes one bound of all bounds on the length; false when they exclude each other.
bool Languages::merge_lengths(std::vector<LanguageId>& parts) {
  const auto is_bound = [this](LanguageId part) { return is_lengths(part); };
  if (std::ranges::count_if(parts, is_bound) < 2) return true;
  std::uint32_t least = 0;
  std::uint32_t most = unbounded;
  for (const auto part : parts) {
    if (!is_bound(part)) continue;
    least = std::max(least, expressions_[part].least);
    most = std::min(most, expressions_[part].most);
  }
  if (least > most) return false;
  std::erase_if(parts, is_bound);
  parts.push_back(lengths(least, most));
  std::ranges::sort(parts);
  return true;
}

/// A bound on the length that the other parts keep anyway says nothing; false when no length is
/// left. This spares a search through states that differ in their length only.
bool Languages::drop_needless_lengths(std::vector<LanguageId>& parts) {
  std::uint32_t least = 0;
  std::uint32_t most = unbounded;
  std::uint32_t most_allowed = unbounded;
  for (const auto part : parts) {
    const auto& expression = expressions_[part];
    most_allowed = std::min(most_allowed, expression.most_length);
    if (is_lengths(part)) continue;
    least = std::max(least, expression.least_length);
    most = std::min(most, expression.most_length);
  }
  const auto needless = [&](LanguageId part) {
    const auto& bound = expressions_[part];
    return is_lengths(part) && bound.least <= least && bound.most >= most;
  };
  for (const auto part : parts) {
    if (expressions_[part].least_length > most_allowed) return false;
  }
  std::erase_if(parts, needless);
  return true;
}

LanguageId Languages::unite(std::vector<LanguageId> parts) {
  parts = flatten(Kind::unite, parts);
  std::erase(parts, none);
  if (std::ranges::binary_search(parts, any_text) || contradicts(parts)) return any_text;
  merge_sets(Kind::unite, parts);
  if (parts.empty()) return none;
  if (parts.size() == 1) return parts.front();
  return make(Kind::unite, std::move(parts));
}

LanguageId Languages::intersect(std::vector<LanguageId> parts) {
  parts = flatten(Kind::intersect, parts);
  std::erase(parts, any_text);
  if (std::ranges::binary_search(parts, none) || contradicts(parts)) return none;
  if (parts.empty()) return any_text;
  merge_sets(Kind::intersect, parts);
  if (!merge_lengths(parts) || std::ranges::binary_search(parts, none)) return none;
  if (!drop_needless_lengths(parts)) return none;
  if (parts.size() == 1) return parts.front();
  if (const auto filtered = filter_finite(parts)) return *filtered;
  return make(Kind::intersect, std::move(parts));
}

LanguageId Languages::complement(LanguageId body) {
  if (body == none) return any_text;
  if (body == any_text) return none;
  const auto expression = expressions_[body];
  if (expression.kind == Kind::complement) return expression.parts.front();
  if (is_lengths(body)) {
    const auto below = expression.least == 0 ? none : lengths(0, expression.least - 1);
    const auto above =
        expression.most == unbounded ? none : lengths(expression.most + 1, unbounded);
    return unite({below, above});
  }
  if (expression.kind != Kind::unite && expression.kind != Kind::intersect) {
    return make(Kind::complement, {body});
  }
  std::vector<LanguageId> parts;
  parts.reserve(expression.parts.size());
  for (const auto part : expression.parts) parts.push_back(complement(part));
  return expression.kind == Kind::unite ? intersect(std::move(parts)) : unite(std::move(parts));
}

bool Languages::is_finite_choice(LanguageId id) const {
  const auto& expression = expressions_[id];
  if (expression.kind != Kind::unite) return expression.literal;
  return std::ranges::all_of(expression.parts,
                             [this](LanguageId part) { return expressions_[part].literal; });
}

/// Where one of the parts is a list of texts, the intersection is those that all others match.
std::optional<LanguageId> Languages::filter_finite(const std::vector<LanguageId>& parts) {
  const auto chosen =
      std::ranges::find_if(parts, [this](LanguageId part) { return is_finite_choice(part); });
  if (chosen == parts.end()) return std::nullopt;
  const auto choice = expressions_[*chosen].kind == Kind::unite ? expressions_[*chosen].parts
                                                                : std::vector{*chosen};
  std::vector<LanguageId> kept;
  for (const auto text : choice) {
    bool all = true;
    for (const auto part : parts) {
      if (part == *chosen || !all) continue;
      const auto matched = run(part, code_points(text_of_literal(text)));
      if (!matched) return std::nullopt;
      all = *matched;
    }
    if (all) kept.push_back(text);
  }
  return unite(std::move(kept));
}

}  // namespace mcp::schema

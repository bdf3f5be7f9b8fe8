#include <algorithm>
#include <map>
#include <set>
#include <tuple>
#include <utility>
#include <vector>

#include "mcp/schema/solver.hpp"

namespace mcp::schema {
namespace {

using Kind = Literal::Kind;
constexpr std::size_t most_counted = 4;
constexpr std::size_t most_demands = 6;
constexpr std::uint64_t longest_array = 100'000;
/// Of arrays whose items differ in what they serve.
constexpr std::uint64_t longest_varied = 400;
constexpr std::size_t longest_distinct = 40;

struct PlacedFact {
  std::uint64_t from;
  Fact fact;
};

/// A `contains`: how many items must and may fit.
struct Counted {
  Fact fact;
  std::uint64_t least = 0;
  std::uint64_t most = UINT64_MAX;
};

/// Builds an array item by item. At each place it chooses which `contains` and which demands
/// ("some item from … on") the item serves. From `tail_` on all places have the same rules, so
/// arrays longer than what the demands need are not worth a look.
class ArraySearch {
 public:
  ArraySearch(Solver& solver, std::span<const Literal> literals) : solver_(solver) {
    for (const auto& literal : literals) read(literal);
  }

  Answer run() {
    if (least_ > most_ || (unique_ && repeated_)) return Answer::none();
    if (impossible_place() || too_few_values()) return Answer::none();
    if (counted_.size() > most_counted || demands_.size() > most_demands) return Answer::unknown();
    std::uint64_t needed = demands_.size();
    for (const auto& each : counted_) {
      if (each.least > each.most) return Answer::none();
      needed += std::min(each.least, longest_array);
    }
    longest_ = std::min(most_, std::max(least_, tail_ + needed + (repeated_ ? 2 : 0)));
    const bool varied = !counted_.empty() || !demands_.empty() || unique_ || tail_ > longest_varied;
    if (longest_ > (varied ? longest_varied : longest_array)) return Answer::unknown();
    return repeated_ ? run_repeated() : run_varied();
  }

 private:
  /// Whether a place that must be there can have no value: this needs no look at other places.
  bool impossible_place() {
    for (const auto& [index, facts] : items_) {
      if (index < least_ && solver_.solve(rules_at(index)).is(Answer::Kind::none)) return true;
    }
    return false;
  }

  /// Whether all places choose from the same values, which are fewer than the places.
  bool too_few_values() {
    constexpr std::uint64_t most_values = 200;
    if (!unique_ || tail_ > 0 || least_ < 2 || least_ > most_values) return false;
    const auto values = solver_.several(rules_at(0), least_);
    return values.complete && values.values.size() < least_;
  }

  struct State {
    std::vector<Goal> goals;
    unsigned demands = 0;  // those not served yet
    std::vector<std::uint64_t> counts;
  };

  void read(const Literal& literal) {
    switch (literal.kind) {
      case Kind::at_least:
        least_ = std::max(least_, literal.count);
        return;
      case Kind::at_most:
        most_ = std::min(most_, literal.count);
        return;
      case Kind::item_exists:
        least_ = std::max(least_, literal.count + 1);
        [[fallthrough]];
      case Kind::item:
        items_[literal.count].push_back(literal.fact);
        tail_ = std::max(tail_, literal.count + 1);
        return;
      case Kind::every_item:
        rules_.push_back({literal.count, literal.fact});
        tail_ = std::max(tail_, literal.count);
        return;
      case Kind::some_item:
        demands_.push_back({literal.count, literal.fact});
        tail_ = std::max(tail_, literal.count);
        return;
      case Kind::contains_least:
        counter(literal.fact).least = std::max(counter(literal.fact).least, literal.count);
        return;
      case Kind::contains_most:
        counter(literal.fact).most = std::min(counter(literal.fact).most, literal.count);
        return;
      default:
        (literal.kind == Kind::unique ? unique_ : repeated_) = true;
    }
  }

  Counted& counter(Fact fact) {
    const auto known = std::ranges::find(counted_, fact, &Counted::fact);
    return known != counted_.end() ? *known : counted_.emplace_back(Counted{.fact = fact});
  }

  Answer run_varied() {
    auto* generator = solver_.generator();
    if (generator != nullptr) {
      const auto least = least_;
      const auto longest = longest_;
      least_ = std::min(most_, least_ + (*generator)() % 4);
      longest_ = std::max(longest_, least_);
      auto answer = start();
      if (answer.is(Answer::Kind::found)) return answer;
      least_ = least;
      longest_ = longest;
    }
    return start();
  }

  /// Two places that hold the same value. Places of the tail are alike, so two of them are enough.
  Answer run_repeated() {
    bool sure = true;
    for (std::uint64_t first = 0; first <= tail_; ++first) {
      for (std::uint64_t second = first + 1; second <= tail_ + 1; ++second) {
        if (second >= longest_) continue;
        twins_ = std::pair{first, second};
        auto answer = start();
        if (answer.is(Answer::Kind::found)) return answer;
        sure = sure && answer.is(Answer::Kind::none);
      }
    }
    return sure ? Answer::none() : Answer::unknown();
  }

  Answer start() {
    failed_.clear();
    State state{.goals = {}, .demands = (1U << demands_.size()) - 1, .counts = {}};
    state.counts.resize(counted_.size());
    return extend(state);
  }

  Goal rules_at(std::uint64_t index) const {
    Goal goal;
    if (const auto own = items_.find(index); own != items_.end()) goal = own->second;
    for (const auto& rule : rules_) {
      if (rule.from <= index) goal.push_back(rule.fact);
    }
    if (twins_ && twins_->first == index) {
      for (const auto fact : rules_at(twins_->second)) goal.push_back(fact);
    }
    return goal;
  }

  bool satisfied(const State& state) const {
    if (state.goals.size() < least_ || state.demands != 0) return false;
    if (twins_ && state.goals.size() <= twins_->second) return false;
    for (std::size_t index = 0; index < counted_.size(); ++index) {
      if (state.counts[index] < counted_[index].least) return false;
    }
    return true;
  }

  /// No place that follows differs from the first of them, and nothing is left to serve.
  bool only_filling(const State& state) const {
    return state.goals.size() >= tail_ && state.demands == 0 && counted_.empty() && !unique_ &&
           (!twins_ || state.goals.size() > twins_->second);
  }

  Answer extend(State& state) {
    if (!solver_.spend(20 + 4 * state.goals.size())) return Answer::unknown();
    if (satisfied(state)) return finish(state);
    const auto index = state.goals.size();
    if (index >= longest_) return Answer::none();
    if (only_filling(state)) {
      auto answer = solver_.solve(rules_at(index));
      if (!answer.is(Answer::Kind::found)) return answer;
      auto filled = state;
      filled.goals.resize(least_, rules_at(index));
      return finish(filled);
    }
    const auto key = std::tuple(index, state.demands, state.counts);
    if (!unique_ && !twins_ && failed_.contains(key)) return Answer::none();
    auto answer = twins_ && twins_->second == index ? extend_twin(state) : extend_any(state);
    if (answer.is(Answer::Kind::none)) failed_.insert(key);
    return answer;
  }

  /// The second of the twins: whatever the first one serves counts again.
  Answer extend_twin(State& state) {
    auto next = state;
    const auto goal = state.goals[twins_->first];
    for (std::size_t index = 0; index < counted_.size(); ++index) {
      const bool fits = std::ranges::find(goal, counted_[index].fact) != goal.end();
      if (fits && ++next.counts[index] > counted_[index].most) return Answer::none();
    }
    next.goals.push_back(goal);
    return extend(next);
  }

  unsigned servable(std::uint64_t index) const {
    const auto reach = twins_ && twins_->first == index ? twins_->second : index;
    unsigned mask = 0;
    for (std::size_t demand = 0; demand < demands_.size(); ++demand) {
      if (demands_[demand].from <= reach) mask |= 1U << demand;
    }
    return mask;
  }

  Answer extend_any(State& state) {
    bool sure = true;
    const auto open = state.demands & servable(state.goals.size());
    // All subsets of the open demands, larger ones mostly first.
    for (unsigned served = open;; served = (served - 1) & open) {
      for (unsigned fits = 1U << counted_.size(); fits-- > 0;) {
        auto answer = extend_by(state, served, fits);
        if (answer.is(Answer::Kind::found)) return answer;
        sure = sure && answer.is(Answer::Kind::none);
      }
      if (served == 0) break;
    }
    return sure ? Answer::none() : Answer::unknown();
  }

  Answer extend_by(const State& state, unsigned served, unsigned fits) {
    auto next = state;
    auto goal = rules_at(state.goals.size());
    for (std::size_t demand = 0; demand < demands_.size(); ++demand) {
      if ((served >> demand & 1U) != 0) goal.push_back(demands_[demand].fact);
    }
    for (std::size_t index = 0; index < counted_.size(); ++index) {
      const bool fitting = (fits >> index & 1U) != 0;
      if (fitting && ++next.counts[index] > counted_[index].most) return Answer::none();
      goal.push_back(fitting ? counted_[index].fact : !counted_[index].fact);
    }
    auto answer = solver_.solve(goal);
    if (!answer.is(Answer::Kind::found)) return answer;
    next.demands &= ~served;
    next.goals.push_back(std::move(goal));
    return extend(next);
  }

  Answer finish(const State& state) {
    if (unique_) return finish_distinct(state);
    Value::Array values;
    for (std::size_t index = 0; index < state.goals.size(); ++index) {
      if (twins_ && twins_->second == index) {
        values.push_back(values[twins_->first]);
        continue;
      }
      const bool same = index > 0 && state.goals[index] == state.goals[index - 1] &&
                        solver_.generator() == nullptr;
      auto answer = same ? Answer::found(values.back()) : solver_.solve(state.goals[index]);
      if (!answer.is(Answer::Kind::found)) return Answer::unknown();
      values.push_back(std::move(answer.value));
    }
    return Answer::found(Value(std::move(values)));
  }

  /// As many different values for each place as there are places never block each other; where a
  /// place has fewer, all ways are tried.
  Answer finish_distinct(const State& state) {
    const auto size = state.goals.size();
    if (size > longest_distinct) return Answer::unknown();
    std::vector<std::vector<Value>> choices;
    bool sure = true;
    for (const auto& goal : state.goals) {
      auto several = solver_.several(goal, size);
      sure = sure && (several.complete || several.values.size() >= size);
      choices.push_back(std::move(several.values));
    }
    std::set<Value> different;
    for (const auto& each : choices) different.insert(each.begin(), each.end());
    if (sure && different.size() < size) return Answer::none();
    Value::Array chosen;
    if (choose(choices, chosen)) return Answer::found(Value(std::move(chosen)));
    return sure && solver_.spend() ? Answer::none() : Answer::unknown();
  }

  bool choose(const std::vector<std::vector<Value>>& choices, Value::Array& chosen) {
    if (chosen.size() == choices.size()) return true;
    for (const auto& value : choices[chosen.size()]) {
      if (std::ranges::find(chosen, value) != chosen.end() || !solver_.spend(4 + chosen.size()))
        continue;
      chosen.push_back(value);
      if (choose(choices, chosen)) return true;
      chosen.pop_back();
    }
    return false;
  }

  Solver& solver_;
  std::map<std::uint64_t, Goal> items_;
  std::vector<PlacedFact> rules_;
  std::vector<PlacedFact> demands_;
  std::vector<Counted> counted_;
  std::uint64_t least_ = 0;
  std::uint64_t most_ = UINT64_MAX;
  std::uint64_t tail_ = 0;
  std::uint64_t longest_ = 0;
  bool unique_ = false;
  bool repeated_ = false;
  std::optional<std::pair<std::uint64_t, std::uint64_t>> twins_;
  std::set<std::tuple<std::size_t, unsigned, std::vector<std::uint64_t>>> failed_;
};

}  // namespace

Answer solve_array(Solver& solver, std::span<const Literal> literals) {
  return ArraySearch(solver, literals).run();
}

}  // namespace mcp::schema

#include <algorithm>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "mcp/schema/solver.hpp"

namespace mcp::schema {
namespace {

using Kind = Literal::Kind;

struct NamedFact {
  LanguageId names;
  Fact fact;
};

/// Names that all rules treat alike: one name, or a language that no rule divides.
struct Cell {
  LanguageId names = Languages::none;
  std::optional<std::string> name;
  Goal facts;
  std::vector<bool> serves;  // for each demand, whether these names can meet it
};

/// Builds an object: first the members that must be, then those that demands ("some name of …")
/// ask for, by trying, then as many as the least size wants.
class ObjectSearch {
 public:
  ObjectSearch(Solver& solver, std::span<const Literal> literals) : solver_(solver) {
    for (const auto& literal : literals) read(literal);
  }

  Answer run() {
    if (least_ > most_) return Answer::none();
    if (impossible_member()) return Answer::none();
    if (!make_cells()) return Answer::unknown();
    for (const auto& cell : cells_) {
      if (!cell.name) continue;
      const auto needed = required_.find(cell.names);
      if (needed == required_.end()) continue;
      auto goal = cell.facts;
      goal.insert(goal.end(), needed->second.begin(), needed->second.end());
      goals_[*cell.name] = std::move(goal);
    }
    auto answer = place(0);
    return answer.is(Answer::Kind::none) && !sure_ ? Answer::unknown() : answer;
  }

 private:
  Languages& languages() { return solver_.describer().languages(); }

  void read(const Literal& literal) {
    switch (literal.kind) {
      case Kind::at_least:
        least_ = std::max(least_, literal.count);
        break;
      case Kind::at_most:
        most_ = std::min(most_, literal.count);
        break;
      case Kind::every_name:
        // Most rules are for one name, and there may be a thousand of them.
        if (languages().is_single_text(literal.names)) {
          own_rules_[literal.names].push_back(literal.fact);
        } else {
          rules_.push_back({literal.names, literal.fact});
        }
        break;
      default:
        if (languages().is_single_text(literal.names)) {
          own_rules_[literal.names];
          required_[literal.names].push_back(literal.fact);
        } else {
          demands_.push_back({literal.names, literal.fact});
        }
    }
  }

  /// Whether a member that must be there can have no value, by the rules for its own name alone:
  /// this needs no look at the other names.
  bool impossible_member() {
    return std::ranges::any_of(required_, [this](const auto& each) {
      auto goal = own_rules_.at(each.first);
      goal.insert(goal.end(), each.second.begin(), each.second.end());
      return solver_.solve(std::move(goal)).is(Answer::Kind::none);
    });
  }

  /// Whether a name is in a language; an opaque one makes the search inconclusive.
  bool in(LanguageId names, const std::string& name) {
    const auto matched = languages().matches(names, name);
    sure_ = sure_ && matched.has_value();
    return matched.value_or(false);
  }

  bool make_cells() {
    std::vector<LanguageId> named;
    std::map<std::string, LanguageId> names;
    for (const auto& [id, facts] : own_rules_) {
      if (auto name = languages().single_text(id)) names.emplace(std::move(*name), id);
    }
    for (const auto& [name, id] : names) {
      Cell cell{.names = id, .name = name, .facts = own_rules_.at(id), .serves = {}};
      for (const auto& rule : rules_) {
        if (in(rule.names, name)) cell.facts.push_back(rule.fact);
      }
      for (const auto& demand : demands_) cell.serves.push_back(in(demand.names, name));
      named.push_back(cell.names);
      cells_.push_back(std::move(cell));
    }
    const auto rest = languages().complement(languages().unite(std::move(named)));
    return divide({.names = rest, .name = {}, .facts = {}, .serves = {}}, 0) && sure_;
  }

  /// Splits the names without a rule of their own by every other rule and demand.
  bool divide(Cell cell, std::size_t index) {
    if (!solver_.spend(20)) return false;
    const auto word = languages().shortest(cell.names);
    if (word.answer == Languages::Answer::empty) return true;
    if (word.answer == Languages::Answer::unknown) return false;
    if (index == rules_.size() + demands_.size()) {
      cells_.push_back(std::move(cell));
      return true;
    }
    const bool is_rule = index < rules_.size();
    const auto& part = is_rule ? rules_[index] : demands_[index - rules_.size()];
    Cell outside = cell;
    outside.names = languages().intersect({cell.names, languages().complement(part.names)});
    cell.names = languages().intersect({cell.names, part.names});
    if (is_rule) cell.facts.push_back(part.fact);
    if (!is_rule) cell.serves.push_back(true);
    if (!is_rule) outside.serves.push_back(false);
    return divide(std::move(outside), index + 1) && divide(std::move(cell), index + 1);
  }

  /// Meets the demands from `index` on: by a member that is there, or by a new one.
  Answer place(std::size_t index) {
    if (!solver_.spend(20 + 4 * goals_.size())) return Answer::unknown();
    if (goals_.size() > most_) return Answer::none();
    if (index == demands_.size()) return build();
    bool sure = true;
    const auto attempt = [&](const std::string& name, const Cell& cell) {
      const auto before = goals_;
      auto& goal = goals_.try_emplace(name, cell.facts).first->second;
      goal.push_back(demands_[index].fact);
      auto answer = solver_.solve(goal);
      if (answer.is(Answer::Kind::found)) answer = place(index + 1);
      goals_ = before;
      sure = sure && !answer.is(Answer::Kind::unknown);
      return answer;
    };
    for (const auto& cell : cells_) {
      if (!cell.serves[index]) continue;
      for (const auto& name : names_in(cell)) {
        auto answer = attempt(name, cell);
        if (answer.is(Answer::Kind::found)) return answer;
      }
    }
    return sure ? Answer::none() : Answer::unknown();
  }

  /// The names of a cell worth trying: those in use, and a new one.
  std::vector<std::string> names_in(const Cell& cell) {
    if (cell.name) return {*cell.name};
    std::vector<std::string> names;
    if (auto fresh = fresh_name(cell)) names.push_back(std::move(*fresh));
    for (const auto& [name, goal] : goals_) {
      if (in(cell.names, name)) names.push_back(name);
    }
    return names;
  }

  std::optional<std::string> fresh_name(const Cell& cell) {
    std::vector<LanguageId> used;
    used.reserve(goals_.size());
    for (const auto& [name, goal] : goals_) used.push_back(languages().literal(name));
    const auto free =
        languages().intersect({cell.names, languages().complement(languages().unite(used))});
    const auto nonempty =
        languages().intersect({free, languages().lengths(1, Languages::unbounded)});
    auto word = languages().shortest(nonempty);
    if (word.answer != Languages::Answer::found) word = languages().shortest(free);
    sure_ = sure_ && word.answer != Languages::Answer::unknown;
    if (word.answer != Languages::Answer::found) return std::nullopt;
    return word.text;
  }

  Answer build() {
    bool sure = true;
    Value::Object members;
    for (const auto& [name, goal] : goals_) {
      auto answer = solver_.solve(goal);
      if (!answer.is(Answer::Kind::found)) return answer;
      members.emplace(name, std::move(answer.value));
    }
    const auto before = goals_;
    std::uint64_t wanted = least_;
    if (auto* generator = solver_.generator()) wanted = std::max(wanted, fuller(*generator));
    for (const auto& cell : cells_) sure = fill(cell, wanted, members) && sure;
    goals_ = before;
    if (members.size() >= least_) return Answer::found(Value(std::move(members)));
    return sure ? Answer::none() : Answer::unknown();
  }

  std::uint64_t fuller(std::mt19937_64& generator) const {
    const auto named = static_cast<std::uint64_t>(
        std::ranges::count_if(cells_, [](const Cell& cell) { return cell.name.has_value(); }));
    const auto room = std::max<std::uint64_t>(named, goals_.size()) - goals_.size();
    return std::min(most_,
                    goals_.size() + (room == 0 ? generator() % 2 : generator() % (room + 1)));
  }

  /// Adds members of a cell until the object is large enough; false when that is not for sure
  /// all that the cell can give.
  bool fill(const Cell& cell, std::uint64_t wanted, Value::Object& members) {
    if (members.size() >= wanted) return true;
    const auto answer = solver_.solve(cell.facts);
    if (!answer.is(Answer::Kind::found)) return answer.is(Answer::Kind::none);
    constexpr std::size_t most_filled = 2000;
    for (std::size_t count = 0; members.size() < wanted; ++count) {
      if (count > most_filled) return false;
      const auto name = cell.name ? cell.name : fresh_name(cell);
      if (!name || members.contains(*name)) return !languages().exhausted();
      goals_[*name] = cell.facts;
      members.emplace(*name, answer.value);
    }
    return true;
  }

  Solver& solver_;
  std::map<LanguageId, Goal> own_rules_;  // by the language of one name
  std::vector<NamedFact> rules_;
  std::vector<NamedFact> demands_;
  std::map<LanguageId, Goal> required_;
  std::uint64_t least_ = 0;
  std::uint64_t most_ = UINT64_MAX;
  std::vector<Cell> cells_;
  std::map<std::string, Goal> goals_;
  bool sure_ = true;
};

}  // namespace

Answer solve_object(Solver& solver, std::span<const Literal> literals) {
  return ObjectSearch(solver, literals).run();
}

}  // namespace mcp::schema

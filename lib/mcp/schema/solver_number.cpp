#include <algorithm>
#include <set>
#include <vector>

#include "mcp/schema/solver.hpp"

namespace mcp::schema {
namespace {

using Kind = Literal::Kind;
/// How many multiples are tried before the search gives up.
constexpr int most_multiples = 20'000;

struct End {
  Decimal number;
  bool inclusive = true;
};

/// An interval, a grid, and holes in it.
struct Numbers {
  std::optional<End> low;
  std::optional<End> high;
  std::optional<Decimal> step;
  std::vector<Decimal> forbidden_steps;
  std::set<Decimal> holes;
  std::optional<Decimal> only;
  bool impossible = false;

  void add(const Literal& literal);
  bool within(const Decimal& value) const;
  /// Whether nothing of the interval is left from `value` on, downwards or upwards.
  bool beyond(const Decimal& value, bool downwards) const;
  bool allows(const Decimal& value) const;
};

void Numbers::add(const Literal& literal) {
  const End end{literal.number, literal.inclusive};
  switch (literal.kind) {
    case Kind::above:
      if (!low || end.number > low->number || (end.number == low->number && !end.inclusive)) {
        low = end;
      }
      break;
    case Kind::below:
      if (!high || end.number < high->number || (end.number == high->number && !end.inclusive)) {
        high = end;
      }
      break;
    case Kind::multiple:
      step = step ? least_common_multiple(*step, literal.number) : literal.number;
      break;
    case Kind::not_multiple:
      forbidden_steps.push_back(literal.number);
      break;
    case Kind::equals:
      impossible = impossible || (only && *only != literal.number);
      only = literal.number;
      break;
    default:
      holes.insert(literal.number);
  }
}

bool Numbers::within(const Decimal& value) const {
  if (low && (low->inclusive ? value < low->number : value <= low->number)) return false;
  return !high || (high->inclusive ? value <= high->number : value < high->number);
}

bool Numbers::beyond(const Decimal& value, bool downwards) const {
  return downwards ? low && value < low->number : high && value > high->number;
}

bool Numbers::allows(const Decimal& value) const {
  return within(value) && !holes.contains(value) && (!step || is_multiple(value, *step)) &&
         std::ranges::none_of(forbidden_steps,
                              [&](const Decimal& each) { return is_multiple(value, each); });
}

Decimal half(const Decimal& number) {
  return number * (Decimal(5) * Decimal::power_of_ten(-1));
}

/// Steps from the number that reads best: zero, or the end of the interval that is next to it.
Answer search_grid(const Numbers& numbers, const Decimal& step) {
  const bool down = numbers.high && numbers.high->number.is_negative();
  Decimal start;
  if (down) {
    start = floor_quotient(numbers.high->number, step) * step;
  } else if (numbers.low && !numbers.low->number.is_negative()) {
    start = -(floor_quotient(-numbers.low->number, step) * step);
  }
  const bool both_ways = start.is_zero() && !down;
  Decimal offset;
  for (int count = 0; count < most_multiples; ++count, offset = offset + step) {
    const auto near = down ? start - offset : start + offset;
    if (numbers.allows(near)) return Answer::found(Value(near));
    if (both_ways && numbers.allows(-near)) return Answer::found(Value(-near));
    const bool ended = numbers.beyond(near, down) && (!both_ways || numbers.beyond(-near, true));
    if (ended) return Answer::none();
  }
  return Answer::unknown();
}

/// Without a grid an interval has either no inner point or more than holes can exclude.
Answer search_line(const Numbers& numbers) {
  if (numbers.low && numbers.allows(numbers.low->number)) {
    return Answer::found(Value(numbers.low->number));
  }
  if (numbers.high && numbers.allows(numbers.high->number)) {
    return Answer::found(Value(numbers.high->number));
  }
  if (numbers.low && numbers.high && numbers.low->number >= numbers.high->number) {
    return Answer::none();
  }
  Decimal middle;
  if (numbers.low && numbers.high) {
    middle = half(numbers.low->number + numbers.high->number);
  } else if (numbers.low) {
    middle = numbers.low->number + Decimal(1);
  } else if (numbers.high) {
    middle = numbers.high->number - Decimal(1);
  }
  if (numbers.allows(middle)) return Answer::found(Value(middle));
  // More decimals than any forbidden step has make a number that is no multiple of it.
  int decimals = middle.decimals();
  for (const auto& each : numbers.forbidden_steps) decimals = std::max(decimals, each.decimals());
  for (int tries = 1; tries < 400; ++tries) {
    const auto value = middle + Decimal::power_of_ten(-decimals - tries);
    if (numbers.allows(value)) return Answer::found(Value(value));
  }
  return Answer::unknown();
}

/// Whether no number of the grid is left: then all are multiples of a forbidden step.
bool grid_is_forbidden(const Numbers& numbers) {
  return numbers.step && std::ranges::any_of(numbers.forbidden_steps, [&](const Decimal& each) {
           return is_multiple(*numbers.step, each);
         });
}

std::optional<Decimal> random_number(const Numbers& numbers, std::mt19937_64& generator) {
  const auto step = numbers.step.value_or(Decimal::power_of_ten(-1));
  const auto low = numbers.low
                       ? numbers.low->number
                       : (numbers.high ? numbers.high->number - Decimal(200) : Decimal(-20));
  const auto high = numbers.high ? numbers.high->number : low + Decimal(200);
  const auto count = (floor_quotient(high, step) - floor_quotient(low, step)).to_int64();
  if (!count || *count < 0) return std::nullopt;
  const auto pick =
      static_cast<std::int64_t>(generator() % (static_cast<std::uint64_t>(*count) + 1));
  const auto value = (floor_quotient(low, step) + Decimal(pick)) * step;
  return numbers.allows(value) ? std::optional(value) : std::nullopt;
}

}  // namespace

Answer solve_number(std::span<const Literal> literals, std::mt19937_64* generator) {
  Numbers numbers;
  constexpr std::size_t most_digits = 4 * static_cast<std::size_t>(Decimal::limit);
  for (const auto& literal : literals) {
    numbers.add(literal);
    if (numbers.step && numbers.step->significant_digits() > most_digits) return Answer::unknown();
  }
  if (numbers.impossible || grid_is_forbidden(numbers)) return Answer::none();
  if (numbers.only) {
    return numbers.allows(*numbers.only) ? Answer::found(Value(*numbers.only)) : Answer::none();
  }
  for (int tries = 0; generator != nullptr && tries < 8; ++tries) {
    if (const auto value = random_number(numbers, *generator)) return Answer::found(Value(*value));
  }
  if (numbers.step) return search_grid(numbers, *numbers.step);
  Numbers whole = numbers;  // integers read best
  whole.step = Decimal(1);
  if (!grid_is_forbidden(whole)) {
    auto answer = search_grid(whole, *whole.step);
    if (answer.is(Answer::Kind::found)) return answer;
  }
  return search_line(numbers);
}

}  // namespace mcp::schema

#include "mcp/schema/backtracker.hpp"

#include <cstddef>
#include <functional>
#include <vector>

namespace mcp::schema {
namespace {

using Kind = Regex::Kind;
constexpr std::size_t most_steps = 200'000;
constexpr std::size_t most_depth = 1'000;

enum class Direction { forward, backward };

struct Capture {
  std::size_t first = 0;
  std::size_t last = 0;
  bool set = false;
};
using Captures = std::vector<Capture>;

struct State {
  std::size_t position = 0;
  Captures captures;
};
using Next = std::function<bool(const State&)>;

void count_captures(const Regex& regex, std::size_t& most) {
  if (regex.kind == Kind::group && regex.capture > most) most = regex.capture;
  for (const auto& child : regex.children) count_captures(child, most);
}

class Search {
 public:
  explicit Search(std::u32string_view text) : text_(text) {}

  std::optional<bool> run(const Regex& regex) {
    std::size_t captures = 0;
    count_captures(regex, captures);
    for (std::size_t start = 0; start <= text_.size(); ++start) {
      const State state{.position = start, .captures = Captures(captures + 1)};
      const bool found = match(regex, state, Direction::forward, [](const State&) { return true; });
      if (stopped_) return std::nullopt;
      if (found) return true;
    }
    return false;
  }

 private:
  bool match(const Regex& regex, const State& state, Direction direction, const Next& next) {
    if (++steps_ > most_steps || depth_ > most_depth) stopped_ = true;
    if (stopped_) return false;
    ++depth_;
    const bool matched = dispatch(regex, state, direction, next);
    --depth_;
    return matched;
  }

  bool dispatch(const Regex& regex, const State& state, Direction direction, const Next& next) {
    switch (regex.kind) {
      case Kind::empty:
        return next(state);
      case Kind::set:
        return one(regex.set, state, direction, next);
      case Kind::sequence:
        return sequence(regex, 0, state, direction, next);
      case Kind::choice:
        for (const auto& child : regex.children) {
          if (match(child, state, direction, next)) return true;
        }
        return false;
      case Kind::repeat:
        return repeat(regex, 0, state, direction, next);
      case Kind::group:
        return group(regex, state, direction, next);
      case Kind::back_reference:
        return back(regex, state, direction, next);
      case Kind::ahead:
        return look(regex, state, Direction::forward, next);
      case Kind::behind:
        return look(regex, state, Direction::backward, next);
      default:
        return assertion(regex, state) && next(state);
    }
  }

  bool is_word(std::size_t index) const {
    return index < text_.size() && word_characters().contains(text_[index]);
  }

  bool assertion(const Regex& regex, const State& state) const {
    if (regex.kind == Kind::start) return state.position == 0;
    if (regex.kind == Kind::end) return state.position == text_.size();
    const bool boundary = is_word(state.position - 1) != is_word(state.position);
    return boundary != regex.negated;
  }

  bool one(const CharSet& set, const State& state, Direction direction, const Next& next) {
    const bool forward = direction == Direction::forward;
    const auto index = forward ? state.position : state.position - 1;  // wraps at 0: no index
    if (index >= text_.size() || !set.contains(text_[index])) return false;
    State after = state;
    after.position = forward ? index + 1 : index;
    return next(after);
  }

  bool sequence(const Regex& regex, std::size_t index, const State& state, Direction direction,
                const Next& next) {
    const auto size = regex.children.size();
    if (index == size) return next(state);
    const auto& child = regex.children[direction == Direction::forward ? index : size - 1 - index];
    return match(child, state, direction, [&](const State& after) {
      return sequence(regex, index + 1, after, direction, next);
    });
  }

  bool repeat(const Regex& regex, std::uint32_t done, const State& state, Direction direction,
              const Next& next) {
    if (done < regex.most) {
      const auto again = [&](const State& after) {
        // ECMA-262 22.2.2.3.1: an optional round must take something.
        if (done >= regex.least && after.position == state.position) return false;
        return repeat(regex, done + 1, after, direction, next);
      };
      if (match(regex.children.front(), state, direction, again)) return true;
    }
    return done >= regex.least && next(state);
  }

  bool group(const Regex& regex, const State& state, Direction direction, const Next& next) {
    return match(regex.children.front(), state, direction, [&](const State& after) {
      if (regex.capture == 0) return next(after);
      State captured = after;
      const bool forward = direction == Direction::forward;
      captured.captures[regex.capture] = {.first = forward ? state.position : after.position,
                                          .last = forward ? after.position : state.position,
                                          .set = true};
      return next(captured);
    });
  }

  bool back(const Regex& regex, const State& state, Direction direction, const Next& next) {
    const auto& capture = state.captures[regex.capture];
    if (!capture.set) return next(state);
    const auto wanted = text_.substr(capture.first, capture.last - capture.first);
    State after = state;
    if (direction == Direction::forward) {
      if (!text_.substr(state.position).starts_with(wanted)) return false;
      after.position += wanted.size();
    } else {
      if (!text_.substr(0, state.position).ends_with(wanted)) return false;
      after.position -= wanted.size();
    }
    return next(after);
  }

  bool look(const Regex& regex, const State& state, Direction direction, const Next& next) {
    State seen = state;
    const bool found = match(regex.children.front(), state, direction, [&seen](const State& after) {
      seen.captures = after.captures;
      return true;
    });
    if (found == regex.negated) return false;
    return next(regex.negated ? state : seen);
  }

  std::u32string_view text_;
  std::size_t steps_ = 0;
  std::size_t depth_ = 0;
  bool stopped_ = false;
};

}  // namespace

std::optional<bool> search_by_trying(const Regex& regex, std::u32string_view text) {
  return Search(text).run(regex);
}

}  // namespace mcp::schema

#include "mcp/schema/regex.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>
#include <utility>

#include "mcp/base/text.hpp"
#include "mcp/schema/regex_reader.hpp"
#include "mcp/schema/value.hpp"

namespace mcp::schema {
namespace {

using Kind = Regex::Kind;
constexpr std::size_t longest_pattern = 20'000;
constexpr std::size_t deepest_group = 200;
constexpr std::uint32_t largest_count = 100'000;

Regex make(Kind kind, std::vector<Regex> children = {}) {
  Regex regex;
  regex.kind = kind;
  regex.children = std::move(children);
  return regex;
}

Regex make_set(CharSet set) {
  Regex regex = make(Kind::set);
  regex.set = std::move(set);
  return regex;
}

/// Recursive descent over the grammar of ECMA-262 section 22.2.1. The first problem is kept, and
/// ends the reading, since every loop stops at the end of the text.
class Parser {
 public:
  explicit Parser(std::u32string text) : reader_(std::move(text)) {}

  Result<Regex> parse(std::string_view text) {
    auto regex = choice(0);
    if (!reader_.failed() && !reader_.at_end()) reader_.refuse("an unmatched )");
    if (!reader_.failed()) resolve(regex);
    if (!reader_.failed()) return regex;
    const auto kind = reader_.too_large() ? ErrorKind::limit : ErrorKind::usage;
    return fail(kind,
                fmt::format("{} is no regular expression: {}", quoted(text), reader_.problem()));
  }

 private:
  Regex choice(std::size_t depth) {
    if (depth > deepest_group) reader_.refuse_size("groups nest too deep");
    std::vector<Regex> branches;
    do {
      branches.push_back(sequence(depth));
    } while (reader_.take('|'));
    return branches.size() == 1 ? std::move(branches.front())
                                : make(Kind::choice, std::move(branches));
  }

  Regex sequence(std::size_t depth) {
    std::vector<Regex> terms;
    while (!reader_.at_end() && reader_.peek() != '|' && reader_.peek() != ')') {
      terms.push_back(term(depth));
    }
    return terms.size() == 1 ? std::move(terms.front()) : make(Kind::sequence, std::move(terms));
  }

  Regex term(std::size_t depth) {
    auto body = atom(depth);
    const bool assertion = body.kind == Kind::start || body.kind == Kind::end ||
                           body.kind == Kind::word_boundary || body.kind == Kind::behind;
    const auto count = quantifier();
    if (!count) return body;
    if (assertion) reader_.refuse("nothing to repeat");
    std::vector<Regex> children;
    children.push_back(std::move(body));
    auto repeat = make(Kind::repeat, std::move(children));
    repeat.least = count->first;
    repeat.most = count->second;
    return repeat;
  }

  std::optional<std::pair<std::uint32_t, std::uint32_t>> quantifier() {
    std::optional<std::pair<std::uint32_t, std::uint32_t>> count;
    if (reader_.take('*')) {
      count = {0, Regex::unbounded};
    } else if (reader_.take('+')) {
      count = {1, Regex::unbounded};
    } else if (reader_.take('?')) {
      count = {0, 1};
    } else {
      count = reader_.braces();
    }
    if (!count) return count;
    reader_.take('?');  // lazy: the same language
    if (count->first > count->second) reader_.refuse("numbers out of order in {}");
    const auto largest = count->second == Regex::unbounded ? count->first : count->second;
    if (largest > largest_count) reader_.refuse_size("a count is too large");
    return count;
  }

  Regex atom(std::size_t depth) {
    if (reader_.take('^')) return make(Kind::start);
    if (reader_.take('$')) return make(Kind::end);
    if (reader_.take('.')) return make_set(line_terminators().complement());
    if (reader_.take('[')) return make_set(reader_.bracket());
    if (reader_.take('(')) return group(depth);
    if (reader_.take('\\')) return escape();
    const char32_t symbol = reader_.next();
    if (symbol == '*' || symbol == '+' || symbol == '?') reader_.refuse("nothing to repeat");
    return make_set(CharSet::single(symbol));
  }

  Regex group(std::size_t depth) {
    Regex outer = make(Kind::group);
    if (reader_.take("?=") || reader_.take("?!")) {
      outer.kind = Kind::ahead;
      outer.negated = reader_.previous() == '!';
    } else if (reader_.take("?<=") || reader_.take("?<!")) {
      outer.kind = Kind::behind;
      outer.negated = reader_.previous() == '!';
    } else if (!reader_.take("?:")) {
      outer.capture = ++captures_;
      if (reader_.take("?<")) names_[reader_.name('>')] = outer.capture;
      if (reader_.peek() == '?') reader_.refuse("an unknown kind of group");
    }
    outer.children.push_back(choice(depth + 1));
    if (!reader_.take(')')) reader_.refuse("a ( without its )");
    return outer;
  }

  Regex escape() {
    if (reader_.peek() == 'b' || reader_.peek() == 'B') {
      Regex boundary = make(Kind::word_boundary);
      boundary.negated = reader_.next() == 'B';
      return boundary;
    }
    if (reader_.peek() >= '1' && reader_.peek() <= '9') {
      Regex back = make(Kind::back_reference);
      back.capture = reader_.decimal();
      return back;
    }
    if (reader_.take("k<")) {
      Regex back = make(Kind::back_reference);
      back.name = reader_.name('>');
      return back;
    }
    return make_set(reader_.class_escape());
  }

  /// Names may stand before the group that they name, so they are looked up at the end.
  void resolve(Regex& regex) {
    if (regex.kind == Kind::back_reference && !regex.name.empty()) {
      regex.capture = names_.contains(regex.name) ? names_.at(regex.name) : captures_ + 1;
    }
    if (regex.kind == Kind::back_reference && regex.capture > captures_) {
      reader_.refuse("a reference to a group that does not exist");
    }
    for (auto& child : regex.children) resolve(child);
  }

  RegexReader reader_;
  std::uint32_t captures_ = 0;
  std::map<std::string, std::uint32_t> names_;
};

}  // namespace

bool has_assertion(const Regex& regex) {
  switch (regex.kind) {
    case Kind::start:
    case Kind::end:
    case Kind::word_boundary:
    case Kind::ahead:
      return true;
    default:
      return std::ranges::any_of(regex.children, has_assertion);
  }
}

Result<Regex> parse_regex(std::string_view text) {
  if (text.size() > longest_pattern) {
    return fail(ErrorKind::limit, fmt::format("the pattern {} is longer than {} bytes",
                                              quoted(text, 60), longest_pattern));
  }
  return Parser(code_points(text)).parse(text);
}

bool is_regular(const Regex& regex) {
  if (regex.kind == Kind::back_reference || regex.kind == Kind::behind) return false;
  const bool repeated = regex.kind == Kind::repeat && regex.most > 1;
  if (repeated && has_assertion(regex.children.front())) return false;
  return std::ranges::all_of(regex.children, is_regular);
}

}  // namespace mcp::schema

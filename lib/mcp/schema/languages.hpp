#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <random>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "mcp/schema/char_set.hpp"

namespace mcp::schema {

/// A language of a Languages; equal numbers are equal languages.
using LanguageId = std::uint32_t;

/// Regular languages over Unicode with union, intersection and complement. An expression is kept
/// once and named by its number; its Brzozowski derivatives are the states of its automaton, made
/// only when something asks for them. All of it is bounded, in expressions and in work: when a
/// bound is reached, `exhausted` stays true, and no answer is a definite one any more.
class Languages {
 public:
  static constexpr LanguageId none = 0;
  static constexpr LanguageId empty_text = 1;
  static constexpr LanguageId any_text = 2;
  static constexpr std::uint32_t unbounded = UINT32_MAX;

  explicit Languages(std::size_t most_expressions = 200'000);
  /// Asked now and then; true exhausts.
  void stop_when(std::function<bool()> expired) { expired_ = std::move(expired); }

  LanguageId set(const CharSet& characters);
  LanguageId literal(std::string_view utf8);
  LanguageId lengths(std::uint32_t least, std::uint32_t most);
  LanguageId concat(LanguageId first, LanguageId second);
  LanguageId repeat(LanguageId body, std::uint32_t least, std::uint32_t most);
  LanguageId unite(std::vector<LanguageId> parts);
  LanguageId intersect(std::vector<LanguageId> parts);
  LanguageId complement(LanguageId body);
  /// A language that is known by its name only, as that of a pattern which is not regular.
  LanguageId opaque(std::string_view name);

  bool nullable(LanguageId id) const { return expressions_[id].nullable; }
  /// Whether an opaque language is a part of it.
  bool is_opaque(LanguageId id) const { return expressions_[id].opaque; }
  LanguageId derivative(LanguageId id, char32_t point);

  /// nullopt: opaque, or exhausted.
  std::optional<bool> matches(LanguageId id, std::string_view utf8);

  enum class Answer { found, empty, unknown };
  struct Word {
    Answer answer = Answer::unknown;
    std::string text;
  };
  /// One of the shortest texts of a language, of plain characters where there is a choice.
  Word shortest(LanguageId id);
  /// A text of a language by chance, not much longer than need be.
  Word random(LanguageId id, std::mt19937_64& generator);
  /// The text, where the language is made of one only, and that is plain to see.
  std::optional<std::string> single_text(LanguageId id) const;
  bool is_single_text(LanguageId id) const { return expressions_[id].literal; }
  /// Up to `count` different texts; `complete` when there are no others.
  struct Words {
    std::vector<std::string> texts;
    bool complete = false;
  };
  Words some(LanguageId id, std::size_t count);

  bool exhausted() const { return exhausted_; }

 private:
  enum class Kind : unsigned char {
    none,
    empty,
    set,
    concat,
    repeat,
    unite,
    intersect,
    complement,
    opaque
  };
  struct Expression {
    Kind kind = Kind::none;
    bool nullable = false;
    bool opaque = false;
    /// One text only: a concatenation of single characters.
    bool literal = false;
    std::uint32_t least = 0;  // of repeat; of set and opaque the index of what it is
    std::uint32_t most = 0;
    /// No text is shorter, none is longer.
    std::uint32_t least_length = 0;
    std::uint32_t most_length = unbounded;
    std::vector<LanguageId> parts;
  };
  struct Step {
    char32_t point;
    LanguageId target;
    CharSet points;  // all that lead there
  };

  struct Beginning {
    std::u32string text;
    LanguageId rest;  // what may follow it
  };

  bool go_on(const Beginning& each, std::size_t count, Words& words,
             std::vector<Beginning>& longer);
  bool work(std::size_t cost);
  void measure(Expression& expression) const;
  LanguageId intern(Expression expression);
  LanguageId make(Kind kind, std::vector<LanguageId> parts);
  const CharSet& set_of(const Expression& expression) const { return sets_[expression.least]; }
  std::vector<LanguageId> flatten(Kind kind, const std::vector<LanguageId>& parts);
  bool contradicts(const std::vector<LanguageId>& parts);
  void merge_sets(Kind kind, std::vector<LanguageId>& parts);
  bool merge_lengths(std::vector<LanguageId>& parts);
  bool drop_needless_lengths(std::vector<LanguageId>& parts);
  bool is_lengths(LanguageId id) const;
  std::optional<LanguageId> filter_finite(const std::vector<LanguageId>& parts);
  bool is_finite_choice(LanguageId id) const;
  std::string text_of_literal(LanguageId id) const;
  std::optional<bool> run(LanguageId id, std::u32string_view text);
  LanguageId derive(LanguageId id, char32_t point);
  LanguageId derive_parts(LanguageId id, char32_t point);
  const std::vector<std::uint32_t>& first_sets(LanguageId id);
  std::vector<Step> steps(LanguageId id);
  Word search(LanguageId id);
  std::optional<Word> plain_repeat(LanguageId id) const;

  std::size_t most_expressions_;
  std::size_t size_ = 0;
  std::size_t work_ = 0;
  std::function<bool()> expired_;
  bool exhausted_ = false;
  std::vector<Expression> expressions_;
  std::map<std::vector<std::uint32_t>, LanguageId> known_;
  std::vector<CharSet> sets_;
  std::map<CharSet, std::uint32_t> set_numbers_;
  std::map<std::string, std::uint32_t, std::less<>> opaque_numbers_;
  std::unordered_map<std::uint64_t, LanguageId> derivatives_;
  std::unordered_map<LanguageId, std::vector<std::uint32_t>> first_sets_;
  std::unordered_map<LanguageId, Word> shortest_;
};

}  // namespace mcp::schema

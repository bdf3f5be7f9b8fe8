#include "mcp/schema/regex_language.hpp"

#include <functional>
#include <span>
#include <utility>

namespace mcp::schema {
namespace {

using Kind = Regex::Kind;

/// What stands before a position: it decides ^ and \b.
enum class Before { start, word, other };
using Next = std::function<LanguageId(Before)>;

bool uses_word_boundary(const Regex& regex) {
  if (regex.kind == Kind::word_boundary) return true;
  for (const auto& child : regex.children) {
    if (uses_word_boundary(child)) return true;
  }
  return false;
}

/// Turns an expression into the language of the rest of a text from a position on: what the
/// expression matches there, then what the continuation allows. So an assertion is an
/// intersection with the continuation, and needs no power beyond that of Boolean operations.
class Translator {
 public:
  Translator(Languages& languages, bool boundaries)
      : languages_(languages), boundaries_(boundaries) {}

  LanguageId anywhere(const Regex& regex) {
    const Next rest = [](Before) { return Languages::any_text; };
    const auto at_start = translate(regex, Before::start, rest);
    if (!boundaries_) {
      const auto one = languages_.lengths(1, Languages::unbounded);
      return languages_.unite(
          {at_start, languages_.concat(one, translate(regex, Before::other, rest))});
    }
    const auto after = [&](const CharSet& last, Before before) {
      const auto prefix = languages_.concat(Languages::any_text, languages_.set(last));
      return languages_.concat(prefix, translate(regex, before, rest));
    };
    return languages_.unite({at_start, after(word_characters(), Before::word),
                             after(word_characters().complement(), Before::other)});
  }

 private:
  LanguageId translate(const Regex& regex, Before before, const Next& next) {
    if (!has_assertion(regex)) return advance(plain(regex), before, next);
    switch (regex.kind) {
      case Kind::start:
        return before == Before::start ? next(before) : Languages::none;
      case Kind::end:
        return languages_.intersect({Languages::empty_text, next(before)});
      case Kind::word_boundary:
        return boundary(regex, before, next);
      case Kind::ahead:
        return ahead(regex, before, next);
      case Kind::sequence:
        return sequence(regex.children, before, next);
      case Kind::choice:
        return choice(regex, before, next);
      case Kind::repeat:  // of an assertion: at most once (see is_regular)
        return optional(regex, before, next);
      default:
        return translate(regex.children.front(), before, next);
    }
  }

  LanguageId sequence(std::span<const Regex> terms, Before before, const Next& next) {
    if (terms.empty()) return next(before);
    return translate(terms.front(), before, [&, rest = terms.subspan(1)](Before after) {
      return sequence(rest, after, next);
    });
  }

  LanguageId choice(const Regex& regex, Before before, const Next& next) {
    std::vector<LanguageId> branches;
    branches.reserve(regex.children.size());
    for (const auto& child : regex.children) branches.push_back(translate(child, before, next));
    return languages_.unite(std::move(branches));
  }

  LanguageId optional(const Regex& regex, Before before, const Next& next) {
    if (regex.most == 0) return next(before);
    const auto once = translate(regex.children.front(), before, next);
    return regex.least == 0 ? languages_.unite({next(before), once}) : once;
  }

  LanguageId boundary(const Regex& regex, Before before, const Next& next) {
    const auto word_next =
        languages_.concat(languages_.set(word_characters()), Languages::any_text);
    const bool wants_word = (before == Before::word) == regex.negated;
    const auto allowed = wants_word ? word_next : languages_.complement(word_next);
    return languages_.intersect({allowed, next(before)});
  }

  LanguageId ahead(const Regex& regex, Before before, const Next& next) {
    auto seen =
        translate(regex.children.front(), before, [](Before) { return Languages::any_text; });
    if (regex.negated) seen = languages_.complement(seen);
    return languages_.intersect({seen, next(before)});
  }

  /// A part without assertions, then the continuation, which may depend on how the part ends.
  LanguageId advance(LanguageId part, Before before, const Next& next) {
    std::vector<LanguageId> branches;
    if (languages_.nullable(part)) branches.push_back(next(before));
    const auto ending = [&](LanguageId shape, Before after) {
      const auto texts = languages_.intersect({part, shape});
      if (texts != Languages::none) branches.push_back(languages_.concat(texts, next(after)));
    };
    if (!boundaries_ && (before != Before::start || !languages_.nullable(part))) {
      return languages_.concat(part, next(Before::other));
    }
    if (!boundaries_) {
      ending(languages_.lengths(1, Languages::unbounded), Before::other);
      return languages_.unite(std::move(branches));
    }
    const auto last = [&](const CharSet& characters) {
      return languages_.concat(Languages::any_text, languages_.set(characters));
    };
    ending(last(word_characters()), Before::word);
    ending(last(word_characters().complement()), Before::other);
    return languages_.unite(std::move(branches));
  }

  LanguageId plain(const Regex& regex) {
    switch (regex.kind) {
      case Kind::set:
        return languages_.set(regex.set);
      case Kind::sequence: {
        auto out = Languages::empty_text;
        for (auto child = regex.children.rbegin(); child != regex.children.rend(); ++child) {
          out = languages_.concat(plain(*child), out);
        }
        return out;
      }
      case Kind::choice: {
        std::vector<LanguageId> branches;
        branches.reserve(regex.children.size());
        for (const auto& child : regex.children) branches.push_back(plain(child));
        return languages_.unite(std::move(branches));
      }
      case Kind::repeat:
        return languages_.repeat(plain(regex.children.front()), regex.least, regex.most);
      case Kind::group:
        return plain(regex.children.front());
      default:
        return Languages::empty_text;
    }
  }

  Languages& languages_;
  bool boundaries_;
};

}  // namespace

LanguageId language_of(Languages& languages, const Regex& regex) {
  return Translator(languages, uses_word_boundary(regex)).anywhere(regex);
}

}  // namespace mcp::schema

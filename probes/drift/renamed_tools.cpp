#include "probes/drift/renamed_tools.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <utility>

#include "mcp/base/text.hpp"
#include "probes/drift/changes.hpp"

namespace probes::drift {
namespace {

using Names = std::vector<std::string>;
using Words = std::set<std::string>;

/// More candidates of one form than this say nothing about each other.
constexpr std::size_t most_candidates = 40;

bool is_upper(char symbol) {
  return symbol >= 'A' && symbol <= 'Z';
}

/// "getTinyImage", "get-tiny-image" and "get tiny image" have the same words.
Words words_of(std::string_view text) {
  constexpr std::size_t longest = 4096;
  Words found;
  std::string word;
  const auto end_word = [&] {
    if (!word.empty()) found.insert(std::exchange(word, {}));
  };
  char last = ' ';
  for (const char symbol : text.substr(0, longest)) {
    const char lower = is_upper(symbol) ? static_cast<char>(symbol - 'A' + 'a') : symbol;
    const bool counts = (lower >= 'a' && lower <= 'z') || (lower >= '0' && lower <= '9');
    if (!counts || (is_upper(symbol) && !is_upper(last))) end_word();
    if (counts) word += lower;
    last = symbol;
  }
  end_word();
  return found;
}

std::string letters_of(std::string_view name) {
  std::string letters = mcp::to_lower(name);
  std::erase_if(letters, [](char symbol) {
    return symbol == '-' || symbol == '_' || symbol == '.' || symbol == ' ';
  });
  return letters;
}

/// The share of all words that both have.
double overlap(const Words& left, const Words& right) {
  const auto common = static_cast<std::size_t>(
      std::ranges::count_if(left, [&](const std::string& word) { return right.contains(word); }));
  const auto all = left.size() + right.size() - common;
  return all == 0 ? 0 : static_cast<double>(common) / static_cast<double>(all);
}

bool one_holds_the_other(const Words& left, const Words& right) {
  const auto& few = left.size() < right.size() ? left : right;
  const auto& many = left.size() < right.size() ? right : left;
  return few.size() >= 2 && std::ranges::includes(many, few);
}

Words argument_names(const Value& tool) {
  Words names;
  const Value* schema = tool.find("inputSchema");
  if (schema == nullptr) return names;
  for (const auto& [name, property] : object_or_empty(schema->find("properties"))) {
    names.insert(name);
  }
  return names;
}

struct Candidate {
  double likeness = 0;
  Renaming renaming;
};

/// Of two tools with the same arguments.
std::optional<Candidate> judged(const std::string& before, const Value& old_tool,
                                const std::string& after, const Value& new_tool) {
  const auto old_words = words_of(before);
  const auto new_words = words_of(after);
  const double names = overlap(old_words, new_words);
  const double texts = overlap(words_of(text_or_empty(old_tool.find("description"))),
                               words_of(text_or_empty(new_tool.find("description"))));
  if (one_holds_the_other(old_words, new_words) || (names >= 0.6 && texts >= 0.5)) {
    return Candidate{1 + names + texts,
                     {before, after, "the arguments are the same and the names alike"}};
  }
  if (texts >= 0.8) {
    return Candidate{names + texts,
                     {before, after, "the arguments are the same and the descriptions alike"}};
  }
  return std::nullopt;
}

class Search {
 public:
  Search(const Snapshot& older, const Snapshot& newer)
      : older_(older.items(tool_kind)),
        newer_(newer.items(tool_kind)),
        gone_(only_in(older, newer, tool_kind)),
        fresh_(only_in(newer, older, tool_kind)) {}

  std::vector<Renaming> run() {
    match_names();
    match_arguments();
    return std::move(found_);
  }

 private:
  void choose(Renaming renaming) {
    if (taken_before_.contains(renaming.before) || taken_after_.contains(renaming.after)) return;
    taken_before_.insert(renaming.before);
    taken_after_.insert(renaming.after);
    found_.push_back(std::move(renaming));
  }

  void match_names() {
    std::map<std::string, std::string> by_letters;
    for (const auto& name : fresh_) by_letters.emplace(letters_of(name), name);
    for (const auto& name : gone_) {
      const auto letters = letters_of(name);
      const auto same = by_letters.find(letters);
      if (letters.empty() || same == by_letters.end()) continue;
      choose({name, same->second, "the names have the same letters"});
    }
  }

  void match_arguments() {
    std::map<Words, std::pair<Names, Names>> forms;
    for (const auto& name : gone_) {
      if (!taken_before_.contains(name)) {
        forms[argument_names(older_.at(name))].first.push_back(name);
      }
    }
    for (const auto& name : fresh_) {
      if (!taken_after_.contains(name)) {
        forms[argument_names(newer_.at(name))].second.push_back(name);
      }
    }
    std::vector<Candidate> candidates;
    for (const auto& [form, names] : forms) add_candidates(names.first, names.second, candidates);
    std::ranges::stable_sort(candidates, std::greater{}, &Candidate::likeness);
    for (auto& candidate : candidates) choose(std::move(candidate.renaming));
  }

  void add_candidates(const Names& gone, const Names& fresh,
                      std::vector<Candidate>& candidates) const {
    if (gone.size() > most_candidates || fresh.size() > most_candidates) return;
    for (const auto& before : gone) {
      for (const auto& after : fresh) {
        auto candidate = judged(before, older_.at(before), after, newer_.at(after));
        if (candidate) candidates.push_back(std::move(*candidate));
      }
    }
  }

  const Value::Object& older_;
  const Value::Object& newer_;
  Names gone_;
  Names fresh_;
  std::set<std::string> taken_before_;
  std::set<std::string> taken_after_;
  std::vector<Renaming> found_;
};

}  // namespace

std::vector<Renaming> renamed_tools(const Snapshot& older, const Snapshot& newer) {
  return Search(older, newer).run();
}

std::string folded_name(std::string_view name) {
  std::string out = letters_of(name);
  std::ranges::replace(out, '0', 'o');
  std::ranges::replace(out, '1', 'l');
  std::ranges::replace(out, 'i', 'l');
  return out;
}

}  // namespace probes::drift

#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "probes/drift/schema_annotations.hpp"
#include "probes/drift/schema_candidate.hpp"
#include "probes/drift/schema_changes.hpp"
#include "probes/drift/schema_document.hpp"
#include "probes/drift/schema_place.hpp"

namespace probes::drift {

/// Goes through two schemas side by side and notes what differs, keyword by keyword. It proves
/// nothing: candidates are what the judge is asked about.
class SchemaWalk {
 public:
  SchemaWalk(const SchemaDocument& older, const SchemaDocument& newer, Direction direction,
             FormatRule formats);

  void run();
  /// Some differences were left out, since there are so many.
  bool truncated() const { return truncated_; }
  std::vector<Candidate>& candidates() { return candidates_; }
  std::vector<AnnotationChange>& annotations() { return annotations_; }

 private:
  enum class Annotations { open, told };
  /// Two subschemas that speak of the same thing.
  struct Pair {
    Spot older;
    Spot newer;
    SchemaPlace place;
    /// Below oneOf or the like, where less of a part may be more of the whole.
    bool mixed = false;
    Annotations annotations = Annotations::open;
    const mcp::schema::Value* before(std::string_view keyword) const {
      return older.value->find(keyword);
    }
    const mcp::schema::Value* after(std::string_view keyword) const {
      return newer.value->find(keyword);
    }
  };
  struct Names {
    std::string_view shrinks;
    std::string_view grows;
  };
  /// A clause about what is new, and which calls or results meet it ("with a shorter text").
  struct Words {
    std::string fact;
    std::string such;
  };

  void visit(Pair pair);
  bool same_meaning(const Pair& pair) const;
  bool booleans(const Pair& pair);
  void recursion(const Pair& pair);
  struct Wrapping {
    bool wrapped;  // the newer one is the list
    std::string_view keyword;
    std::size_t branch;
  };
  std::optional<Wrapping> wrapping(const Pair& pair) const;
  void wrapped(const Pair& pair, const Wrapping& wrapping);
  void alternative(const Pair& pair, const Wrapping& wrapping, std::size_t index);
  static void add_branch(std::vector<Spot>& chain, const Wrapping& wrapping);
  void keywords(const Pair& pair);

  void values(const Pair& pair);
  void types(const Pair& pair);
  void value_lists(const Pair& pair);
  void list_edit(const Pair& pair, const std::set<mcp::schema::Value>& values, bool added);
  void list_itself(const Pair& pair);
  void counts(const Pair& pair);
  void bound(const Pair& pair, bool lower);
  void multiple(const Pair& pair);
  void unique(const Pair& pair);
  void pattern(const Pair& pair);
  void format(const Pair& pair);

  void object(const Pair& pair);
  void properties(const Pair& pair);
  Candidate property_edit(const Pair& pair, const std::string& name) const;
  void also_required(Candidate& candidate, const Pair& pair, const std::string& name) const;
  void property_added(const Pair& pair, const std::string& name);
  void property_removed(const Pair& pair, const std::string& name, const std::string& renamed_to);
  void property_renamed(const Pair& pair, const std::string& from, const std::string& to);
  void required(const Pair& pair);
  void required_name(const Pair& pair, const std::string& name, bool added);
  void further_members(const Pair& pair, std::string_view keyword);
  void pattern_properties(const Pair& pair);
  void dependents(const Pair& pair);
  void dependent_names(const Pair& pair, std::string_view keyword);
  void dependent_schemas(const Pair& pair, std::string_view keyword);

  void array(const Pair& pair);
  void items(const Pair& pair, std::string_view keyword);
  void prefix_items(const Pair& pair, std::string_view keyword);
  void contains(const Pair& pair);
  void unevaluated_items(const Pair& pair);

  void applied(const Pair& pair);
  void branches(const Pair& pair, std::string_view keyword);
  void branch_list(const Pair& pair, std::string_view keyword);
  void branch(const Pair& pair, std::string_view keyword, std::size_t index, bool added);
  void conditional(const Pair& pair);
  void negation(const Pair& pair);
  void property_names(const Pair& pair);
  void references(const Pair& pair);
  void whole_keyword(const Pair& pair, std::string_view keyword, Effect effect, Names names,
                     Words words);

  /// Both have the keyword: down into it.
  void descend(const Pair& pair, const Path& way_older, const Path& way_newer, SchemaPlace place,
               bool mixed, Annotations annotations = Annotations::open);
  /// One candidate for one keyword; its edit sets or takes away that keyword.
  Candidate keyword_edit(const Pair& pair, std::string_view keyword) const;
  Candidate member_edit(const Pair& pair, std::string_view keyword, const std::string& name) const;
  void lend(Candidate& candidate, std::string_view keyword) const;
  void tell(Candidate& candidate, bool mixed, Effect effect, Names names, Words words) const;
  void word(Candidate& candidate, const Words& words) const;
  void add(Candidate candidate);
  /// Whether there are enough candidates; notes that what comes now is left out.
  bool stop();
  bool input() const { return direction_ == Direction::input; }
  std::string rule(std::string_view stem) const;

  const SchemaDocument& older_;
  const SchemaDocument& newer_;
  Direction direction_;
  FormatRule formats_;
  bool shared_definitions_ = false;
  bool truncated_ = false;
  std::set<std::pair<Path, Path>> seen_;
  std::vector<Path> open_older_;
  std::vector<Path> open_newer_;
  std::vector<Candidate> candidates_;
  std::vector<AnnotationChange> annotations_;
};

}  // namespace probes::drift

#pragma once

#include <optional>
#include <string>
#include <vector>

#include "mcp/schema/value.hpp"
#include "probes/drift/schema_document.hpp"

namespace probes::drift {

/// What an edit does to the set of valid values, by the look of it.
enum class Effect { shrinks, grows, either };

/// One edit by which the older schema comes nearer to the newer one, with all that may be said of
/// it. Which of the rules and sentences is true, the judge finds out (schema_judge.hpp).
struct Candidate {
  std::string pointer;         // in the newer document, or in the older one where the thing is gone
  std::vector<Edit> forward;   // makes the older document more like the newer one
  std::vector<Edit> backward;  // and the reverse
  std::optional<mcp::schema::Value> before;
  std::optional<mcp::schema::Value> after;
  Effect effect = Effect::either;

  /// Rule and sentence by outcome. No rule: it cannot break (breaking); it is no more than another
  /// way of writing (harmless); it is told as undecided as a whole (undecided).
  struct Telling {
    std::string rule;
    std::string why;
  };
  Telling breaking;
  Telling harmless;
  Telling undecided;
  /// The sentence for an edit that makes no difference.
  std::string no_effect;
  /// The harmless rule is worth telling though the set of values stays the same.
  bool always = false;
  /// Said on top of other candidates: nothing to tell unless it breaks.
  bool extra = false;
};

}  // namespace probes::drift

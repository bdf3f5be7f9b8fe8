#include "probes/drift/schema_changes.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <utility>

#include "probes/drift/schema_domain.hpp"
#include "probes/drift/schema_judge.hpp"
#include "probes/drift/schema_keywords.hpp"
#include "probes/drift/schema_readable.hpp"
#include "probes/drift/schema_report.hpp"
#include "probes/drift/schema_walk.hpp"
#include "probes/drift/snapshot.hpp"

namespace probes::drift {

using mcp::schema::Verdict;

namespace {

using Outcome = SchemaJudge::Outcome;

/// Puts together what the judge says of the whole and of each candidate.
class Telling {
 public:
  Telling(const SchemaPair& pair, const SchemaDocument& older, const SchemaDocument& newer,
          SchemaJudge& judge, SchemaReport& report)
      : older_(older),
        newer_(newer),
        direction_(pair.direction),
        judge_(judge),
        report_(report),
        walk_(older, newer, pair.direction, pair.formats) {}

  void run() {
    walk_.run();
    for (auto& each : walk_.annotations()) report_.add(std::move(each));
    const auto verdict = judge_.whole().verdict;
    if (verdict == Verdict::included && judge_.reverse() == Verdict::included) return tell_equal();
    for (const auto& candidate : walk_.candidates()) tell(candidate, verdict);
    if (verdict == Verdict::not_included && !explained_) tell_whole();
    if (verdict == Verdict::included) return tell_harmless_whole();
    if (verdict == Verdict::undecided && !explained_) report_.undecided(judge_.whole().reason);
    if (unjudged_ > 0 && explained_) report_.unjudged(unjudged_, first_unjudged_);
    if (walk_.truncated()) report_.truncated(walk_.candidates().size());
  }

 private:
  bool structure_differs() const {
    return without_keywords(older_.value(), is_annotation) !=
           without_keywords(newer_.value(), is_annotation);
  }

  /// The same values: only what came, what went, and texts are worth a word of their own.
  void tell_equal() {
    bool rewritten = walk_.candidates().empty() && structure_differs();
    for (const auto& candidate : walk_.candidates()) {
      if (candidate.always) {
        report_.add(candidate, candidate.harmless);
      } else if (!candidate.extra) {
        rewritten = true;
      }
    }
    if (rewritten) report_.equivalent();
  }

  void tell(const Candidate& candidate, Verdict verdict) {
    const bool may_break = !candidate.breaking.rule.empty() && verdict != Verdict::included;
    if (!may_break) return tell_harmless(candidate);
    auto judgement = judge_.judge(candidate);
    if (judgement.outcome == Outcome::breaks) {
      explained_ = true;
      report_.add(candidate, candidate.breaking, std::move(judgement.witness));
    } else if (judgement.outcome == Outcome::harmless) {
      tell_harmless(candidate);
    } else if (!candidate.undecided.rule.empty()) {
      report_.add(candidate, candidate.undecided);
    } else if (!candidate.extra) {
      if (unjudged_++ == 0) first_unjudged_ = candidate.pointer;
    }
  }

  void tell_harmless(const Candidate& candidate) {
    if (candidate.extra) return;
    const bool told = !candidate.harmless.rule.empty() &&
                      (candidate.always ||
                       (judge_.reverse() != Verdict::included && judge_.has_effect(candidate)));
    if (told) return report_.add(candidate, candidate.harmless);
    report_.add(candidate, {.rule = "schema-equivalent", .why = candidate.no_effect});
  }

  void tell_whole() {
    auto witness = judge_.witness();
    if (!witness) return report_.undecided("the witness could not be confirmed");
    const bool input = direction_ == Direction::input;
    report_.whole(input ? "input-narrowed" : "output-widened",
                  input ? "Arguments that the older schema accepted are refused now, like the ones "
                          "shown."
                        : "Results may come that the older schema rejects, like the one shown.",
                  std::move(*witness));
  }

  /// Where no part was told, the whole is: a schema that could not be taken apart.
  void tell_harmless_whole() {
    if (!walk_.candidates().empty() || !structure_differs()) return;
    const bool input = direction_ == Direction::input;
    report_.note(input ? "input-widened" : "output-narrowed", "",
                 input ? "The input schema was changed; calls that were valid stay valid."
                       : "The output schema was changed; results still fit the older schema.");
  }

  const SchemaDocument& older_;
  const SchemaDocument& newer_;
  Direction direction_;
  SchemaJudge& judge_;
  SchemaReport& report_;
  SchemaWalk walk_;
  bool explained_ = false;
  std::size_t unjudged_ = 0;
  std::string first_unjudged_;
};

/// Another file's rules speak of this one.
bool is_header_keyword(std::string_view name) {
  return name == "x-mcp-header";
}

}  // namespace

std::vector<Change> schema_changes(const SchemaPair& pair) {
  if (pair.older == pair.newer) return {};
  const auto older_text = without_keywords(pair.older, is_header_keyword);
  const auto newer_text = without_keywords(pair.newer, is_header_keyword);
  if (older_text == newer_text) return {};
  SchemaReport report(pair);
  const bool arguments = pair.kind == tool_kind.noun && pair.direction == Direction::input;
  const SchemaDocument newer(arguments ? of_objects(newer_text) : newer_text);
  const SchemaDocument as_sent(arguments ? of_objects(older_text) : older_text);
  const auto older = in_dialect_of(newer, as_sent);
  tell_dialect(as_sent, newer, older.dialect() == newer.dialect(), report);
  if (older.value() == newer.value()) {
    if (report.empty()) report.equivalent();
    return report.take();
  }
  SchemaJudge judge(older, newer, pair);
  const auto errors = judge.compile();
  if (errors.older || errors.newer) {
    tell_unreadable(older, newer, errors, report);
  } else {
    Telling(pair, older, newer, judge, report).run();
  }
  return report.take();
}

}  // namespace probes::drift

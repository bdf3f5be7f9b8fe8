#include <array>
#include <string>
#include <string_view>

#include "probes/drift/catalogue.hpp"
#include "probes/drift/schema_rule_pairs.hpp"

namespace probes::drift {
namespace {

/// Rules that have no mirror, or whose mirror is no mere change of sign.
constexpr std::array singles = {
    RuleRow{"schema-equivalent", Direction::both, Severity::safe,
            "the schema is written in another way and takes exactly the values that it took"},
    RuleRow{"schema-undecided", Direction::both, Severity::dangerous,
            "neither a proof nor a counter-example was found within the bounds, so that somebody "
            "should look"},
    RuleRow{"schema-dialect-changed", Direction::both, Severity::dangerous,
            "$schema names another dialect, in which some keywords have another meaning"},
    RuleRow{
        "schema-invalid", Direction::both, Severity::breaking,
        "the newer schema is not valid in its dialect, and a client may leave the whole tool out"},
    RuleRow{
        "schema-external-ref-added", Direction::both, Severity::breaking,
        "the newer schema refers to another document, which clients must not fetch on their own"},
    RuleRow{"schema-boolean-false", Direction::input, Severity::breaking,
            "a part of the schema became false, which accepts no value at all"},
    RuleRow{"schema-boolean-true", Direction::output, Severity::breaking,
            "a part of the schema became true, so that anything may come back there"},
    RuleRow{"input-pattern-changed", Direction::input, Severity::dangerous,
            "the pattern was replaced and the two cannot be compared, as when one is not regular"},
    RuleRow{"output-pattern-changed", Direction::output, Severity::dangerous,
            "the pattern was replaced and the two cannot be compared, as when one is not regular"},
    RuleRow{"input-if-changed", Direction::input, Severity::dangerous,
            "the condition of if was changed, and whether that refuses valid calls is not decided"},
    RuleRow{
        "output-if-changed", Direction::output, Severity::dangerous,
        "the condition of if was changed, and whether older clients reject results is not decided"},
    RuleRow{"input-optional-property-added", Direction::input, Severity::safe,
            "callers may leave the new argument out"},
    // By the sets of values these two break, and their witnesses show how. Yet nobody who was told
    // of a member's schema only by leaving it out sends or expects another value on purpose, and
    // each new optional argument of an open object is such a change.
    RuleRow{"input-property-added-open", Direction::input, Severity::dangerous,
            "the older schema let any value pass under the name of the new argument, the newer one "
            "does not; only a call with an argument that was never described is refused"},
    RuleRow{"input-property-removed", Direction::input, Severity::dangerous,
            "the argument is still let in as an unknown member, but the server no longer says that "
            "it reads it"},
    RuleRow{
        "input-property-removed-closed", Direction::input, Severity::breaking,
        "calls that still send the argument are refused, since the schema lets in no such member"},
    RuleRow{"input-property-renamed", Direction::input, Severity::breaking,
            "one argument went and a similar one came, which looks like a new name (a guess)"},
    RuleRow{"output-optional-property-removed", Direction::output, Severity::dangerous,
            "clients may read the member, and it need not come any more"},
    RuleRow{"output-property-removed-open", Direction::output, Severity::dangerous,
            "the member lost its schema, so that values may come under its name which the older "
            "schema rejects; only a server that goes on to send it can do so"},
    RuleRow{"output-optional-property-added", Direction::output, Severity::safe,
            "the older schema lets the new member pass"},
    RuleRow{"output-property-added-closed", Direction::output, Severity::breaking,
            "the older schema, which clients may have kept, does not let the new member in"},
    RuleRow{"output-extensible-enum-value-added", Direction::output, Severity::dangerous,
            "the list of values was announced as one that grows (x-extensible-enum), yet clients "
            "may not know the new one"},
    RuleRow{"input-format-changed", Direction::input, Severity::dangerous,
            "format is an annotation, but a server that checks it refuses other texts than before"},
    RuleRow{"output-format-changed", Direction::output, Severity::dangerous,
            "format is an annotation, but a client that checks it rejects other texts than before"},
    RuleRow{"input-default-changed", Direction::input, Severity::dangerous,
            "a call that leaves the argument out is the same as before and has another effect"},
    RuleRow{"input-default-added", Direction::input, Severity::safe,
            "the schema now tells what happens when the argument is left out"},
    RuleRow{"input-default-removed", Direction::input, Severity::dangerous,
            "a call that leaves the argument out may fail or behave in another way"},
    RuleRow{"output-default-changed", Direction::output, Severity::safe,
            "the default of a result's member is an annotation only"},
    RuleRow{"property-deprecated", Direction::both, Severity::safe,
            "the thing is announced to go away, and still works"},
    RuleRow{"property-undeprecated", Direction::both, Severity::safe,
            "the thing is no longer announced to go away"},
    RuleRow{"read-only-changed", Direction::both, Severity::dangerous,
            "readOnly is an annotation that some clients act on"},
    RuleRow{"write-only-changed", Direction::both, Severity::dangerous,
            "writeOnly is an annotation that some clients act on"},
    RuleRow{"content-encoding-changed", Direction::both, Severity::dangerous,
            "the bytes within the text are encoded in another way"},
    RuleRow{"content-media-type-changed", Direction::both, Severity::dangerous,
            "what the text holds is of another media type"},
    RuleRow{"examples-changed", Direction::both, Severity::safe, "examples only explain"},
    RuleRow{"schema-id-changed", Direction::both, Severity::safe,
            "the identifier of the schema only names it"},
    RuleRow{"comment-changed", Direction::both, Severity::safe, "a comment has no effect"},
    RuleRow{"unknown-keyword-changed", Direction::both, Severity::safe,
            "JSON Schema gives the keyword no meaning, though some client may"},
    RuleRow{"property-description-changed", Direction::both, Severity::dangerous,
            "models read the description, so that another text may lead to other calls"},
    RuleRow{"property-title-changed", Direction::both, Severity::safe,
            "the title is for people to read"},
};

std::string reason(std::string_view clause, std::string_view consequence) {
  return std::string(clause).append(consequence);
}

void add_four(const RulePair& pair, std::vector<Rule>& rules) {
  const auto id = [](std::string_view direction, std::string_view stem) {
    return std::string(direction) + std::string(stem);
  };
  rules.push_back({id("input-", pair.shrinks), Direction::input, Severity::breaking,
                   reason(pair.shrinking, "; arguments that were valid are refused")});
  rules.push_back({id("input-", pair.grows), Direction::input, Severity::safe,
                   reason(pair.growing, "; arguments that were valid stay so")});
  rules.push_back({id("output-", pair.shrinks), Direction::output, Severity::safe,
                   reason(pair.shrinking, "; the older schema accepts every result")});
  rules.push_back({id("output-", pair.grows), Direction::output, Severity::breaking,
                   reason(pair.growing, "; results may come that the older schema rejects")});
}

}  // namespace

std::vector<Rule> schema_rules() {
  std::vector<Rule> rules = made(singles);
  rules.reserve(singles.size() + 4 * schema_rule_pairs().size());
  for (const auto& pair : schema_rule_pairs()) add_four(pair, rules);
  return rules;
}

}  // namespace probes::drift

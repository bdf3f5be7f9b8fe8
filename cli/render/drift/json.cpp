#include <cstdint>
#include <string>

#include "cli/json_output.hpp"
#include "cli/render/drift/format.hpp"
#include "cli/render/drift/words.hpp"
#include "mcp/schema/value.hpp"
#include "probes/drift/snapshot.hpp"

namespace cli {
namespace {

using mcp::schema::Decimal;
using mcp::schema::Value;
using probes::drift::Change;

// The engine's values keep every digit of a witness; they sort their members by name.
Value text(std::string_view value) {
  return Value(std::string(value));
}

Value text_or_null(const std::string& value) {
  return value.empty() ? Value() : text(value);
}

Value number(std::size_t value) {
  return Value(Decimal(static_cast<std::int64_t>(value)));
}

Value side_value(const DriftSide& side) {
  return Value(Value::Object{{"label", text(side.label)},
                             {"name", text_or_null(side.server)},
                             {"version", text_or_null(side.version)},
                             {"era", text_or_null(side.era)},
                             {"revision", text_or_null(side.revision)},
                             {"digest", text_or_null(side.digest)}});
}

Value witness_value(const probes::drift::Witness& witness) {
  const bool older = witness.accepted_by == probes::drift::Side::older;
  return Value(Value::Object{{"value", witness.value},
                             {"accepted_by", text(older ? "older" : "newer")},
                             {"pointer", text(witness.pointer)},
                             {"reason", text(witness.reason)}});
}

Value change_value(const Change& change, const DriftDocument& document) {
  Value::Object members{{"rule", text(change.rule)},
                        {"severity", text(to_string(change.severity))},
                        {"direction", text(to_string(change.direction))},
                        {"kind", text(change.kind)},
                        {"name", text_or_null(change.name)},
                        {"pointer", text(change.pointer)},
                        {"why", text(change.why)},
                        {"fingerprint", text(change.fingerprint)},
                        {"fails", Value(probes::drift::fails(change, document.fail_on))}};
  if (change.before) members.emplace("before", *change.before);
  if (change.after) members.emplace("after", *change.after);
  if (change.witness) members.emplace("witness", witness_value(*change.witness));
  if (change.approval)
    members.emplace("approval", Value(Value::Object{{"reason", text(change.approval->reason)},
                                                    {"expires", text(change.approval->expires)}}));
  return Value(std::move(members));
}

std::string_view state_word(probes::drift::ApprovalState state) {
  using enum probes::drift::ApprovalState;
  if (state == used) return "used";
  return state == unused ? "unused" : "expired";
}

Value approvals_value(const probes::drift::Verdict& verdict) {
  Value::Array approvals;
  for (const auto& each : verdict.approvals)
    approvals.push_back(Value(Value::Object{{"fingerprint", text(each.entry.fingerprint)},
                                            {"reason", text(each.entry.reason)},
                                            {"expires", text(each.entry.expires)},
                                            {"state", text(state_word(each.state))}}));
  return Value(std::move(approvals));
}

Value semver_value(const probes::drift::SemverVerdict& semver) {
  return Value(Value::Object{{"needed", text(to_string(semver.needed))},
                             {"older", text_or_null(semver.older_version)},
                             {"newer", text_or_null(semver.newer_version)},
                             {"grew_enough", Value(semver.grew_enough)},
                             {"reason", text(semver.reason)}});
}

Value cost_value(const probes::drift::ContextCost& cost) {
  return Value(Value::Object{{"bytes", number(cost.bytes)}, {"tokens", number(cost.tokens)}});
}

std::string_view fail_on_word(probes::drift::FailOn fail_on) {
  using enum probes::drift::FailOn;
  if (fail_on == breaking) return "breaking";
  return fail_on == dangerous ? "dangerous" : "any";
}

}  // namespace

Value::Object drift_members(const DriftDocument& document) {
  const auto& verdict = document.verdict;
  Value::Array changes;
  for (const Change& each : document.diff.changes) changes.push_back(change_value(each, document));
  Value::Array not_compared;
  for (const auto& each : document.diff.notes) not_compared.push_back(text(each));
  return {{"exit_code", Value(Decimal(document.exit_status))},
          {"verdict", text(verdict_word(verdict))},
          {"passed", Value(verdict.passed)},
          {"fail_on", text(fail_on_word(document.fail_on))},
          {"counts", Value(Value::Object{{"breaking", number(verdict.breaking)},
                                         {"dangerous", number(verdict.dangerous)},
                                         {"safe", number(verdict.safe)},
                                         {"approved", number(verdict.approved)}})},
          {"older", side_value(document.older)},
          {"newer", side_value(document.newer)},
          {"changes", Value(std::move(changes))},
          {"not_compared", Value(std::move(not_compared))},
          {"context", Value(Value::Object{{"older", cost_value(document.diff.older_cost)},
                                          {"newer", cost_value(document.diff.newer_cost)}})},
          {"approvals", approvals_value(verdict)},
          {"semver", verdict.semver ? semver_value(*verdict.semver) : Value()}};
}

std::string render_drift_json(const DriftDocument& document, const DriftStyle&) {
  const auto body = visible_json(probes::drift::pretty(Value(drift_members(document))));
  return "{\n  \"schema_version\": 1," + body.substr(1) + '\n';
}

}  // namespace cli

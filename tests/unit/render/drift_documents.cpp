#include "tests/unit/render/drift_documents.hpp"

#include "mcp/schema/value.hpp"

using mcp::schema::Value;
using probes::drift::Change;
using probes::drift::GateOptions;

namespace {

Value json(std::string_view text) {
  return mcp::schema::parse_value(text).value();
}

cli::DriftSide side(const char* label, const char* version) {
  return {.label = label,
          .server = "shop",
          .version = version,
          .era = "legacy",
          .revision = "2025-06-18",
          .digest = "sha256:00"};
}

Change narrowed() {
  return probes::drift::make_change(
      {.rule = "tool-removed",
       .kind = "tool",
       .name = "search",
       .pointer = "/tools/search/inputSchema/properties/limit/maximum",
       .why = "Calls with a limit above 10 are rejected now.",
       .before = json("100"),
       .after = json("10"),
       .witness = probes::drift::Witness{
           .value = json(R"({"limit":11})"), .pointer = "/limit", .reason = "must be at most 10"}});
}

Change described() {
  return probes::drift::make_change(
      {.rule = "tool-description-changed",
       .kind = "tool",
       .name = "search",
       .pointer = "/tools/search/description",
       .why = "The description changed, which is what a model reads.",
       .before = json(R"("Searches the whole catalogue of the shop for things that are on sale, )"
                      R"(and gives at most ten of them in the order of their price.")"),
       .after = json(R"("Searches the whole catalogue of the shop for things that are on sale, )"
                     R"(and gives at most ten of them in the order of their age.")")});
}

Change added() {
  return probes::drift::make_change({.rule = "tool-added",
                                     .kind = "tool",
                                     .name = "buy",
                                     .pointer = "/tools/buy",
                                     .why = "The tool is new.",
                                     .after = json(R"({"name":"buy"})")});
}

void judge(cli::DriftDocument& document, const GateOptions& options) {
  const auto snapshot = [](const std::string& version) {
    return probes::drift::Snapshot(
        Value(Value::Object{{"serverInfo", Value(Value::Object{{"version", Value(version)}})}}));
  };
  document.verdict = probes::drift::judge(document.diff, snapshot(document.older.version),
                                          snapshot(document.newer.version), options);
  document.exit_status = document.verdict.passed ? 0 : 1;
}

}  // namespace

cli::DriftDocument drift_document() {
  cli::DriftDocument document{.older = side("old.json", "1.0.0"),
                              .newer = side("new.json", "1.1.0"),
                              .items = {{"tool", "search"}, {"tool", "buy"}, {"tool", "pay"}},
                              .catalogue = probes::drift::rules()};
  document.newer.file = "new.json";
  document.diff.changes = {added(), described(), narrowed()};
  document.diff.older_cost = {.bytes = 4000, .tokens = 1000};
  document.diff.newer_cost = {.bytes = 4400, .tokens = 1100};
  judge(document, {.approvals = {{"0123456789abcdef", "for the autumn", "2026-11-20"},
                                 {"fedcba9876543210", "for the winter", "2027-03-01"}},
                   .today = "2026-11-21",
                   .semver = true});
  return document;
}

cli::DriftDocument hostile_drift_document() {
  cli::DriftDocument document{.older = side("a,b%.json", "1.0.0"),
                              .newer = side("@prod", "1.0.0"),
                              .catalogue = probes::drift::rules()};
  const std::string text =
      "x` | @octocat #1 <img src=x> [a](https://evil.example) www.evil.example ::error::\n"
      "\x1b[31m\u202e%0A*b*";
  document.diff.changes = {probes::drift::make_change(
      {.rule = "tool-removed",
       .kind = "tool",
       .name = text,
       .pointer = mcp::schema::child_pointer("/tools", text) + "/inputSchema",
       .why = "Because of " + text + ".",
       .before = Value(text),
       .after = Value("```" + text),
       .witness = probes::drift::Witness{.value = Value(Value::Object{{text, Value(true)}}),
                                         .pointer = "/" + text,
                                         .reason = text}})};
  judge(document, {.today = "2026-11-21"});
  return document;
}

cli::DriftDocument equal_drift_document() {
  cli::DriftDocument document{.older = side("old.json", "1.0.0"),
                              .newer = side("new.json", "1.0.0"),
                              .catalogue = probes::drift::rules()};
  judge(document, {.today = "2026-11-21"});
  return document;
}

#include "cli/commands/schema.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>
#include <memory>
#include <string_view>

#include "cli/conversation.hpp"
#include "mcp/base/text.hpp"

namespace cli {
namespace {

/// What stands after `schema`, and which of the options it takes.
struct Action {
  std::string_view word;
  mcp::Result<ExitCode> (*run)(const SchemaOptions& options, Invocation& invocation);
  std::array<std::string_view, 6> options;
};

constexpr std::array actions = {
    Action{"compare",
           run_schema_compare,
           {"--direction", "--timeout", "--batch", "--case-timeout", "--output"}},
    Action{"validate", run_schema_validate, {"--batch", "--output"}},
    Action{"sample", run_schema_sample, {"--count", "--seed"}},
};

constexpr std::array special_options = {"--direction", "--timeout", "--batch", "--case-timeout",
                                        "--output",    "--count",   "--seed"};

mcp::Result<Action> take_action(Invocation& invocation) {
  const auto word = take_word(invocation, "what to do (compare, validate or sample)");
  if (!word) return std::unexpected(word.error());
  const auto* const found = std::ranges::find(actions, *word, &Action::word);
  if (found != actions.end()) return *found;
  std::array<std::string, actions.size()> names;
  std::ranges::transform(actions, names.begin(),
                         [](const Action& each) { return std::string(each.word); });
  const auto near = mcp::nearest(*word, names);
  return mcp::fail(mcp::ErrorKind::usage,
                   fmt::format("schema: {}: unknown action", mcp::printable(*word)),
                   near.empty() ? "choose compare, validate or sample"
                                : fmt::format("did you mean 'mcpctl schema {}'?", near));
}

/// An option that the action would ignore is a mistake.
mcp::Result<void> check_options(const Action& action, const CLI::App& app) {
  for (const std::string_view name : special_options) {
    const bool takes = std::ranges::find(action.options, name) != action.options.end();
    if (takes || app.count(std::string(name)) == 0) continue;
    return mcp::fail(mcp::ErrorKind::usage,
                     fmt::format("{}: is not an option of 'schema {}'", name, action.word),
                     "'mcpctl schema --help' says what each option belongs to");
  }
  return {};
}

Run add_schema(CLI::App& app) {
  auto options = std::make_shared<SchemaOptions>();  // shared: by the parser's references and run
  add_output_option(app, options->output);
  const auto add = [&app](const char* name, auto& value, const char* type, const char* text) {
    app.add_option(name, value, text)->type_name(type);
  };
  add("--direction", options->direction, "NAME",
      "compare: input (what OLD accepts, NEW must accept) or output (what NEW allows, OLD must "
      "allow); without it input");
  add("--dialect", options->dialect, "NAME",
      "Of schemas without $schema: 2020-12, 2019-09, draft7, draft6, draft4; without it 2020-12");
  add("--timeout", options->timeout, "DURATION", "compare: time for the search; without it 10s");
  add("--batch", options->batch, "FILE",
      "compare, validate: one case a line, as JSON; - is standard input");
  add("--case-timeout", options->case_timeout, "DURATION",
      "compare --batch: time for each case; without it 1s");
  add("--count", options->count, "N", "sample: how many instances; without it 1");
  add("--seed", options->seed, "N", "sample: the same seed gives the same instances");
  return [options, &app](Invocation& invocation) -> mcp::Result<ExitCode> {
    if (auto ok = check(options->output); !ok) return std::unexpected(ok.error());
    const auto action = take_action(invocation);
    if (!action) return std::unexpected(action.error());
    if (auto ok = check_options(*action, app); !ok) return std::unexpected(ok.error());
    return action->run(*options, invocation);
  };
}

}  // namespace

extern const Command schema_command{
    .name = "schema",
    .group = CommandGroup::other,
    .summary = "Compare JSON Schemas by meaning, validate an instance, or make one",
    .usage =
        "compare [OPTIONS] OLD NEW\n"
        "       mcpctl schema validate [OPTIONS] SCHEMA INSTANCE\n"
        "       mcpctl schema sample [OPTIONS] SCHEMA\n"
        "       mcpctl schema compare|validate --batch FILE\n"
        "\n"
        "  Each is a file, or - for standard input; FILE#/POINTER is a part of it, where the name\n"
        "  of a tool leads to it in a list: tools.json#/tools/echo/inputSchema.\n"
        "  compare exits with 0 when the change is SAFE, which is proved, and with 1 when it is\n"
        "  BREAKING, which a witness shows, or UNDECIDED: what is not proved is not safe.",
    .examples =
        "mcpctl schema compare old.json new.json\n"
        "mcpctl schema compare old.json#/tools/echo/outputSchema new.json --direction output\n"
        "mcpctl schema validate schema.json arguments.json\n"
        "mcpctl schema sample schema.json --count 5\n"
        "mcpctl schema compare --batch cases.jsonl",
    .add = add_schema,
};

}  // namespace cli

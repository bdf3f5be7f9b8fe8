#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <istream>
#include <iterator>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <ostream>

#include "cli/arguments.hpp"
#include "cli/content.hpp"
#include "cli/conversation.hpp"
#include "cli/file.hpp"
#include "cli/json_output.hpp"
#include "cli/output_format.hpp"
#include "cli/progress.hpp"
#include "mcp/base/text.hpp"

namespace cli {
namespace {

using nlohmann::json;

struct CallOptions {
  TargetOptions target;
  OutputOption output;
  std::string arguments;
  bool raw = false;
};

std::unexpected<mcp::Error> refuse(std::string message, std::string hint = {}) {
  return mcp::fail(mcp::ErrorKind::usage, std::move(message), std::move(hint));
}

/// `--args`: JSON, - for standard input, or @FILE. Nothing where the option is not given.
mcp::Result<std::optional<json>> read_arguments(const std::string& option, World& world) {
  if (option.empty()) return std::nullopt;
  std::string text = option;
  if (option == "-") text.assign(std::istreambuf_iterator<char>(world.in), {});
  if (option.starts_with('@')) {
    auto bytes = read_file(option.substr(1));
    if (!bytes) return refuse("--args: " + bytes.error().message);
    text = std::move(*bytes);
  }
  json value = json::parse(text, nullptr, false);
  if (value.is_object()) return value;
  return refuse(fmt::format("--args: {} is {}", mcp::quoted(text, 80),
                            value.is_discarded() ? "not JSON" : "no JSON object"),
                "write an object: --args '{\"KEY\": VALUE}'");
}

/// The tool's definition; null where the server has no list to find it in.
mcp::Result<json> find_tool(Conversation& talk, const std::string& name) {
  const auto listing = list(talk, mcp::ListKind::tools);
  if (!listing && listing.error().kind == mcp::ErrorKind::rpc) return json();
  if (!listing) return std::unexpected(listing.error());
  std::vector<std::string> names;
  for (const mcp::Json& tool : listing->items) {
    if (text_of(*tool, "name") == name) return *tool;
    names.push_back(text_of(*tool, "name"));
  }
  const std::string shown = mcp::printable(name);
  for (const auto& rejected : listing->rejected) {
    if (rejected.name != name) continue;
    return mcp::fail(mcp::ErrorKind::protocol,
                     fmt::format("{}: the tool's definition is invalid: {}", shown,
                                 mcp::printable(rejected.reason)));
  }
  const std::string near = mcp::nearest(name, names);
  return refuse(shown + ": the server has no such tool",
                near.empty() ? "'mcpctl list tools' shows what it has"
                             : fmt::format("did you mean {}?", mcp::printable(near)));
}

mcp::Result<json> make_arguments(Conversation& talk, const std::string& tool,
                                 const std::optional<json>& given) {
  json arguments = given.value_or(json::object());
  const auto& words = talk.invocation.words;
  // Whole arguments are sent as they are: the server is to judge them.
  if (given && words.empty()) return arguments;
  const auto definition = find_tool(talk, tool);
  if (!definition) return definition;
  const json schema = definition->contains("inputSchema") ? (*definition)["inputSchema"] : json();
  const SchemaOutline outline(schema);
  const auto with_tool = [&](mcp::Error error) {
    error.message = mcp::printable(tool) + ": " + error.message;
    return std::unexpected(std::move(error));
  };
  if (auto added = add_arguments(words, outline, arguments); !added) {
    return with_tool(added.error());
  }
  if (given) return arguments;
  if (auto complete = check_required(arguments, outline); !complete) {
    return with_tool(complete.error());
  }
  return arguments;
}

bool says_the_same(const json& content, const json& structured) {
  if (content.size() != 1 || text_of(content[0], "type") != "text") return false;
  return json::parse(text_of(content[0], "text"), nullptr, false) == structured;
}

void print_result(World& world, const json& result) {
  const json content = result.contains("content") ? result["content"] : json::array();
  const bool has_structured = result.contains("structuredContent");
  // Servers repeat structured content as text for older clients (2025-06-18 tools).
  const bool repeated = has_structured && says_the_same(content, result["structuredContent"]);
  if (content.is_array() && !repeated) {
    for (const json& item : content) world.out << content_text(item);
  }
  if (has_structured) world.out << json_text(result["structuredContent"], Indent::two) << '\n';
}

/// The texts byte for byte, for other programs.
void print_raw(World& world, const json& result) {
  if (!result.contains("content")) return;
  for (const json& item : result["content"]) world.out << text_of(item, "text");
}

mcp::Result<ExitCode> show(const CallOptions& options, Conversation& talk, const std::string& tool,
                           const json& result) {
  World& world = talk.world();
  if (options.output.is_json()) {
    print_json(world, {{"result", result}});
  } else if (options.raw) {
    print_raw(world, result);
  } else {
    print_result(world, result);
  }
  if (!result.contains("isError") || result["isError"] != true) return ExitCode::ok;
  return mcp::fail(mcp::ErrorKind::tool_error,
                   mcp::printable(tool) + ": the tool reports an error (isError)");
}

mcp::Result<ExitCode> run_call(const CallOptions& options, Invocation& invocation) {
  if (auto ok = check(options.output); !ok) return std::unexpected(ok.error());
  auto target = find_target(invocation, options.target);
  if (!target) return std::unexpected(target.error());
  const auto name = take_word(invocation, "the TOOL");
  if (!name) return std::unexpected(name.error());
  auto given = read_arguments(options.arguments, invocation.world);
  if (!given) return std::unexpected(given.error());
  return converse(invocation, std::move(*target), [&](Conversation& talk) -> mcp::Result<ExitCode> {
    const std::string& tool = *name;
    auto arguments = make_arguments(talk, tool, *given);
    if (!arguments) return std::unexpected(arguments.error());
    ProgressLine progress(talk.invocation);
    const auto result =
        talk.client.call_tool(tool, std::move(*arguments), talk.deadline,
                              [&](const mcp::Notification& step) { progress.show(step); });
    progress.clear();
    if (!result) return std::unexpected(result.error());
    return show(options, talk, tool, **result);
  });
}

Run add_call(CLI::App& app) {
  auto options = std::make_shared<CallOptions>();  // shared: by the parser's references and the run
  app.add_option("--args", options->arguments, "Arguments as a JSON object; - reads standard input")
      ->type_name("JSON|-|@FILE");
  app.add_flag("--raw", options->raw, "Print the texts of the result byte for byte");
  add_output_option(app, options->output);
  add_target_options(app, options->target, "30s");
  return [options](Invocation& invocation) { return run_call(*options, invocation); };
}

}  // namespace

extern const Command call_command{
    .name = "call",
    .group = CommandGroup::look,
    .summary = "Call a tool",
    .usage =
        "[OPTIONS] TARGET TOOL [KEY=VALUE…]\n"
        "       KEY=VALUE    typed by the tool's inputSchema; repeat KEY for an array,\n"
        "                    A.B=VALUE for nested objects\n"
        "       KEY=@FILE    the file's text\n"
        "       KEY:=JSON    sent as it is",
    .examples =
        "mcpctl call http://localhost:3000/mcp add a=1 b=2\n"
        "mcpctl call @github search query='is:open' labels=bug labels=ui -o json\n"
        "mcpctl call echo message=hello -- npx my-server\n"
        "echo '{\"a\": 1, \"b\": 2}' | mcpctl call @calculator add --args -",
    .add = add_call,
};

}  // namespace cli

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <memory>
#include <nlohmann/json.hpp>
#include <ostream>

#include "cli/arguments.hpp"
#include "cli/content.hpp"
#include "cli/conversation.hpp"
#include "cli/json_output.hpp"
#include "cli/output_format.hpp"
#include "mcp/base/text.hpp"

namespace cli {
namespace {

using nlohmann::json;

struct PromptOptions {
  TargetOptions target;
  OutputOption output;
};

/// A prompt's arguments as a schema of strings (prompts/get takes nothing else), so that one set of
/// rules reads the words.
json schema_of(const json& prompt) {
  json schema = {{"type", "object"},
                 {"properties", json::object()},
                 {"required", json::array()},
                 {"additionalProperties", false}};
  if (!prompt.contains("arguments")) return schema;
  for (const json& argument : prompt["arguments"]) {
    const std::string name = text_of(argument, "name");
    schema["properties"][name] = {{"type", "string"}};
    const bool required =
        argument.is_object() && argument.contains("required") && argument["required"] == true;
    if (required) schema["required"].push_back(name);
  }
  return schema;
}

/// The schema of the prompt's arguments; one that allows any where the server has no list.
mcp::Result<json> find_schema(Conversation& talk, const std::string& name) {
  const auto listing = list(talk, mcp::ListKind::prompts);
  if (!listing && listing.error().kind == mcp::ErrorKind::rpc) {
    return json{{"additionalProperties", {{"type", "string"}}}};
  }
  if (!listing) return std::unexpected(listing.error());
  std::vector<std::string> names;
  for (const mcp::Json& prompt : listing->items) {
    if (text_of(*prompt, "name") == name) return schema_of(*prompt);
    names.push_back(text_of(*prompt, "name"));
  }
  const std::string near = mcp::nearest(name, names);
  return mcp::fail(mcp::ErrorKind::usage, mcp::printable(name) + ": the server has no such prompt",
                   near.empty() ? "'mcpctl list prompts' shows what it has"
                                : fmt::format("did you mean {}?", mcp::printable(near)));
}

mcp::Result<json> make_params(Conversation& talk, const std::string& name) {
  const auto schema = find_schema(talk, name);
  if (!schema) return schema;
  const SchemaOutline outline(*schema);
  json arguments = json::object();
  auto done = add_arguments(talk.invocation.words, outline, arguments);
  if (done) done = check_required(arguments, outline);
  if (!done) {
    done.error().message = mcp::printable(name) + ": " + done.error().message;
    return std::unexpected(done.error());
  }
  return json{{"name", name}, {"arguments", std::move(arguments)}};
}

void print_messages(World& world, const json& result) {
  if (!result.contains("messages")) return;
  for (const json& message : result["messages"]) {
    world.out << mcp::printable(text_of(message, "role")) << ":\n";
    if (!message.is_object() || !message.contains("content")) continue;
    // One item, though some servers send an array of them.
    const json& content = message["content"];
    for (const json& item : content.is_array() ? content : json::array({content})) {
      world.out << content_text(item);
    }
  }
}

mcp::Result<ExitCode> run_prompt(const PromptOptions& options, Invocation& invocation) {
  if (auto ok = check(options.output); !ok) return std::unexpected(ok.error());
  auto target = find_target(invocation, options.target);
  if (!target) return std::unexpected(target.error());
  const auto name = take_word(invocation, "the prompt's NAME");
  if (!name) return std::unexpected(name.error());
  return converse(invocation, std::move(*target), [&](Conversation& talk) -> mcp::Result<ExitCode> {
    auto params = make_params(talk, *name);
    if (!params) return std::unexpected(params.error());
    const auto result = talk.client.call("prompts/get", std::move(*params), talk.deadline);
    if (!result) return std::unexpected(result.error());
    if (options.output.is_json()) {
      print_json(talk.world(), {{"result", **result}});
    } else {
      print_messages(talk.world(), **result);
    }
    return ExitCode::ok;
  });
}

Run add_prompt(CLI::App& app) {
  auto options = std::make_shared<PromptOptions>();  // shared: parser's references and the run
  add_output_option(app, options->output);
  add_target_options(app, options->target, "30s");
  return [options](Invocation& invocation) { return run_prompt(*options, invocation); };
}

}  // namespace

extern const Command prompt_command{
    .name = "prompt",
    .group = CommandGroup::look,
    .summary = "Get a prompt's messages",
    .usage = "[OPTIONS] TARGET NAME [KEY=VALUE…]",
    .examples =
        "mcpctl prompt @github review pr=42\n"
        "mcpctl prompt greeting name=Ada -- python3 server.py",
    .add = add_prompt,
};

}  // namespace cli

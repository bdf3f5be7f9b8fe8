#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>
#include <memory>
#include <nlohmann/json.hpp>
#include <ostream>

#include "cli/content.hpp"
#include "cli/conversation.hpp"
#include "cli/json_output.hpp"
#include "cli/output_format.hpp"
#include "cli/schema_outline.hpp"
#include "cli/text_table.hpp"
#include "mcp/base/text.hpp"

namespace cli {
namespace {

using nlohmann::json;

struct ListOptions {
  TargetOptions target;
  OutputOption output;
};

using Row = std::vector<std::string>;

/// What can be listed: its word on the command line, its member in JSON, its columns.
struct Listable {
  std::string_view word;
  mcp::ListKind kind;
  const char* member;
  std::array<const char*, 3> header;
  Row (*row)(const json& item);
};

/// The description, else the title; its first line.
std::string first_line(const json& item) {
  std::string text = text_of(item, "description");
  if (text.empty()) text = text_of(item, "title");
  const auto start = std::min(text.find_first_not_of(" \t\r\n"), text.size());
  const auto line = std::string_view(text).substr(start);
  return mcp::printable(mcp::trim(line.substr(0, line.find('\n'))));
}

Row tool_row(const json& item) {
  const bool has_schema = item.contains("inputSchema");
  const std::string arguments = has_schema ? usage_of(SchemaOutline(item["inputSchema"])) : "";
  return {mcp::printable(text_of(item, "name")), arguments, first_line(item)};
}

Row prompt_row(const json& item) {
  std::string arguments;
  const json declared = item.contains("arguments") ? item["arguments"] : json::array();
  for (const json& argument : declared) {
    const std::string name = mcp::printable(text_of(argument, "name")) + "=…";
    const bool required =
        argument.is_object() && argument.contains("required") && argument["required"] == true;
    arguments += (arguments.empty() ? "" : " ") + (required ? name : "[" + name + "]");
  }
  return {mcp::printable(text_of(item, "name")), arguments, first_line(item)};
}

std::string resource_text(const json& item) {
  const std::string description = first_line(item);
  std::string name = mcp::printable(text_of(item, "name"));
  return description.empty() || description == name ? name : name + ": " + description;
}

Row resource_row(const json& item) {
  return {mcp::printable(text_of(item, "uri")), mcp::printable(text_of(item, "mimeType")),
          resource_text(item)};
}

Row template_row(const json& item) {
  return {mcp::printable(text_of(item, "uriTemplate")), mcp::printable(text_of(item, "mimeType")),
          resource_text(item)};
}

constexpr std::array listables = {
    Listable{
        "tools", mcp::ListKind::tools, "tools", {"TOOL", "ARGUMENTS", "DESCRIPTION"}, tool_row},
    Listable{"prompts",
             mcp::ListKind::prompts,
             "prompts",
             {"PROMPT", "ARGUMENTS", "DESCRIPTION"},
             prompt_row},
    Listable{"resources",
             mcp::ListKind::resources,
             "resources",
             {"URI", "TYPE", "DESCRIPTION"},
             resource_row},
    Listable{"templates",
             mcp::ListKind::resource_templates,
             "resourceTemplates",
             {"URI TEMPLATE", "TYPE", "DESCRIPTION"},
             template_row},
};

/// Takes the word that says what to list; it may stand before or after the target.
mcp::Result<Listable> take_listable(std::vector<std::string>& words) {
  for (const Listable& each : listables) {
    const auto found = std::ranges::find(words, each.word);
    if (found == words.end()) continue;
    words.erase(found);
    return each;
  }
  std::vector<std::string> names;
  names.reserve(std::size(listables));
  for (const Listable& each : listables) names.emplace_back(each.word);
  for (const std::string& word : words) {
    const auto near = looks_like_target(word) ? std::string() : mcp::nearest(word, names);
    if (near.empty()) continue;
    return mcp::fail(mcp::ErrorKind::usage,
                     fmt::format("{}: cannot be listed", mcp::printable(word)),
                     fmt::format("did you mean {}?", near));
  }
  return mcp::fail(mcp::ErrorKind::usage, "list: what is to be listed is missing",
                   "write: mcpctl list tools|prompts|resources|templates TARGET");
}

void print_listing(Conversation& talk, const Listable& what, const mcp::Listing& listing) {
  World& world = talk.world();
  if (listing.items.empty()) {
    if (talk.invocation.verbosity != Verbosity::quiet) {
      world.err << "mcpctl: the server has no " << what.word << '\n';
    }
    return;
  }
  TextTable table{.header = {what.header.begin(), what.header.end()}};
  for (const mcp::Json& item : listing.items) table.rows.push_back(what.row(*item));
  // What goes to a file or another program is whole.
  world.out << table.render(world.out_is_terminal ? world.width : 0);
}

json listing_json(const Listable& what, const mcp::Listing& listing) {
  json items = json::array();
  for (const mcp::Json& item : listing.items) items.push_back(*item);
  json document = {{what.member, std::move(items)}};
  for (const auto& tool : listing.rejected) {
    document["rejected"].push_back({{"name", tool.name}, {"reason", tool.reason}});
  }
  return document;
}

mcp::Result<ExitCode> run_list(const ListOptions& options, Invocation& invocation) {
  if (auto ok = check(options.output); !ok) return std::unexpected(ok.error());
  const auto what = take_listable(invocation.words);
  if (!what) return std::unexpected(what.error());
  auto target = find_target(invocation, options.target);
  if (!target) return std::unexpected(target.error());
  if (auto ok = expect_no_more_words(invocation); !ok) return std::unexpected(ok.error());
  return converse(invocation, std::move(*target), [&](Conversation& talk) -> mcp::Result<ExitCode> {
    const auto listing = list(talk, what->kind);
    if (!listing) return std::unexpected(listing.error());
    for (const auto& tool : listing->rejected) {
      print_warning(talk.world(), fmt::format("tool {}: left out: {}", mcp::printable(tool.name),
                                              mcp::printable(tool.reason)));
    }
    if (options.output.is_json()) {
      print_json(talk.world(), listing_json(*what, *listing));
    } else {
      print_listing(talk, *what, *listing);
    }
    return ExitCode::ok;
  });
}

Run add_list(CLI::App& app) {
  auto options = std::make_shared<ListOptions>();  // shared: by the parser's references and the run
  add_output_option(app, options->output);
  add_target_options(app, options->target, "30s");
  return [options](Invocation& invocation) { return run_list(*options, invocation); };
}

}  // namespace

extern const Command list_command{
    .name = "list",
    .group = CommandGroup::look,
    .summary = "List a server's tools, prompts, resources or resource templates",
    .usage = "tools|prompts|resources|templates [OPTIONS] TARGET",
    .examples =
        "mcpctl list tools https://example.com/mcp\n"
        "mcpctl list resources @files -o json\n"
        "mcpctl list prompts -- python3 server.py",
    .add = add_list,
};

}  // namespace cli

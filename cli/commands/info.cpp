#include <fmt/format.h>
#include <fmt/ranges.h>

#include <CLI/CLI.hpp>
#include <memory>
#include <nlohmann/json.hpp>
#include <ostream>

#include "cli/content.hpp"
#include "cli/conversation.hpp"
#include "cli/json_output.hpp"
#include "cli/output_format.hpp"
#include "mcp/base/text.hpp"

namespace cli {
namespace {

using nlohmann::json;

struct InfoOptions {
  TargetOptions target;
  OutputOption output;
};

/// Implementation as the server sent it: a member of the legacy result, and of `_meta` in the
/// modern one (2026-07-28 basic, "_meta").
json implementation(const mcp::Peer& peer) {
  const json& raw = *peer.raw;
  if (raw.is_object() && raw.contains("serverInfo")) return raw["serverInfo"];
  const json::json_pointer in_meta("/_meta/io.modelcontextprotocol~1serverInfo");
  if (raw.is_object() && raw.contains(in_meta)) return raw[in_meta];
  json server = json::object();
  if (!peer.name.empty()) server["name"] = peer.name;
  if (!peer.version.empty()) server["version"] = peer.version;
  return server;
}

json info_json(const Conversation& talk) {
  const mcp::Peer& peer = talk.peer;
  json info = {{"target", talk.target.endpoint.name},
               {"transport", mcp::to_string(talk.client.transport())},
               {"era", mcp::to_string(peer.era())},
               {"revision", mcp::to_string(peer.revision)},
               {"server", implementation(peer)},
               {"capabilities", *peer.capabilities},
               {"supported_versions", peer.supported_versions},
               {"session", !talk.client.session_id().empty()},
               {"result", *peer.raw}};
  if (!peer.instructions.empty()) info["instructions"] = peer.instructions;
  return info;
}

/// "tools (listChanged), prompts, logging": settings that are true are named, others shown whole.
std::string capabilities_text(const json& capabilities) {
  std::vector<std::string> words;
  for (const auto& [name, settings] : capabilities.items()) {
    std::vector<std::string> details;
    for (const auto& [key, value] : settings.items()) {
      if (!settings.is_object() || value == false) continue;
      const bool plain = value == true || (value.is_object() && value.empty());
      details.push_back(plain ? key : key + "=" + value.dump());
    }
    words.push_back(details.empty() ? name
                                    : fmt::format("{} ({})", name, fmt::join(details, ", ")));
  }
  return words.empty() ? "none" : mcp::printable(fmt::format("{}", fmt::join(words, ", ")));
}

void print_line(std::ostream& out, std::string_view name, const std::string& value) {
  if (!value.empty()) out << fmt::format("{:<14}{}\n", name, value);
}

std::string identity(const mcp::Peer& peer) {
  std::string text = peer.name.empty() ? "(it gives no name)" : mcp::printable(peer.name);
  if (!peer.version.empty()) text += " " + mcp::printable(peer.version);
  if (!peer.title.empty() && peer.title != peer.name) text += ", " + mcp::printable(peer.title);
  return text;
}

void print_info(Conversation& talk) {
  const mcp::Peer& peer = talk.peer;
  std::ostream& out = talk.world().out;
  print_line(out, "server", identity(peer));
  print_line(out, "website", mcp::printable(text_of(implementation(peer), "websiteUrl")));
  print_line(out, "transport", std::string(mcp::to_string(talk.client.transport())));
  print_line(out, "protocol",
             fmt::format("{} ({} era)", mcp::to_string(peer.revision), mcp::to_string(peer.era())));
  if (peer.era() == mcp::Era::modern) {
    print_line(out, "versions",
               mcp::printable(fmt::format("{}", fmt::join(peer.supported_versions, ", "))));
  } else if (talk.client.transport() != mcp::TransportKind::stdio) {
    print_line(out, "session", talk.client.session_id().empty() ? "none (stateless)" : "yes");
  }
  print_line(out, "capabilities",
             peer.capabilities->is_object() ? capabilities_text(*peer.capabilities) : "none");
  if (peer.instructions.empty()) return;
  out << "instructions\n";
  std::string text = "  " + mcp::printable(peer.instructions, mcp::Lines::keep);
  for (auto at = text.find('\n'); at != std::string::npos; at = text.find('\n', at + 3)) {
    text.replace(at, 1, "\n  ");
  }
  out << text << '\n';
}

mcp::Result<ExitCode> run_info(const InfoOptions& options, Invocation& invocation) {
  if (auto ok = check(options.output); !ok) return std::unexpected(ok.error());
  auto target = find_target(invocation, options.target);
  if (!target) return std::unexpected(target.error());
  if (auto ok = expect_no_more_words(invocation); !ok) return std::unexpected(ok.error());
  return converse(invocation, std::move(*target), [&](Conversation& talk) -> mcp::Result<ExitCode> {
    if (options.output.is_json()) {
      print_json(talk.world(), info_json(talk));
    } else {
      print_info(talk);
    }
    return ExitCode::ok;
  });
}

Run add_info(CLI::App& app) {
  auto options = std::make_shared<InfoOptions>();  // shared: by the parser's references and the run
  add_output_option(app, options->output);
  add_target_options(app, options->target, "30s");
  return [options](Invocation& invocation) { return run_info(*options, invocation); };
}

}  // namespace

extern const Command info_command{
    .name = "info",
    .group = CommandGroup::look,
    .summary = "Show a server's name, protocol and capabilities",
    .usage = "[OPTIONS] TARGET",
    .examples =
        "mcpctl info https://example.com/mcp --token-file token\n"
        "mcpctl info @github -o json\n"
        "mcpctl info -- npx my-server --verbose",
    .add = add_info,
};

}  // namespace cli

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <ostream>

#include "cli/content.hpp"
#include "cli/conversation.hpp"
#include "cli/json_output.hpp"
#include "cli/output_format.hpp"
#include "cli/skill.hpp"
#include "cli/text_table.hpp"
#include "mcp/base/text.hpp"
#include "mcp/client/pages.hpp"

namespace cli {
namespace {

using nlohmann::json;

struct SkillsOptions {
  TargetOptions target;
  OutputOption output;
};

mcp::Result<void> check_offered(const Conversation& talk) {
  const json::json_pointer extension("/extensions/io.modelcontextprotocol~1skills");
  const json& capabilities = *talk.peer.capabilities;
  if (capabilities.is_object() && capabilities.contains(extension)) return {};
  return mcp::fail(mcp::ErrorKind::protocol, "the server offers no skills",
                   "it does not declare the extension io.modelcontextprotocol/skills");
}

/// All entries, as sent. Nothing is read: a list must not load what nobody asked for (SEP-2640).
mcp::Result<std::vector<mcp::Json>> list_skills(Conversation& talk) {
  mcp::Pages pages({"skills/list", "skills"}, talk.target.client.max_pages);
  while (!pages.complete()) {
    const auto page = talk.client.call("skills/list", pages.next_params(), talk.deadline);
    if (!page) return std::unexpected(page.error());
    if (auto taken = pages.take(*page); !taken) return std::unexpected(taken.error());
  }
  return std::move(pages.listing().items);
}

std::vector<std::string> skill_row(const json& entry) {
  const json frontmatter = entry.contains("frontmatter") ? entry["frontmatter"] : json();
  std::string files = "invalid";
  if (const auto skill = read_skill(entry)) {
    files = skill->dynamic
                ? "dynamic"
                : fmt::format("{} ({})", skill->files.size(), format_size(skill->total_size()));
  }
  return {mcp::printable(text_of(frontmatter, "name")), mcp::printable(text_of(entry, "uri")),
          files, mcp::printable(text_of(frontmatter, "description"))};
}

mcp::Result<ExitCode> show_list(const SkillsOptions& options, Conversation& talk) {
  const auto skills = list_skills(talk);
  if (!skills) return std::unexpected(skills.error());
  World& world = talk.world();
  if (options.output.is_json()) {
    json entries = json::array();
    for (const mcp::Json& skill : *skills) entries.push_back(*skill);
    print_json(world, {{"skills", std::move(entries)}});
    return ExitCode::ok;
  }
  if (skills->empty()) {
    world.err << "mcpctl: the server lists no skills\n";
    return ExitCode::ok;
  }
  TextTable table{.header = {"SKILL", "URI", "FILES", "DESCRIPTION"}};
  for (const mcp::Json& skill : *skills) table.rows.push_back(skill_row(*skill));
  world.out << table.render(world.out_is_terminal ? world.width : 0);
  return ExitCode::ok;
}

/// The entry with this URI or, where only one has it, this name. A server need not list all: what
/// is not listed is asked for by its URI.
mcp::Result<json> find_entry(Conversation& talk, const std::string& wanted) {
  const auto skills = list_skills(talk);
  if (!skills) return std::unexpected(skills.error());
  std::vector<json> named;
  for (const mcp::Json& skill : *skills) {
    if (text_of(*skill, "uri") == wanted) return *skill;
    const bool has_name = skill->is_object() && skill->contains("frontmatter") &&
                          text_of((*skill)["frontmatter"], "name") == wanted;
    if (has_name) named.push_back(*skill);
  }
  if (named.size() == 1) return named.front();
  const std::string shown = mcp::printable(wanted);
  if (named.size() > 1) {
    return mcp::fail(mcp::ErrorKind::usage, shown + ": more than one skill has this name",
                     "give its URI ('mcpctl skills list' shows it)");
  }
  if (wanted.find(':') == std::string::npos) {
    return mcp::fail(mcp::ErrorKind::usage, shown + ": no such skill",
                     "'mcpctl skills list' shows what the server has");
  }
  const auto reply = talk.client.call("skills/get", json{{"uri", wanted}}, talk.deadline);
  if (!reply) return std::unexpected(reply.error());
  json entry = (*reply)->contains("skill") ? (**reply)["skill"] : json();
  if (text_of(entry, "uri") == wanted) return entry;
  return mcp::fail(mcp::ErrorKind::protocol,
                   fmt::format("skill {}: the answer holds no entry of this URI", shown));
}

/// The bytes of one file, verified where the entry says what they must be.
mcp::Result<std::string> read_file_of(Conversation& talk, const Skill& skill,
                                      const std::string& uri) {
  const auto reply = talk.client.call("resources/read", json{{"uri", uri}}, talk.deadline);
  if (!reply) return std::unexpected(reply.error());
  const json contents = (*reply)->contains("contents") ? (**reply)["contents"] : json::array();
  const auto content =
      std::ranges::find_if(contents, [&](const json& each) { return text_of(each, "uri") == uri; });
  if (content == contents.end()) {
    return mcp::fail(
        mcp::ErrorKind::protocol,
        fmt::format("skill {}: the answer holds no content of this URI", mcp::printable(uri)));
  }
  auto bytes = content->contains("blob") ? decode_base64(text_of(*content, "blob"))
                                         : std::optional(text_of(*content, "text"));
  if (!bytes) {
    return mcp::fail(mcp::ErrorKind::protocol,
                     fmt::format("skill {}: its blob is not base64", mcp::printable(uri)));
  }
  if (const SkillFile* file = skill.find(uri)) {
    if (auto verified = verify_bytes(*file, *bytes); !verified) {
      return std::unexpected(verified.error());
    }
  }
  return std::move(*bytes);
}

/// The URIs of the files that were asked for; one that is not listed cannot be trusted.
mcp::Result<std::vector<std::string>> wanted_files(const Skill& skill,
                                                   const std::vector<std::string>& paths) {
  std::vector<std::string> uris;
  for (const std::string& path : paths) {
    if (const SkillFile* file = skill.find(path)) {
      uris.push_back(file->uri);
    } else if (skill.dynamic) {
      uris.push_back(path.find(':') == std::string::npos ? skill.directory() + path : path);
    } else {
      return mcp::fail(mcp::ErrorKind::protocol,
                       fmt::format("skill {}: {} is not among its files", mcp::printable(skill.uri),
                                   mcp::printable(path)));
    }
  }
  return uris;
}

json file_json(const std::string& uri, const std::string& bytes) {
  try {
    json text = bytes;
    static_cast<void>(text.dump());  // throws where the bytes are not UTF-8
    return {{"uri", uri}, {"text", std::move(text)}};
  } catch (const json::type_error&) {
    return {{"uri", uri}, {"blob", mcp::base64(bytes)}};
  }
}

void show_files(const SkillsOptions& options, World& world, const json& entry,
                const std::vector<std::pair<std::string, std::string>>& files) {
  if (options.output.is_json()) {
    json list = json::array();
    for (const auto& [uri, bytes] : files) list.push_back(file_json(uri, bytes));
    print_json(world, {{"skill", entry}, {"files", std::move(list)}});
    return;
  }
  for (const auto& [uri, bytes] : files) {
    world.out << (world.out_is_terminal ? mcp::printable(bytes, mcp::Lines::keep) : bytes);
  }
}

mcp::Result<ExitCode> load(const SkillsOptions& options, Conversation& talk,
                           const std::string& wanted) {
  const auto entry = find_entry(talk, wanted);
  if (!entry) return std::unexpected(entry.error());
  const auto skill = read_skill(*entry);
  if (!skill) return std::unexpected(skill.error());
  const auto uris = wanted_files(*skill, talk.invocation.words);
  if (!uris) return std::unexpected(uris.error());
  if (skill->dynamic) {
    print_warning(talk.world(),
                  fmt::format("skill {}: its files are dynamic and cannot be verified",
                              mcp::printable(skill->uri)));
  }
  // Nothing is printed, and nothing else read, before SKILL.md has been verified.
  const auto main_file = read_file_of(talk, *skill, skill->uri);
  if (!main_file) return std::unexpected(main_file.error());
  if (auto same = verify_frontmatter(*skill, *main_file); !same) {
    return std::unexpected(same.error());
  }
  std::vector<std::pair<std::string, std::string>> files;
  if (uris->empty()) files.emplace_back(skill->uri, *main_file);
  for (const std::string& uri : *uris) {
    auto bytes = read_file_of(talk, *skill, uri);
    if (!bytes) return std::unexpected(bytes.error());
    files.emplace_back(uri, std::move(*bytes));
  }
  show_files(options, talk.world(), *entry, files);
  return ExitCode::ok;
}

mcp::Result<ExitCode> run_skills(const SkillsOptions& options, Invocation& invocation) {
  if (auto ok = check(options.output); !ok) return std::unexpected(ok.error());
  const auto action = take_word(invocation, "what to do (list or load)");
  if (!action) return std::unexpected(action.error());
  if (*action != "list" && *action != "load") {
    return mcp::fail(mcp::ErrorKind::usage,
                     fmt::format("skills: {}: unknown action", mcp::printable(*action)),
                     "write: mcpctl skills list TARGET, or mcpctl skills load TARGET SKILL");
  }
  auto target = find_target(invocation, options.target);
  if (!target) return std::unexpected(target.error());
  std::string wanted;
  if (*action == "load") {
    const auto word = take_word(invocation, "the SKILL");
    if (!word) return std::unexpected(word.error());
    wanted = *word;
  } else if (auto ok = expect_no_more_words(invocation); !ok) {
    return std::unexpected(ok.error());
  }
  return converse(invocation, std::move(*target), [&](Conversation& talk) -> mcp::Result<ExitCode> {
    if (auto offered = check_offered(talk); !offered) return std::unexpected(offered.error());
    return wanted.empty() ? show_list(options, talk) : load(options, talk, wanted);
  });
}

Run add_skills(CLI::App& app) {
  auto options = std::make_shared<SkillsOptions>();  // shared: parser's references and the run
  add_output_option(app, options->output);
  add_target_options(app, options->target, "30s");
  return [options](Invocation& invocation) { return run_skills(*options, invocation); };
}

}  // namespace

extern const Command skills_command{
    .name = "skills",
    .group = CommandGroup::look,
    .summary = "List skills, or load one after verifying it (SEP-2640)",
    .usage =
        "list [OPTIONS] TARGET\n"
        "       mcpctl skills load [OPTIONS] TARGET URI|NAME [FILE…]",
    .examples =
        "mcpctl skills list https://example.com/mcp\n"
        "mcpctl skills load @docs pdf-processing\n"
        "mcpctl skills load @docs skill://pdf-processing/SKILL.md references/FORMS.md",
    .add = add_skills,
};

}  // namespace cli

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <fstream>
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

struct ReadOptions {
  TargetOptions target;
  OutputOption output;
  std::string save;
};

std::unexpected<mcp::Error> broken(const json& content, std::string_view why) {
  return mcp::fail(mcp::ErrorKind::protocol,
                   fmt::format("{}: {}", mcp::printable(text_of(content, "uri")), why));
}

/// The bytes of one element of `contents`: text, or a decoded blob.
mcp::Result<std::string> bytes_of(const json& content) {
  if (content.is_object() && content.contains("text")) return text_of(content, "text");
  if (!content.is_object() || !content.contains("blob")) {
    return broken(content, "has neither text nor blob");
  }
  if (auto bytes = decode_base64(text_of(content, "blob"))) return std::move(*bytes);
  return broken(content, "its blob is not base64");
}

mcp::Result<std::string> all_bytes(const json& contents) {
  std::string all;
  for (const json& content : contents) {
    auto bytes = bytes_of(content);
    if (!bytes) return bytes;
    all += *bytes;
  }
  return all;
}

bool has_blob(const json& contents) {
  for (const json& content : contents) {
    if (content.is_object() && content.contains("blob")) return true;
  }
  return false;
}

mcp::Result<ExitCode> save_to(const std::string& file, const std::string& bytes) {
  std::ofstream stream(file, std::ios::binary);
  stream << bytes;
  stream.close();
  if (stream.good()) return ExitCode::ok;
  return mcp::fail(mcp::ErrorKind::usage,
                   fmt::format("--save: {}: cannot be written", mcp::printable(file)));
}

mcp::Result<ExitCode> show(const ReadOptions& options, World& world, const json& result) {
  if (options.output.is_json()) {
    print_json(world, {{"result", result}});
    return ExitCode::ok;
  }
  const json contents = result.contains("contents") ? result["contents"] : json();
  if (!contents.is_array()) {
    return mcp::fail(mcp::ErrorKind::protocol, "resources/read: the answer has no array contents");
  }
  if (contents.empty()) world.err << "mcpctl: the resource has no contents\n";
  const auto bytes = all_bytes(contents);
  if (!bytes) return std::unexpected(bytes.error());
  if (!options.save.empty() && options.save != "-") return save_to(options.save, *bytes);
  if (!world.out_is_terminal || options.save == "-") {
    world.out << *bytes;
    return ExitCode::ok;
  }
  if (has_blob(contents)) {
    return mcp::fail(
        mcp::ErrorKind::usage,
        fmt::format("binary content ({}) can mess up a terminal", format_size(bytes->size())),
        "use --save FILE, or --save - to print it all the same");
  }
  world.out << mcp::printable(*bytes, mcp::Lines::keep);
  if (!bytes->empty() && !bytes->ends_with('\n')) world.out << '\n';
  return ExitCode::ok;
}

mcp::Result<ExitCode> run_read(const ReadOptions& options, Invocation& invocation) {
  if (auto ok = check(options.output); !ok) return std::unexpected(ok.error());
  auto target = find_target(invocation, options.target);
  if (!target) return std::unexpected(target.error());
  const auto uri = take_word(invocation, "the URI");
  if (!uri) return std::unexpected(uri.error());
  if (auto ok = expect_no_more_words(invocation); !ok) return std::unexpected(ok.error());
  return converse(invocation, std::move(*target), [&](Conversation& talk) -> mcp::Result<ExitCode> {
    const json params = {{"uri", *uri}};
    const auto result = talk.client.call("resources/read", params, talk.deadline);
    if (!result) return std::unexpected(result.error());
    return show(options, talk.world(), **result);
  });
}

Run add_read(CLI::App& app) {
  auto options = std::make_shared<ReadOptions>();  // shared: by the parser's references and the run
  app.add_option("--save", options->save, "Write the bytes to a file (- for standard output)")
      ->type_name("FILE");
  add_output_option(app, options->output);
  add_target_options(app, options->target, "30s");
  return [options](Invocation& invocation) { return run_read(*options, invocation); };
}

}  // namespace

extern const Command read_command{
    .name = "read",
    .group = CommandGroup::look,
    .summary = "Print a resource, or save it",
    .usage = "[OPTIONS] TARGET URI",
    .examples =
        "mcpctl read @files file:///etc/motd\n"
        "mcpctl read https://example.com/mcp demo://logo.png --save logo.png",
    .add = add_read,
};

}  // namespace cli

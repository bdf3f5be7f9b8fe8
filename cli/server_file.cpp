#include "cli/server_file.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <array>
#include <nlohmann/json.hpp>
#include <optional>

#include "cli/file.hpp"
#include "cli/variables.hpp"
#include "mcp/base/text.hpp"

namespace cli {
namespace {

using nlohmann::json;

constexpr std::array default_files = {"mcp.json", ".mcp.json", ".vscode/mcp.json",
                                      ".cursor/mcp.json"};

std::unexpected<mcp::Error> refuse(const std::filesystem::path& file, std::string_view why,
                                   std::string hint = {}) {
  return mcp::fail(mcp::ErrorKind::usage, fmt::format("{}: {}", mcp::printable(file.string()), why),
                   std::move(hint));
}

/// The object with the servers: "mcpServers" (most editors) or "servers" (VS Code).
mcp::Result<json> read_servers(const std::filesystem::path& file) {
  auto text = read_file(file, 4UL * 1024 * 1024);
  if (!text) return std::unexpected(text.error());
  json document;
  try {
    document = json::parse(*text, nullptr, true, true);  // editors allow comments
  } catch (const json::parse_error& error) {
    return refuse(file, fmt::format("is not JSON (near byte {})", error.byte));
  }
  for (const char* key : {"mcpServers", "servers"}) {
    if (document.is_object() && document.contains(key) && document[key].is_object()) {
      return std::move(document[key]);
    }
  }
  return refuse(file, "has no object \"mcpServers\" (or \"servers\")");
}

/// Reads the members of one entry; the first mistake is kept and told by `error`.
class EntryReader {
 public:
  EntryReader(const json& entry, const World& world) : entry_(entry), world_(world) {}

  std::string text(const char* key) {
    const auto found = entry_.find(key);
    if (found == entry_.end() || found->is_null()) return {};
    return expand(*found, key);
  }

  std::vector<std::string> texts(const char* key) {
    std::vector<std::string> values;
    const auto found = entry_.find(key);
    if (found == entry_.end() || found->is_null()) return values;
    if (!found->is_array()) complain(key, "is not an array");
    for (const json& value : *found) values.push_back(expand(value, key));
    return values;
  }

  std::vector<std::pair<std::string, std::string>> pairs(const char* key) {
    std::vector<std::pair<std::string, std::string>> values;
    const auto found = entry_.find(key);
    if (found == entry_.end() || found->is_null()) return values;
    if (!found->is_object()) {
      complain(key, "is not an object");
      return values;
    }
    for (const auto& [name, value] : found->items()) {
      values.emplace_back(name, expand(value, std::string(key) + "." + name));
    }
    return values;
  }

  const std::optional<mcp::Error>& error() const { return error_; }

 private:
  std::string expand(const json& value, const std::string& where) {
    if (value.is_number() || value.is_boolean()) return value.dump();  // a port in "env"
    if (!value.is_string()) {
      complain(where, "is not a string");
      return {};
    }
    auto expanded = expand_variables(value.get<std::string>(), world_);
    if (expanded) return std::move(*expanded);
    complain(where, expanded.error().message, expanded.error().hint);
    return {};
  }

  void complain(const std::string& where, std::string_view why, std::string hint = {}) {
    if (error_) return;
    error_ = mcp::Error{mcp::ErrorKind::usage, fmt::format("{}: {}", mcp::printable(where), why),
                        std::move(hint)};
  }

  const json& entry_;
  const World& world_;
  std::optional<mcp::Error> error_;
};

mcp::Result<ServerEntry> read_entry(const json& value, const std::string& name,
                                    const std::filesystem::path& file, const World& world) {
  const std::string shown = "@" + mcp::printable(name);
  if (!value.is_object()) return refuse(file, shown + ": is not an object");
  EntryReader reader(value, world);
  ServerEntry entry{.file = file, .type = reader.text("type"), .url = reader.text("url")};
  if (entry.url.empty()) entry.url = reader.text("serverUrl");
  if (const std::string command = reader.text("command"); !command.empty()) {
    entry.argv = reader.texts("args");
    entry.argv.insert(entry.argv.begin(), command);
  }
  entry.environment = reader.pairs("env");
  entry.directory = reader.text("cwd");
  for (auto& [field, text] : reader.pairs("headers")) entry.headers.push_back({field, text});
  if (reader.error()) {
    return refuse(file, fmt::format("{}: {}", shown, reader.error()->message),
                  reader.error()->hint);
  }
  if (entry.url.empty() == entry.argv.empty()) {
    return refuse(file, shown + (entry.url.empty() ? ": has neither \"command\" nor \"url\""
                                                   : ": has both \"command\" and \"url\""));
  }
  return entry;
}

mcp::Error unknown_name(const std::string& name, const std::vector<std::string>& names,
                        const std::string& files) {
  mcp::Error error{mcp::ErrorKind::usage,
                   fmt::format("@{}: no such server in {}", mcp::printable(name), files), ""};
  const std::string near = mcp::nearest(name, names);
  if (!near.empty()) {
    error.hint = fmt::format("did you mean @{}?", mcp::printable(near));
  } else if (!names.empty()) {
    error.hint =
        fmt::format("it has: {}", mcp::printable(fmt::format("{}", fmt::join(names, ", "))));
  }
  return error;
}

}  // namespace

mcp::Result<ServerEntry> find_server(const std::string& name, const std::string& file,
                                     const World& world) {
  std::vector<std::filesystem::path> files;
  if (!file.empty()) files.emplace_back(file);
  for (const char* candidate : default_files) {
    std::error_code ignored;
    const auto path = (world.directory / candidate).lexically_normal();
    if (file.empty() && std::filesystem::exists(path, ignored)) files.push_back(path);
  }
  if (files.empty()) {
    return mcp::fail(
        mcp::ErrorKind::usage, fmt::format("@{}: no mcp.json here", mcp::printable(name)),
        fmt::format("name one by --config FILE (looked for {})", fmt::join(default_files, ", ")));
  }
  std::vector<std::string> names;
  std::vector<std::string> looked_into;
  for (const auto& path : files) {
    auto servers = read_servers(path);
    if (!servers) return std::unexpected(servers.error());
    if (servers->contains(name)) return read_entry((*servers)[name], name, path, world);
    for (const auto& [other, value] : servers->items()) names.push_back(other);
    looked_into.push_back(mcp::printable(path.string()));
  }
  return std::unexpected(
      unknown_name(name, names, fmt::format("{}", fmt::join(looked_into, ", "))));
}

}  // namespace cli

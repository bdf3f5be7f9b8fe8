#include "cli/commands/exporter_config.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "cli/commands/exporter_module.hpp"
#include "mcp/base/text.hpp"

namespace cli {
namespace {

using scenarios::YamlNode;

ExporterModule default_module(const char* name, probes::Depth depth) {
  ExporterModule module{.name = name};
  module.options.depth = depth;
  return module;
}

/// A module's name stands in URLs and in labels.
bool is_module_name(std::string_view name) {
  return !name.empty() && name.size() <= 60 && std::ranges::all_of(name, [](char letter) {
    return (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z') ||
           (letter >= '0' && letter <= '9') || letter == '_' || letter == '-' || letter == '.';
  });
}

void read_modules(const YamlNode& node, ExporterConfig& config, scenarios::Complaints& complaints) {
  if (!node.is(YamlNode::Kind::mapping)) {
    complaints.add(node.place, fmt::format("modules must be a mapping, not {}", kind_name(node)));
    return;
  }
  for (const auto& member : node.members) {
    if (!is_module_name(member.key)) {
      complaints.add(member.place, mcp::quoted(member.key) + " is no name of a module",
                     "letters, digits, _, - and . only");
      continue;
    }
    config.modules.insert_or_assign(member.key,
                                    read_exporter_module(member.key, member.value, complaints));
  }
}

}  // namespace

bool ExporterModule::has_credentials() const {
  return !headers.empty() || !target.headers.empty() || !target.token_file.empty() ||
         !target.token_env.empty() || !target.certificate.empty();
}

const ExporterModule* ExporterConfig::find(std::string_view name) const {
  const auto found = modules.find(name);
  return found == modules.end() ? nullptr : &found->second;
}

ExporterConfig default_exporter_config() {
  ExporterConfig config;
  config.modules.emplace("mcp", default_module("mcp", probes::Depth::tools));
  config.modules.emplace("mcp_handshake",
                         default_module("mcp_handshake", probes::Depth::handshake));
  return config;
}

std::expected<ExporterConfig, std::vector<scenarios::Complaint>> read_exporter_config(
    std::string_view text) {
  const auto file = scenarios::read_yaml(text);
  if (!file) return std::unexpected(std::vector{file.error()});
  auto config = default_exporter_config();
  if (file->is(YamlNode::Kind::null)) return config;  // nothing but comments
  scenarios::Complaints complaints;
  scenarios::Fields fields(*file, "an exporter's configuration", complaints);
  fields.with("targets", [&](const YamlNode& node) {
    config.targets = read_allowed_targets(node, complaints);
  });
  fields.with("modules", [&](const YamlNode& node) { read_modules(node, config, complaints); });
  fields.finish();
  if (!complaints.empty()) return std::unexpected(complaints.sorted());
  return config;
}

}  // namespace cli

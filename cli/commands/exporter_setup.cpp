#include "cli/commands/exporter_setup.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <utility>

#include "cli/file.hpp"
#include "cli/target_parts.hpp"
#include "mcp/base/text.hpp"

namespace cli {
namespace {

constexpr std::size_t longest_file = 1UL << 20U;

mcp::Result<ExporterConfig> read_config(const ExporterSource& source) {
  if (source.config.empty()) return default_exporter_config();
  const auto text = read_file(source.config, longest_file);
  if (!text) return std::unexpected(text.error());
  auto config = read_exporter_config(*text);
  if (config) return std::move(*config);
  return mcp::fail(mcp::ErrorKind::usage, to_text(source.config.string(), config.error()));
}

/// Files are named from where the configuration lies.
void make_absolute(std::string& path, const std::filesystem::path& folder) {
  if (!path.empty()) path = (folder / path).lexically_normal().string();
}

mcp::Result<Target> prototype_of(const ExporterModule& module, const std::filesystem::path& folder,
                                 const Invocation& invocation) {
  auto options = module.target;
  for (auto* path : {&options.token_file, &options.ca_file, &options.certificate, &options.key})
    make_absolute(*path, folder);
  for (auto& field : options.headers)
    field = "@" + (folder / field.substr(1)).lexically_normal().string();
  Target target{.timeout = module.timeout};
  // Only the form of a target counts here: each probe puts its own in that place.
  const std::string anywhere = "https://localhost/";
  if (auto done = locate(target.endpoint, options, anywhere, invocation); !done)
    return std::unexpected(done.error());
  if (auto done = add_http_options(target.endpoint, options, invocation); !done)
    return std::unexpected(done.error());
  std::ranges::copy(module.headers, std::back_inserter(target.endpoint.headers));
  auto client = client_options(options, invocation);
  if (!client) return std::unexpected(client.error());
  target.client = std::move(*client);
  return target;
}

mcp::Result<void> allow(const std::vector<std::string>& texts, AllowedTargets& targets) {
  for (const auto& text : texts) {
    auto rule = TargetRule::parse(text);
    if (!rule)
      return mcp::fail(mcp::ErrorKind::usage, "--allow-target: " + rule.error().message,
                       rule.error().hint);
    targets.rules.push_back(std::move(*rule));
  }
  return {};
}

}  // namespace

mcp::Result<std::shared_ptr<const ExporterSetup>> load_exporter(const ExporterSource& source,
                                                                const Invocation& invocation) {
  auto config = read_config(source);
  if (!config) return std::unexpected(config.error());
  auto setup = std::make_shared<ExporterSetup>();
  setup->config = std::move(*config);
  if (auto done = allow(source.allowed, setup->config.targets); !done)
    return std::unexpected(done.error());
  const auto folder = source.config.parent_path();
  for (const auto& [name, module] : setup->config.modules) {
    auto target = prototype_of(module, folder, invocation);
    if (!target) {
      auto error = target.error();
      error.message = fmt::format("module {}: {}", mcp::printable(name), error.message);
      return std::unexpected(std::move(error));
    }
    setup->prototypes.emplace(name, std::move(*target));
  }
  return std::shared_ptr<const ExporterSetup>(std::move(setup));
}

}  // namespace cli

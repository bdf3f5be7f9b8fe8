#pragma once

#include <expected>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cli/commands/exporter_targets.hpp"
#include "cli/target.hpp"
#include "mcp/base/header.hpp"
#include "mcp/base/time.hpp"
#include "probes/health/options.hpp"
#include "scenarios/complaints.hpp"

namespace cli {

/// A way of probing, as the file describes it: what `mcpctl probe` has as options.
struct ExporterModule {
  std::string name;
  mcp::Duration timeout = std::chrono::seconds(10);
  /// Without `timeout` and `today`, which each probe has of its own.
  probes::ProbeOptions options;
  TargetOptions target;
  mcp::HeaderList headers;
  /// Takes the place of the file's list; unset: the file's list holds.
  std::optional<AllowedTargets> targets;

  /// Whether something is sent that must not reach a stranger.
  bool has_credentials() const;
};

/// What the exporter was told: which targets it may probe, and in which ways.
struct ExporterConfig {
  AllowedTargets targets;
  std::map<std::string, ExporterModule, std::less<>> modules;

  const ExporterModule* find(std::string_view name) const;
  const AllowedTargets& targets_of(const ExporterModule& module) const {
    return module.targets ? *module.targets : targets;
  }
};

/// What is there without a file: the modules mcp and mcp_handshake, and no target.
ExporterConfig default_exporter_config();

/// Reads a file strictly: unknown keys, wrong types and contradictions are errors, and all of them
/// are told, in the order of the file. A module of the file takes the place of a default one.
std::expected<ExporterConfig, std::vector<scenarios::Complaint>> read_exporter_config(
    std::string_view text);

}  // namespace cli

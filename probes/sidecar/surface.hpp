#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <vector>

#include "mcp/base/json.hpp"
#include "probes/sidecar/status.hpp"

namespace probes::sidecar {

/// The digests of a server's tools; neither their order nor that of their members matters.
class ToolDigests {
 public:
  void add(const mcp::Json& tool);
  std::size_t count() const { return count_; }
  /// Of all; "sha256:…".
  std::string digest() const;
  /// What differs from `first`, by name, each with +, - or ~ before it; safe to print, bounded.
  std::vector<std::string> differences(const ToolDigests& first) const;

 private:
  /// Names may come twice, though they must not.
  std::map<std::string, std::vector<std::string>> by_name_;
  std::size_t count_ = 0;
};

/// Compares each list of tools with the first one.
class Surface {
 public:
  void observe(const ToolDigests& tools, mcp::TimePoint now);
  const SurfaceStatus& status() const { return status_; }
  /// "added: a, b; changed: c"; empty where nothing differs from the first.
  std::string difference() const;

 private:
  ToolDigests first_;
  SurfaceStatus status_;
};

}  // namespace probes::sidecar

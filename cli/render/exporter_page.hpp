#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "cli/render/document.hpp"

namespace cli {

/// A probe that was made, as the exporter keeps it for a while.
struct RecentProbe {
  std::uint64_t id = 0;
  std::string time;
  std::string module;
  std::string target;   // printable
  std::string verdict;  // one word
  std::string duration;
  bool success = false;
  std::string log;  // what `debug=true` answers
};

/// The page at /: what can be asked for, and the newest probes.
std::string exporter_page(std::string_view version, std::span<const RecentProbe> newest_first);

/// What a probe did, the metrics that it comes to, and how it was told to go about it.
std::string probe_log(const Document& document, std::string_view module);

}  // namespace cli

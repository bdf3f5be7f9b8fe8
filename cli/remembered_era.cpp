#include "cli/remembered_era.hpp"

#include <chrono>
#include <filesystem>
#include <fstream>
#include <system_error>

#include <fmt/format.h>
#include <unistd.h>

#include "cli/file.hpp"
#include "cli/target_parts.hpp"
#include "mcp/client/era_cache.hpp"

namespace cli {
namespace {

std::int64_t seconds_since_1970() {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::seconds>(now).count();
}

mcp::EraCache load(const std::string& file) {
  return mcp::EraCache::parse(read_file(file, 1024UL * 1024).value_or(""));
}

// Renamed into place, so that a probe that runs at the same time reads the old text or the new one.
void store(const std::filesystem::path& file, const std::string& text) {
  std::error_code ignored;
  if (file.has_parent_path()) std::filesystem::create_directories(file.parent_path(), ignored);
  const std::filesystem::path fresh = file.string() + fmt::format(".{}", ::getpid());
  bool written = false;
  {
    std::ofstream stream(fresh, std::ios::binary);
    stream << text;
    stream.close();
    written = stream.good();
  }
  if (written) std::filesystem::rename(fresh, file, ignored);
  if (!written || ignored) std::filesystem::remove(fresh, ignored);
}

}  // namespace

std::string era_cache_file(const TargetOptions& options, const World& world) {
  if (options.no_era_cache) return {};
  if (!options.era_cache.empty()) return options.era_cache;
  if (const auto cache = world.variable("XDG_CACHE_HOME")) return *cache + "/mcpctl/eras.json";
  if (const auto home = world.variable("HOME")) return *home + "/.cache/mcpctl/eras.json";
  return {};
}

bool is_era_dictated(const Target& target) {
  const auto& protocol = target.client.protocol;
  return protocol.era || protocol.revision ||
         target.endpoint.transport != mcp::TransportChoice::automatic;
}

std::optional<mcp::EraMemory> recall_era(const Target& target) {
  if (target.era_cache_file.empty()) return std::nullopt;
  return load(target.era_cache_file)
      .find(mcp::era_cache_key(target.endpoint), seconds_since_1970());
}

void remember_era(const Target& target, mcp::EraMemory learnt) {
  if (target.era_cache_file.empty() || is_era_dictated(target)) return;
  mcp::EraCache cache = load(target.era_cache_file);
  if (!cache.put(mcp::era_cache_key(target.endpoint), learnt, seconds_since_1970())) return;
  store(target.era_cache_file, cache.serialize());
}

}  // namespace cli

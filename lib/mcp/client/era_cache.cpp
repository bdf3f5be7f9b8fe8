#include "mcp/client/era_cache.hpp"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "mcp/base/digest.hpp"

namespace mcp {

namespace {

constexpr int format_version = 1;
constexpr std::array transports = {TransportKind::stdio, TransportKind::http_sse,
                                   TransportKind::streamable_http};

std::optional<EraMemory> parse_memory(const nlohmann::json& entry) {
  const auto era = entry.value("era", "");
  const auto transport = entry.value("transport", "");
  if (era != to_string(Era::legacy) && era != to_string(Era::modern)) return std::nullopt;
  const auto* kind = std::ranges::find(transports, transport, [](auto k) { return to_string(k); });
  if (kind == transports.end()) return std::nullopt;
  return EraMemory{*kind, era == to_string(Era::modern) ? Era::modern : Era::legacy};
}

}  // namespace

EraCache EraCache::parse(std::string_view text) {
  EraCache cache;
  const auto root = nlohmann::json::parse(text, nullptr, false);
  if (!root.is_object() || root.value("version", nlohmann::json()) != format_version) return cache;
  const auto servers = root.find("servers");
  if (servers == root.end() || !servers->is_object()) return cache;
  for (const auto& [key, entry] : servers->items()) {
    if (!entry.is_object()) continue;
    const bool texts = entry.contains("era") && entry["era"].is_string() &&
                       entry.contains("transport") && entry["transport"].is_string();
    if (!texts || !entry.contains("seen") || !entry["seen"].is_number_integer()) continue;
    if (const auto memory = parse_memory(entry)) {
      cache.entries_[key] = {*memory, entry["seen"].get<std::int64_t>()};
    }
  }
  return cache;
}

std::string EraCache::serialize() const {
  auto servers = nlohmann::json::object();
  for (const auto& [key, entry] : entries_) {
    servers[key] = {{"era", to_string(entry.memory.era)},
                    {"transport", to_string(entry.memory.transport)},
                    {"seen", entry.seen}};
  }
  const nlohmann::json root = {{"version", format_version}, {"servers", std::move(servers)}};
  return root.dump(2, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
}

std::optional<EraMemory> EraCache::find(const std::string& key, std::int64_t now) const {
  const auto entry = entries_.find(key);
  if (entry == entries_.end()) return std::nullopt;
  // A clock that was set back must not make an entry immortal.
  if (entry->second.seen > now || now - entry->second.seen > max_age_seconds) return std::nullopt;
  return entry->second.memory;
}

bool EraCache::put(const std::string& key, EraMemory memory, std::int64_t now) {
  const auto known = find(key, now);
  if (known && known->era == memory.era && known->transport == memory.transport) return false;
  if (entries_.size() >= max_entries && !entries_.contains(key)) {
    entries_.erase(std::ranges::min_element(entries_, {},
                                            [](const auto& entry) { return entry.second.seen; }));
  }
  entries_[key] = {memory, now};
  return true;
}

bool EraCache::forget(const std::string& key) {
  return entries_.erase(key) > 0;
}

std::string era_cache_key(const Endpoint& endpoint) {
  // Of what may hold a secret only a digest goes into the file.
  if (endpoint.url) {
    const auto text = endpoint.url->to_string();
    return text.find('?') == std::string::npos ? text : sha256_digest(text);
  }
  // JSON keeps arguments with blanks apart.
  const nlohmann::json command = {{"command", endpoint.child.argv},
                                  {"directory", endpoint.child.directory}};
  return sha256_digest(command.dump(-1, ' ', true, nlohmann::json::error_handler_t::replace));
}

}  // namespace mcp

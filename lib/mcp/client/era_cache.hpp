#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "mcp/client/options.hpp"
#include "mcp/transport/endpoint.hpp"

namespace mcp {

/// What is known of servers from earlier runs, as a JSON text that the program keeps in a file:
/// a probe that runs every ten seconds must not ask for the era each time (2026-07-28 versioning
/// allows to persist it). Entries older than `max_age_seconds` are forgotten, so that a server
/// that learnt the modern era is noticed.
class EraCache {
 public:
  static constexpr std::int64_t max_age_seconds = 24L * 3600;
  static constexpr std::size_t max_entries = 1000;

  /// Anything that is not a cache text of this version gives an empty cache.
  static EraCache parse(std::string_view text);
  std::string serialize() const;

  /// `now` is in seconds since 1970.
  std::optional<EraMemory> find(const std::string& key, std::int64_t now) const;
  /// False when nothing changed that is worth writing.
  bool put(const std::string& key, EraMemory memory, std::int64_t now);
  bool forget(const std::string& key);

 private:
  struct Entry {
    EraMemory memory;
    std::int64_t seen = 0;
  };
  std::map<std::string, Entry> entries_;
};

/// The server configuration that an entry is about: the URL, or directory and command line.
/// Headers and credentials are no part of it; a command line and a query, which may hold some, are
/// there as a digest.
std::string era_cache_key(const Endpoint& endpoint);

}  // namespace mcp

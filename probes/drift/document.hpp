#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "mcp/session/revision.hpp"
#include "probes/drift/snapshot.hpp"

namespace probes::drift {

/// What one list said: its items in order, and what came beside them.
struct ListFacts {
  std::vector<mcp::schema::Value> items;
  std::optional<std::size_t> pages;
  std::optional<mcp::schema::Value> ttl_ms;
  std::optional<mcp::schema::Value> cache_scope;
};

/// Puts a snapshot's document together from what a server sent. Nothing is lost: what has no place
/// of its own, or not the type that its place asks for, stands under `handshake`.
class DocumentBuilder {
 public:
  /// The result of `initialize` or `server/discover`.
  void add_handshake(const mcp::schema::Value& result, mcp::Era era,
                     const std::string& protocol_version);
  /// Items by key. A later item of the same key goes to `duplicates`; one without a key, which no
  /// client could use, to `unnamed`, and a line to `warnings`.
  void add_list(const ItemKind& kind, ListFacts facts, std::vector<std::string>& warnings);
  Snapshot finish();

 private:
  void place(const std::string& name, const mcp::schema::Value& value, mcp::Era era);
  void place_meta(const mcp::schema::Value& meta);
  void keep_in_handshake(const std::string& name, const mcp::schema::Value& value);

  mcp::schema::Value::Object document_;
  mcp::schema::Value::Object discover_;
  mcp::schema::Value::Object handshake_;
  mcp::schema::Value::Object lists_;
};

}  // namespace probes::drift

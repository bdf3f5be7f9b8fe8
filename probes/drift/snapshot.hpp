#pragma once

#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "mcp/base/error.hpp"
#include "mcp/schema/value.hpp"

namespace probes::drift {

/// What one kind of item is called in a snapshot (`tools`), in a sentence (`tool`), and which
/// member names an item. Items of the same name are told apart by nothing, so a name is the key.
struct ItemKind {
  std::string_view member;
  std::string_view noun;
  std::string_view key;
};

inline constexpr ItemKind tool_kind{"tools", "tool", "name"};
inline constexpr ItemKind prompt_kind{"prompts", "prompt", "name"};
inline constexpr ItemKind resource_kind{"resources", "resource", "uri"};
inline constexpr ItemKind template_kind{"resourceTemplates", "resource template", "uriTemplate"};
inline constexpr ItemKind item_kinds[] = {tool_kind, prompt_kind, resource_kind, template_kind};

/// Of the files that this program writes; it refuses newer ones.
inline constexpr int snapshot_schema_version = 1;

/// Everything that a client can see of a server, as the document that the snapshot file holds
/// (cli/render/schema/snapshot.schema.json). Items stand in objects by their key, so that a JSON
/// Pointer into the document stays true when the server lists them in another order:
///
///   schema_version, digest, digests.{tools,prompts,resources,resourceTemplates}.KEY
///   era ("legacy"|"modern"), protocolVersion, supportedVersions, serverInfo, capabilities,
///   instructions, discover ({ttlMs, cacheScope}, modern), extra members of the handshake's result
///   (`_meta` and unknown ones, under `handshake`)
///   tools, prompts, resources, resourceTemplates: {KEY: item as sent}
///   lists.{tools,…}: {order: [KEY…], pages?, ttlMs?, cacheScope?, duplicates?: [later items],
///   unnamed?: [items without a key]}
///   redacted: the JSON Pointer patterns whose values were left out
class Snapshot {
 public:
  /// Takes a document in the form above and computes its digests anew.
  explicit Snapshot(const mcp::schema::Value& document);

  const mcp::schema::Value& document() const { return document_; }
  /// "sha256:HEX" over everything but the digests; the same surface gives the same digest.
  const std::string& digest() const { return digest_; }
  /// The items of a kind by key; empty where there are none.
  const mcp::schema::Value::Object& items(const ItemKind& kind) const;
  /// The keys in the order in which the server listed them.
  std::vector<std::string> order(const ItemKind& kind) const;
  /// The string at a top-level member ("era"), or two levels deep ("serverInfo", "version").
  std::string text(std::string_view member, std::string_view inner = {}) const;

  /// Canonical JSON: sorted keys, two spaces, one line feed at the end.
  std::string file_text() const;

 private:
  mcp::schema::Value document_;
  std::string digest_;
};

/// Reads a snapshot file. A bare `tools/list` result ({"tools": […]}), with or without the members
/// of an `initialize` or `server/discover` result beside it, is taken for a snapshot too. Errors
/// (kind usage) name what is wrong and where; a digest that does not fit the content becomes a
/// line in `warnings`.
mcp::Result<Snapshot> read_snapshot(std::string_view text, std::vector<std::string>& warnings);

/// Leaves out what the patterns name: JSON Pointers (RFC 6901) in which `*` stands for any one
/// token and `**` for any number of them ("/tools/*/_meta", "/**/description"). Errors: kind
/// usage for a text that is no pointer.
mcp::Result<Snapshot> redact(const Snapshot& snapshot, const std::vector<std::string>& patterns);

/// JSON in the form of `Snapshot::file_text` (sorted keys, two spaces), without the line feed.
std::string pretty(const mcp::schema::Value& value);

}  // namespace probes::drift

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <utility>

#include "mcp/base/text.hpp"
#include "mcp/session/era.hpp"
#include "probes/drift/document.hpp"
#include "probes/drift/snapshot.hpp"
#include "probes/drift/snapshot_shape.hpp"

namespace probes::drift {
namespace {

using mcp::schema::Decimal;
using mcp::schema::Type;
using mcp::schema::Value;

std::unexpected<mcp::Error> wrong(std::string message, std::string hint) {
  return mcp::fail(mcp::ErrorKind::usage, std::move(message), std::move(hint));
}

constexpr auto what_is_read =
    "a snapshot is made by: mcpctl snapshot TARGET -o FILE; a tools/list result is read too";

mcp::Result<void> check_version(const Value& document) {
  const Value& version = *document.find("schema_version");
  const Decimal known(snapshot_schema_version);
  if (version.is(Type::number) && version.number() == known) return {};
  if (version.is(Type::number) && version.number().is_integer() && version.number() > known) {
    return wrong(fmt::format("schema_version {}: is of a newer mcpctl; this one reads {}",
                             mcp::excerpt(version.text(), 40), snapshot_schema_version),
                 "use the newer mcpctl, or take the snapshot again with this one");
  }
  return wrong(fmt::format("/schema_version: is {}, not {}", mcp::quoted(version.text(), 40),
                           snapshot_schema_version),
               what_is_read);
}

/// "tools: a, b" for the items whose recorded digest is not that of their content.
std::string edited_items(const Value& recorded, const Value& computed) {
  std::string text;
  for (const ItemKind& kind : item_kinds) {
    const Value* before = recorded.find(kind.member);
    const Value* after = computed.find(kind.member);
    if (before == nullptr || after == nullptr) continue;
    for (const auto& [key, digest] : after->object()) {
      const Value* noted = before->find(key);
      if (noted != nullptr && *noted == digest) continue;
      text += fmt::format("{}{} {}", text.empty() ? "" : ", ", kind.noun, mcp::quoted(key, 60));
    }
  }
  return text;
}

void check_digest(const Value& document, const Snapshot& snapshot,
                  std::vector<std::string>& warnings) {
  const Value* digest = document.find("digest");
  if (digest == nullptr || *digest == Value(snapshot.digest())) return;
  const Value* recorded = document.find("digests");
  const auto edited =
      edited_items(recorded == nullptr ? Value() : *recorded, *snapshot.document().find("digests"));
  warnings.push_back(
      fmt::format("the digest does not fit the content{}: it was changed after it "
                  "was taken",
                  edited.empty() ? "" : " (" + edited + ")"));
}

mcp::Result<Snapshot> read_document(const Value& document, std::vector<std::string>& warnings) {
  if (auto version = check_version(document); !version) return std::unexpected(version.error());
  if (auto shape = check_shape(document); !shape) return std::unexpected(shape.error());
  Snapshot snapshot(document);
  check_digest(document, snapshot, warnings);
  return snapshot;
}

std::string text_at(const Value& value, std::string_view name) {
  const Value* found = value.find(name);
  return found != nullptr && found->is(Type::string) ? found->string() : std::string();
}

/// The revision that a client would have spoken, and its era; none for a bare list.
struct Spoken {
  mcp::Era era;
  std::string version;
};
std::optional<Spoken> spoken_in(const Value& bare) {
  if (const Value* listed = bare.find("supportedVersions");
      listed != nullptr && listed->is(Type::array)) {
    std::vector<std::string> versions;
    for (const Value& version : listed->array()) {
      if (version.is(Type::string)) versions.push_back(version.string());
    }
    const auto newest = mcp::newest_of(mcp::Era::modern, versions);
    return Spoken{mcp::Era::modern, newest ? std::string(mcp::to_string(*newest)) : ""};
  }
  const auto version = text_at(bare, "protocolVersion");
  if (version.empty()) return std::nullopt;
  const auto revision = mcp::parse_revision(version);
  return Spoken{revision ? mcp::era_of(*revision) : mcp::Era::legacy, version};
}

/// The member of a bare list's result, told apart from the handshake's by what else is there.
std::optional<Value> beside_list(const Value& bare, const char* name, bool is_discover) {
  const Value* found = is_discover ? nullptr : bare.find(name);
  return found == nullptr ? std::nullopt : std::optional(*found);
}

mcp::Result<ListFacts> read_list(const Value& bare, const ItemKind& kind, bool is_discover) {
  const Value& items = *bare.find(kind.member);
  if (!items.is(Type::array)) {
    return wrong(fmt::format("/{}: is of type {}, not array", kind.member,
                             mcp::schema::to_string(items.type())),
                 what_is_read);
  }
  return ListFacts{.items = items.array(),
                   .ttl_ms = beside_list(bare, "ttlMs", is_discover),
                   .cache_scope = beside_list(bare, "cacheScope", is_discover)};
}

/// What is left for the handshake of a document that holds lists too.
Value handshake_of(const Value& bare, bool is_discover) {
  Value::Object members = bare.object();
  for (const ItemKind& kind : item_kinds) members.erase(std::string(kind.member));
  members.erase("nextCursor");
  if (is_discover) return Value(std::move(members));
  members.erase("ttlMs");
  members.erase("cacheScope");
  return Value(std::move(members));
}

mcp::Result<Snapshot> read_bare(const Value& bare, std::vector<std::string>& warnings) {
  DocumentBuilder builder;
  const auto spoken = spoken_in(bare);
  const bool is_discover = bare.find("supportedVersions") != nullptr;
  if (spoken) {
    builder.add_handshake(handshake_of(bare, is_discover), spoken->era, spoken->version);
  }
  for (const ItemKind& kind : item_kinds) {
    if (bare.find(kind.member) == nullptr) continue;
    auto list = read_list(bare, kind, is_discover);
    if (!list) return std::unexpected(list.error());
    builder.add_list(kind, std::move(*list), warnings);
  }
  if (bare.find("nextCursor") != nullptr) {
    warnings.emplace_back("nextCursor: this is one page of several, so the list is not complete");
  }
  return builder.finish();
}

bool is_bare(const Value& value) {
  return std::ranges::any_of(
      item_kinds, [&](const ItemKind& kind) { return value.find(kind.member) != nullptr; });
}

}  // namespace

mcp::Result<Snapshot> read_snapshot(std::string_view text, std::vector<std::string>& warnings) {
  if (mcp::trim(text).empty()) return wrong("is empty", what_is_read);
  auto parsed = mcp::schema::parse_value(text);
  if (!parsed) {
    return wrong(parsed.error().message,
                 parsed.error().hint.empty() ? std::string(what_is_read) : parsed.error().hint);
  }
  Value document = std::move(*parsed);
  if (!document.is(Type::object)) {
    return wrong(
        fmt::format("is a JSON {}, not a snapshot", mcp::schema::to_string(document.type())),
        what_is_read);
  }
  if (document.find("schema_version") != nullptr) return read_document(document, warnings);
  // A whole JSON-RPC response, as it comes from the wire.
  if (const Value* result = document.find("result");
      document.find("jsonrpc") != nullptr && result != nullptr) {
    document = Value(*result);
  }
  if (is_bare(document)) return read_bare(document, warnings);
  return wrong(R"(has neither "schema_version" nor "tools", so it is no snapshot)", what_is_read);
}

}  // namespace probes::drift

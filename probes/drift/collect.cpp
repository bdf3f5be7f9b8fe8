#include "probes/drift/collect.hpp"

#include <fmt/format.h>

#include <array>
#include <nlohmann/json.hpp>
#include <utility>

#include "mcp/base/text.hpp"
#include "probes/drift/document.hpp"

namespace probes::drift {
namespace {

using mcp::schema::Decimal;
using mcp::schema::Value;

/// A list, the capability that promises it, and where its items go.
struct Collected {
  mcp::ListKind list;
  const char* capability;
  ItemKind kind;
};

constexpr std::array collected_lists = {
    Collected{mcp::ListKind::tools, "tools", tool_kind},
    Collected{mcp::ListKind::prompts, "prompts", prompt_kind},
    Collected{mcp::ListKind::resources, "resources", resource_kind},
    Collected{mcp::ListKind::resource_templates, "resources", template_kind},
};

constexpr int method_not_found = -32601;

bool is_declared(const mcp::Peer& peer, const char* capability) {
  return peer.capabilities->is_object() && peer.capabilities->contains(capability);
}

/// The items as the server listed them, with those that a client must leave out in their places.
mcp::Result<std::vector<Value>> all_items(const mcp::Listing& listing) {
  std::vector<Value> items;
  std::size_t kept = 0;
  std::size_t rejected = 0;
  while (kept < listing.items.size() || rejected < listing.rejected.size()) {
    const bool take_rejected =
        rejected < listing.rejected.size() &&
        (listing.rejected[rejected].position == items.size() || kept == listing.items.size());
    const mcp::Json& item =
        take_rejected ? listing.rejected[rejected++].definition : listing.items[kept++];
    auto value = mcp::schema::to_value(*item);
    if (!value) return std::unexpected(value.error());
    items.push_back(std::move(*value));
  }
  return items;
}

mcp::Result<ListFacts> facts_of(const mcp::Listing& listing) {
  auto items = all_items(listing);
  if (!items) return std::unexpected(items.error());
  ListFacts facts{.items = std::move(*items), .pages = listing.pages};
  if (listing.ttl_ms) facts.ttl_ms = Value(Decimal(*listing.ttl_ms));
  if (!listing.cache_scope.empty()) facts.cache_scope = Value(listing.cache_scope);
  return facts;
}

mcp::Result<mcp::Listing> read_list(mcp::BlockingClient& client, const Collected& what,
                                    mcp::TimePoint deadline, std::vector<std::string>& warnings) {
  auto listing = client.list(what.list, deadline);
  if (listing) {
    for (const auto& tool : listing->rejected) {
      warnings.push_back(fmt::format("tool {}: a client must leave it out: {}",
                                     mcp::quoted(tool.name, 100), mcp::printable(tool.reason)));
    }
    return listing;
  }
  if (listing.error().rpc_code != method_not_found) return listing;
  warnings.push_back(fmt::format("{}s: the server declares {}, but does not know their list",
                                 what.kind.noun, what.capability));
  return mcp::Listing{};
}

}  // namespace

mcp::Result<Snapshot> collect(mcp::BlockingClient& client, const mcp::Peer& peer,
                              mcp::TimePoint deadline, std::vector<std::string>& warnings) {
  DocumentBuilder builder;
  auto handshake = mcp::schema::to_value(*peer.raw);
  if (!handshake) return std::unexpected(handshake.error());
  builder.add_handshake(*handshake, peer.era(), std::string(mcp::to_string(peer.revision)));
  for (const Collected& what : collected_lists) {
    if (!is_declared(peer, what.capability)) continue;
    auto listing = read_list(client, what, deadline, warnings);
    if (!listing) return std::unexpected(listing.error());
    auto facts = facts_of(*listing);
    if (!facts) return std::unexpected(facts.error());
    builder.add_list(what.kind, std::move(*facts), warnings);
  }
  return builder.finish();
}

}  // namespace probes::drift

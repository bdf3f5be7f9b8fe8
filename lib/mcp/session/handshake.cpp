#include "mcp/session/handshake.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <utility>

#include "mcp/base/text.hpp"
#include "mcp/session/era.hpp"
#include "mcp/session/request_meta.hpp"
#include "mcp/wire/json_text.hpp"

namespace mcp {
namespace {

using nlohmann::json;

std::string text_member(const json& object, const char* name) {
  if (!object.is_object()) return {};
  const auto found = object.find(name);
  return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

json object_member(const json& object, const char* name) {
  if (!object.is_object()) return json::object();
  const auto found = object.find(name);
  return found != object.end() && found->is_object() ? *found : json::object();
}

void read_server_info(const json& info, Peer& peer) {
  peer.name = text_member(info, "name");
  peer.version = text_member(info, "version");
  peer.title = text_member(info, "title");
}

/// What both eras' results share.
HandshakeResult read_common(const Json& result, const json& server_info) {
  HandshakeResult out;
  read_server_info(server_info, out.peer);
  out.peer.instructions = text_member(*result, "instructions");
  out.peer.capabilities = object_member(*result, "capabilities");
  out.peer.raw = result;
  if (!result->contains("capabilities")) out.missing.emplace_back("capabilities");
  return out;
}

}  // namespace

Json initialize_params(const SessionConfig& config, Revision offer) {
  const auto declared = declared_capabilities(config.capabilities, offer);
  return json{{"protocolVersion", to_string(offer)},
              {"capabilities", *capabilities_json(declared, offer)},
              {"clientInfo", *client_info_json(config)}};
}

Result<HandshakeResult> read_initialize_result(const Json& result, Revision offer) {
  const auto version = text_member(*result, "protocolVersion");
  if (version.empty()) {
    return fail(ErrorKind::protocol,
                "initialize: the answer names no protocolVersion: " + quoted_json(*result));
  }
  // 2025-11-25 lifecycle, "Version Negotiation": a client disconnects when it "does not support the
  // version in the server's response". Modern revisions have no handshake to choose them by.
  const auto revision = parse_revision(version);
  if (!revision || era_of(*revision) != Era::legacy) {
    return fail(ErrorKind::protocol,
                fmt::format("initialize: the server answered protocol version {} to the offer of "
                            "{}; this client speaks {} to {} after initialize",
                            quoted(version, 100), to_string(offer),
                            to_string(all_revisions.front()), to_string(latest_legacy)));
  }
  const auto server_info = object_member(*result, "serverInfo");
  auto out = read_common(result, server_info);
  if (server_info.empty()) out.missing.emplace_back("serverInfo");
  out.peer.revision = *revision;
  out.peer.supported_versions = {version};
  return out;
}

Result<HandshakeResult> read_discover_result(const Json& result) {
  const auto listed = result->find("supportedVersions");
  if (listed == result->end() || !listed->is_array()) {
    return fail(ErrorKind::protocol,
                "server/discover: the answer has no supportedVersions: " + quoted_json(*result));
  }
  std::vector<std::string> versions;
  for (const auto& version : *listed) {
    if (version.is_string()) versions.push_back(version.get<std::string>());
  }
  const auto revision = newest_of(Era::modern, versions);
  if (!revision) {
    auto error = fail(
        ErrorKind::protocol,
        fmt::format("server/discover: the server supports {}, not {}",
                    versions.empty() ? "no version"
                                     : excerpt(fmt::format("{}", fmt::join(versions, ", ")), 200),
                    to_string(latest_modern)));
    error.error().rpc_data = json{{"supported", versions}};
    return error;
  }
  // 2026-07-28 discover: the identity is in `_meta`; its drafts had it beside the capabilities.
  auto server_info =
      object_member(object_member(*result, "_meta"), "io.modelcontextprotocol/serverInfo");
  if (server_info.empty()) server_info = object_member(*result, "serverInfo");
  auto out = read_common(result, server_info);
  out.peer.revision = *revision;
  out.peer.supported_versions = std::move(versions);
  return out;
}

}  // namespace mcp

#include "mcp/session/request_meta.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "mcp/session/tool_headers.hpp"

namespace mcp {
namespace {

using nlohmann::json;

const std::string* string_member(const json& object, const char* name) {
  if (!object.is_object()) return nullptr;
  const auto found = object.find(name);
  return found == object.end() ? nullptr : found->get_ptr<const std::string*>();
}

void set_if_absent(json& object, const char* name, const std::string& value) {
  if (!value.empty() && !object.contains(name)) object[name] = value;
}

/// 2026-07-28 streamable-http, "Standard Request Headers": where Mcp-Name comes from.
const char* name_member(const std::string& method) {
  if (method == "tools/call" || method == "prompts/get") return "name";
  return method == "resources/read" ? "uri" : nullptr;
}

/// Whether a value may stand in a field as it is. One that may not and has no base64 form is left
/// out: it must not break the request apart.
bool is_plain(const std::string& value) {
  return encode_header_value(value) == value;
}

void add_modern_fields(json& meta, const SessionConfig& config, Revision revision) {
  // 2026-07-28 basic, "_meta": the two required fields and the recommended one.
  meta["io.modelcontextprotocol/protocolVersion"] = to_string(revision);
  meta["io.modelcontextprotocol/clientInfo"] = *client_info_json(config);
  const auto declared = declared_capabilities(config.capabilities, revision);
  meta["io.modelcontextprotocol/clientCapabilities"] = *capabilities_json(declared, revision);
  set_if_absent(meta, "io.modelcontextprotocol/logLevel", config.log_level);
}

}  // namespace

ClientCapabilities declared_capabilities(const ClientCapabilities& configured, Revision revision) {
  auto declared = configured;
  // Elicitation came with 2025-06-18, extensions with 2026-07-28.
  if (revision < Revision::v2025_06_18) declared.elicitation = false;
  if (era_of(revision) == Era::legacy) declared.extensions.clear();
  if (era_of(revision) == Era::modern) declared.sampling = false;
  return declared;
}

Json capabilities_json(const ClientCapabilities& declared, Revision revision) {
  json out = json::object();
  if (declared.roots) out["roots"] = json::object();
  if (declared.sampling) out["sampling"] = json::object();
  if (declared.elicitation) {
    // 2025-11-25 elicitation, "Capabilities": modes; before it there was only one.
    out["elicitation"] = json::object();
    if (revision >= Revision::v2025_11_25) out["elicitation"]["form"] = json::object();
  }
  for (const auto& extension : declared.extensions) out["extensions"][extension] = json::object();
  return out;
}

Json client_info_json(const SessionConfig& config) {
  return json{{"name", config.client_name}, {"version", config.client_version}};
}

Json with_meta(const Json& params, const SessionConfig& config, const MetaContext& context) {
  json out = params->is_object() ? *params : json::object();
  json meta = json::object();
  if (const auto given = out.find("_meta"); given != out.end() && given->is_object()) {
    meta = std::move(*given);
  }
  if (context.revision && era_of(*context.revision) == Era::modern) {
    add_modern_fields(meta, config, *context.revision);
  }
  if (context.progress_token) meta["progressToken"] = *context.progress_token;
  set_if_absent(meta, "traceparent", config.traceparent);  // SEP-414
  set_if_absent(meta, "tracestate", config.tracestate);
  if (!meta.empty()) {
    out["_meta"] = std::move(meta);
  } else if (params->is_null()) {
    return {};
  }
  return out;
}

HeaderList mirror_headers(const std::string& method, const Json& params,
                          std::optional<Revision> revision) {
  HeaderList headers;
  // 2025-06-18 transports, "Protocol Version Header": "on all subsequent requests", so not before
  // the version was negotiated; earlier revisions do not know the field.
  if (revision && *revision >= Revision::v2025_06_18) {
    headers.push_back({"MCP-Protocol-Version", std::string(to_string(*revision))});
  }
  if (revision && era_of(*revision) == Era::modern && !method.empty()) {
    if (is_plain(method)) headers.push_back({"Mcp-Method", method});
    const char* member = name_member(method);
    const auto* name = member == nullptr ? nullptr : string_member(*params, member);
    if (name != nullptr) headers.push_back({"Mcp-Name", encode_header_value(*name)});
  }
  const auto meta = params->is_object() ? params->find("_meta") : params->end();
  if (!params->is_object() || meta == params->end()) return headers;
  for (const char* name : {"traceparent", "tracestate"}) {
    const auto* value = string_member(*meta, name);
    if (value != nullptr && is_plain(*value)) headers.push_back({name, *value});
  }
  return headers;
}

}  // namespace mcp

#include <fmt/format.h>

#include <array>
#include <utility>

#include "cli/server_file.hpp"
#include "cli/target_name.hpp"
#include "cli/target_parts.hpp"
#include "mcp/base/text.hpp"

namespace cli {
namespace {

std::unexpected<mcp::Error> refuse(std::string message, std::string hint = {}) {
  return mcp::fail(mcp::ErrorKind::usage, std::move(message), std::move(hint));
}

mcp::Result<mcp::TransportChoice> read_transport(const std::string& text) {
  if (text == "auto") return mcp::TransportChoice::automatic;
  if (text == "stdio") return mcp::TransportChoice::stdio;
  if (text == "http-sse" || text == "sse") return mcp::TransportChoice::http_sse;
  if (text == "streamable-http") return mcp::TransportChoice::streamable_http;
  constexpr std::array names = {"auto", "stdio", "http-sse", "streamable-http"};
  const std::string near = mcp::nearest(text, names);
  return refuse("--transport: unknown transport " + mcp::quoted(text),
                near.empty() ? "choose auto, stdio, http-sse or streamable-http"
                             : "did you mean " + near + "?");
}

/// What editors write in "type"; "http" is their word for both HTTP transports.
mcp::Result<mcp::TransportChoice> transport_of_type(const ServerEntry& entry) {
  const std::string type = mcp::to_lower(entry.type);
  if (type.empty() || type == "http" || type == "stdio") return mcp::TransportChoice::automatic;
  if (type == "sse") return mcp::TransportChoice::http_sse;
  if (type == "streamable-http" || type == "streamablehttp") {
    return mcp::TransportChoice::streamable_http;
  }
  return refuse(fmt::format("{}: unknown type {}", mcp::printable(entry.file.string()),
                            mcp::quoted(entry.type)),
                "choose stdio, http, sse or streamable-http");
}

bool is_loopback(std::string_view word) {
  const auto host = word.substr(0, word.find_first_of(":/", word.starts_with('[') ? 1 : 0));
  return host == "localhost" || host.starts_with("127.") || word.starts_with("[::1]");
}

mcp::Result<mcp::Url> read_url(const std::string& word) {
  if (word.find("://") != std::string::npos) return mcp::parse_url(word);
  // Like curl, but never in the clear to another machine.
  if (looks_like_target(word) && is_loopback(word)) return mcp::parse_url("http://" + word);
  if (looks_like_target(word)) {
    return refuse(
        fmt::format("{}: the scheme is missing", target_name(word, {})),
        fmt::format("write https://{} (or http:// if it has no TLS)", target_name(word, {})));
  }
  return refuse(fmt::format("{}: is not a target", target_name(word, {})),
                "a target is a URL, @NAME from mcp.json, or -- COMMAND ARGS");
}

mcp::Result<void> locate_entry(mcp::Endpoint& endpoint, ServerEntry entry) {
  if (entry.url.empty()) {
    endpoint.child = {.argv = std::move(entry.argv),
                      .environment = std::move(entry.environment),
                      .directory = std::move(entry.directory)};
  } else {
    auto url = mcp::parse_url(entry.url);
    if (!url) {
      return refuse(fmt::format("{}: {}", mcp::printable(entry.file.string()), url.error().message),
                    url.error().hint);
    }
    endpoint.url = std::move(*url);
  }
  endpoint.headers = std::move(entry.headers);
  if (endpoint.transport == mcp::TransportChoice::automatic) {
    auto transport = transport_of_type(entry);
    if (!transport) return std::unexpected(transport.error());
    endpoint.transport = *transport;
  }
  return {};
}

}  // namespace

mcp::Result<void> locate(mcp::Endpoint& endpoint, const TargetOptions& options,
                         const std::string& word, const Invocation& invocation) {
  auto transport = read_transport(options.transport);
  if (!transport) return std::unexpected(transport.error());
  endpoint.transport = *transport;
  if (word.empty()) {
    if (invocation.child.empty()) return refuse("-- : a command is missing after the dashes");
    endpoint.child.argv = invocation.child;
    endpoint.name = target_name({}, invocation.child);
    return {};
  }
  endpoint.name = target_name(word, {});
  if (word.starts_with('@')) {
    auto entry = find_server(word.substr(1), options.config, invocation.world);
    if (!entry) return std::unexpected(entry.error());
    return locate_entry(endpoint, std::move(*entry));
  }
  auto url = read_url(word);
  if (!url) return std::unexpected(url.error());
  endpoint.url = std::move(*url);
  return {};
}

}  // namespace cli

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "cli/header_field.hpp"
#include "cli/target_parts.hpp"
#include "cli/version.hpp"
#include "mcp/base/text.hpp"

namespace cli {
namespace {

constexpr int redirects_followed = 10;

std::unexpected<mcp::Error> refuse(std::string message, std::string hint = {}) {
  return mcp::fail(mcp::ErrorKind::usage, std::move(message), std::move(hint));
}

mcp::Result<void> check_parts(const std::vector<std::string>& values, std::ptrdiff_t colons,
                              const std::string& option, const std::string& form) {
  for (const std::string& value : values) {
    // An IPv6 address has colons of its own.
    if (std::ranges::count(value, ':') >= colons) continue;
    return refuse(fmt::format("{}: {} is not {}", option, mcp::quoted(value), form));
  }
  return {};
}

mcp::Result<void> check_connection(const TargetOptions& o, const Settings& settings) {
  if (o.http1 && o.http2) return refuse("--http1.1 and --http2 exclude each other");
  const std::string proxy = "--" + o.proxy_option;
  if (!o.proxy.empty() && o.no_proxy) return refuse(proxy + " and --noproxy exclude each other");
  if (o.proxy.find('@') != std::string::npos && !settings.gave(o.proxy_option)) {
    return refuse(proxy + ": a password on the command line can be read by others",
                  "set https_proxy or http_proxy in the environment instead");
  }
  if (!o.key.empty() && o.certificate.empty()) return refuse("--key: needs --cert beside it");
  if (auto ok = check_parts(o.resolve, 2, "--resolve", "HOST:PORT:ADDRESS"); !ok) return ok;
  return check_parts(o.connect_to, 3, "--connect-to", "HOST1:PORT1:HOST2:PORT2");
}

mcp::HttpOptions http_options(const TargetOptions& o) {
  using enum mcp::HttpVersion;
  return {.proxy = o.proxy,
          .no_proxy = o.no_proxy,
          .resolve = o.resolve,
          .connect_to = o.connect_to,
          .unix_socket = o.unix_socket,
          .ca_file = o.ca_file,
          .client_certificate = o.certificate,
          .client_key = o.key,
          .insecure = o.insecure,
          .version = o.http1   ? http1
                     : o.http2 ? http2
                               : automatic,
          .user_agent = fmt::format("mcpctl/{}", version())};
}

mcp::Result<void> add_token(mcp::Endpoint& endpoint, const TargetOptions& options,
                            const World& world) {
  if (!options.token_file.empty() && !options.token_env.empty()) {
    return refuse("--token-file and --token-env exclude each other");
  }
  const bool given = !options.token_file.empty() || !options.token_env.empty();
  if (given) {
    std::erase_if(endpoint.headers, [](const mcp::Header& field) {
      return mcp::equals_ignoring_case(field.name, "Authorization");
    });
  }
  if (!options.token_file.empty()) {
    endpoint.token = mcp::make_file_token_source(options.token_file);
    // Told now rather than from the middle of a handshake.
    if (auto token = endpoint.token->token(); !token) return std::unexpected(token.error());
  }
  if (!options.token_env.empty()) {
    const auto value = world.variable(options.token_env);
    const std::string name = mcp::printable(options.token_env);
    if (!value) return refuse(fmt::format("--token-env: the variable {} is not set", name));
    endpoint.token = mcp::make_fixed_token_source(*value, name);
  }
  return {};
}

bool is_for_http_only(const TargetOptions& o) {
  return !o.headers.empty() || !o.token_file.empty() || !o.token_env.empty() || o.insecure ||
         !o.proxy.empty() || !o.resolve.empty() || !o.connect_to.empty() ||
         !o.unix_socket.empty() || !o.ca_file.empty() || !o.certificate.empty();
}

}  // namespace

mcp::Result<void> add_http_options(mcp::Endpoint& endpoint, const TargetOptions& options,
                                   const Invocation& invocation) {
  if (!endpoint.url) {
    if (!is_for_http_only(options)) return {};
    return refuse(fmt::format("{}: is a command, and takes no HTTP options", endpoint.name),
                  "give secrets to a stdio server through its environment");
  }
  if (auto ok = check_connection(options, invocation.settings); !ok) return ok;
  const auto seen = invocation.settings.gave("header") ? Exposure::hidden : Exposure::visible;
  auto fields = read_header_options(options.headers, seen);
  if (!fields) return std::unexpected(fields.error());
  std::ranges::move(*fields, std::back_inserter(endpoint.headers));
  endpoint.http = http_options(options);
  endpoint.max_redirects = options.follow_redirects ? redirects_followed : 0;
  return add_token(endpoint, options, invocation.world);
}

}  // namespace cli

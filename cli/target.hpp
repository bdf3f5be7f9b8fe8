#pragma once

#include <optional>
#include <string>
#include <vector>

#include "cli/command.hpp"
#include "mcp/base/time.hpp"
#include "mcp/client/options.hpp"
#include "mcp/transport/endpoint.hpp"

namespace cli {

/// The options that say which server is meant and how it is reached, as they stand on the command
/// line. Shared by all commands that talk to a server.
struct TargetOptions {
  std::string config;
  std::string transport = "auto";
  std::string protocol = "auto";
  std::vector<std::string> headers;
  std::string token_file;
  std::string token_env;
  std::string timeout;  // filled with the command's default
  std::string proxy;
  std::string proxy_option = "proxy";  // a command that is a proxy calls this one otherwise
  bool no_proxy = false;
  std::vector<std::string> resolve;
  std::vector<std::string> connect_to;
  std::string unix_socket;
  std::string ca_file;
  std::string certificate;
  std::string key;
  bool insecure = false;
  bool http1 = false;
  bool http2 = false;
  bool follow_redirects = false;
  std::string elicit;
  std::vector<std::string> declare;  // roots, sampling, elicitation
  bool trace = false;
  std::string log_level;
  std::string era_cache;
  bool no_era_cache = false;
};

/// A target that is ready to be connected to.
struct Target {
  mcp::Endpoint endpoint;
  mcp::ClientOptions client;
  mcp::Duration timeout{};
  std::string era_cache_file;  // empty: remember nothing
};

/// Adds the options to `app`; `options` must outlive the parse. `default_timeout` is what holds
/// without `--timeout`, as people write it ("5s").
void add_target_options(CLI::App& app, TargetOptions& options, std::string_view default_timeout);

/// Whether a word can only be meant as a target: @NAME, an http or https URL, HOST:PORT[/PATH].
bool looks_like_target(std::string_view word);

/// Takes the target out of the invocation's words: the first that looks like one, else the first
/// of all. With `-- COMMAND` on the line nothing is taken and the result is empty. No word at all
/// is a usage error.
mcp::Result<std::string> take_target(Invocation& invocation);

/// Turns the word into an endpoint; an empty one means the command after `--`. Prints the warnings
/// that belong to the options (`--insecure`).
mcp::Result<Target> resolve_target(const TargetOptions& options, const std::string& word,
                                   const Invocation& invocation);

}  // namespace cli

#include "cli/options.hpp"
#include "cli/target.hpp"

namespace cli {
namespace {

CLI::Option* add_text(CLI::App& app, const char* name, std::string& value, const char* type,
                      const char* description, const char* group) {
  return app.add_option(name, value, description)->type_name(type)->group(group);
}

void add_choice_options(CLI::App& app, TargetOptions& o, std::string_view default_timeout) {
  constexpr auto group = "Target";
  o.timeout = default_timeout;
  const std::string timeout = "Time for everything together; without it " + o.timeout;
  add_text(app, "--config", o.config, "FILE", "File with mcpServers, for @NAME", group);
  add_text(app, "--transport", o.transport, "NAME", "auto, stdio, http-sse, streamable-http",
           group);
  add_text(app, "--protocol", o.protocol, "NAME", "auto, legacy, modern, or a revision", group);
  add_text(app, "--timeout", o.timeout, "DURATION", timeout.c_str(), group);
  add_repeatable(app, "-H,--header", o.headers,
                 "Add a field: 'NAME: VALUE', or @FILE with such lines")
      ->type_name("FIELD")
      ->group(group);
  add_text(app, "--token-file", o.token_file, "FILE", "Bearer token, read again for each request",
           group);
  add_text(app, "--token-env", o.token_env, "NAME", "Environment variable with the bearer token",
           group);
}

void add_connection_options(CLI::App& app, TargetOptions& o) {
  constexpr auto group = "Connection";
  add_text(app, "-x,--proxy", o.proxy, "URL", "Proxy; without it that of the environment", group);
  app.add_flag("--noproxy", o.no_proxy, "No proxy, whatever the environment says")->group(group);
  add_repeatable(app, "--resolve", o.resolve, "Use this address for that host and port")
      ->type_name("HOST:PORT:ADDRESS")
      ->group(group);
  add_repeatable(app, "--connect-to", o.connect_to, "Connect there instead")
      ->type_name("HOST1:PORT1:HOST2:PORT2")
      ->group(group);
  add_text(app, "--unix-socket", o.unix_socket, "PATH", "Connect through this socket", group);
  add_text(app, "--cacert", o.ca_file, "FILE", "Trust these certificates only", group);
  add_text(app, "--cert", o.certificate, "FILE", "Client certificate (PEM)", group);
  add_text(app, "--key", o.key, "FILE", "Its private key (PEM)", group);
  app.add_flag("-k,--insecure", o.insecure, "Do not check the server's certificate")->group(group);
  app.add_flag("--http1.1", o.http1, "Use HTTP/1.1 only")->group(group);
  app.add_flag("--http2", o.http2, "Use HTTP/2 only")->group(group);
  app.add_flag("-L,--follow-redirects", o.follow_redirects,
               "Follow redirects, without credentials to another origin")
      ->group(group);
}

void add_session_options(CLI::App& app, TargetOptions& o) {
  constexpr auto group = "Session";
  add_text(app, "--elicit", o.elicit, "HOW", "Declare elicitation, and decline or fill in defaults",
           group);
  add_repeatable(app, "--declare", o.declare, "Declare a capability: roots, sampling, elicitation")
      ->type_name("NAME")
      ->group(group);
  app.add_flag("--trace", o.trace, "Send a traceparent: $TRACEPARENT, else a fresh one")
      ->group(group);
  add_text(app, "--log-level", o.log_level, "LEVEL",
           "Ask for log messages: debug, info, … emergency", group);
  add_text(app, "--era-cache", o.era_cache, "FILE", "Where the era of servers is remembered",
           group);
  app.add_flag("--no-era-cache", o.no_era_cache, "Remember nothing")->group(group);
}

}  // namespace

void add_target_options(CLI::App& app, TargetOptions& options, std::string_view default_timeout) {
  add_choice_options(app, options, default_timeout);
  add_connection_options(app, options);
  add_session_options(app, options);
}

}  // namespace cli

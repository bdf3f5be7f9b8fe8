#include "cli/target.hpp"

#include <doctest/doctest.h>

#include "tests/unit/cli/fake_world.hpp"

using cli::TargetOptions;

namespace {

/// Resolves a word in a world of its own.
struct Rig {
  FakeWorld fake;
  cli::Invocation invocation{.world = fake.world};
  TargetOptions options{.timeout = "5s"};

  mcp::Result<cli::Target> resolve(const std::string& word) {
    return cli::resolve_target(options, word, invocation);
  }
  std::string complaint(const std::string& word) {
    const auto target = resolve(word);
    REQUIRE_FALSE(target);
    CHECK(target.error().kind == mcp::ErrorKind::usage);
    return target.error().message;
  }
};

}  // namespace

TEST_CASE("target: words that can only be meant as one") {
  for (const char* word : {"@github", "http://x", "https://x/mcp", "localhost:3000/mcp",
                           "example.com:80", "[::1]:8080", "localhost", "127.0.0.1:1/x"}) {
    CAPTURE(word);
    CHECK(cli::looks_like_target(word));
  }
  for (const char* word : {"@", "echo", "a=http://x", "file:///x", "demo:1x", "x:", "a=b:80", ":80",
                           "skill://a/SKILL.md", "/path:80"}) {
    CAPTURE(word);
    CHECK_FALSE(cli::looks_like_target(word));
  }
}

TEST_CASE("target: the first word that looks like one is taken, else the first") {
  const auto taken = [](std::vector<std::string> words, std::vector<std::string> child = {}) {
    FakeWorld fake;
    cli::Invocation invocation{
        .world = fake.world, .words = std::move(words), .child = std::move(child)};
    const auto target = cli::take_target(invocation);
    return target ? *target + "|" + std::to_string(invocation.words.size()) : "error";
  };
  CHECK(taken({"echo", "http://x", "a=1"}) == "http://x|2");
  CHECK(taken({"http://a", "http://b"}) == "http://a|1");
  CHECK(taken({"nothing", "else"}) == "nothing|1");
  CHECK(taken({"echo"}, {"server"}) == "|1");
  CHECK(taken({}) == "error");
}

TEST_CASE("target: a URL is taken as it is, and http:// is added for this machine only") {
  Rig rig;
  CHECK(rig.resolve("https://example.com/mcp")->endpoint.url->to_string() ==
        "https://example.com/mcp");
  CHECK(rig.resolve("localhost:3000/mcp")->endpoint.url->to_string() ==
        "http://localhost:3000/mcp");
  CHECK(rig.resolve("[::1]:3000")->endpoint.url->to_string() == "http://[::1]:3000/");
  CHECK(rig.complaint("example.com:3000/mcp") == "example.com:3000/mcp: the scheme is missing");
  CHECK(rig.complaint("nonsense") == "nonsense: is not a target");
}

TEST_CASE("target: what is shown of a URL has no query in it") {
  Rig rig;
  CHECK(rig.resolve("https://x/mcp?key=secret")->endpoint.name == "https://x/mcp?…");
}

TEST_CASE("target: what is shown of a command is its program and what that runs") {
  const auto shown = [](std::vector<std::string> command) {
    Rig rig;
    rig.invocation.child = std::move(command);
    return rig.resolve("")->endpoint.name;
  };
  CHECK(shown({"server"}) == "server");
  CHECK(shown({"./server", "serve"}) == "./server serve");
  CHECK(shown({"npx", "-y", "@scope/pkg", "--key", "secret"}) == "npx … @scope/pkg …");
  CHECK(shown({"python3", "server.py", "secret"}) == "python3 server.py …");
  CHECK(shown({"/usr/bin/python3.12", "-m", "module"}) == "/usr/bin/python3.12 … module");
}

TEST_CASE("target: no argument that may be a secret is shown of a command") {
  for (const std::vector<std::string>& command :
       {std::vector<std::string>{"server", "--token", "S3CRET"},
        {"server", "S3CRET"},
        {"env", "TOKEN=S3CRET", "server"},
        {"sh", "-c", "TOKEN=S3CRET server"},
        {"npx", "--token", "S3CRET", "pkg"},
        {"node", "https://host/S3CRET"},
        {"uvx", "pkg", "S3CRET"}}) {
    Rig rig;
    rig.invocation.child = command;
    const auto name = rig.resolve("")->endpoint.name;
    CHECK_MESSAGE(name.find("S3CRET") == std::string::npos, name);
    CHECK(name.ends_with("…"));
  }
}

TEST_CASE("target: no error shows the query or the password of an address") {
  Rig rig;
  CHECK(rig.complaint("example.com:3000/mcp?key=secret") ==
        "example.com:3000/mcp?…: the scheme is missing");
  CHECK(rig.complaint("nonsense?key=secret") == "nonsense?…: is not a target");
  CHECK(rig.complaint("https://user:secret@h/").find("secret") == std::string::npos);
}

TEST_CASE("target: the words after the dashes are the command") {
  Rig rig;
  rig.invocation.child = {"npx", "server"};
  const auto target = rig.resolve("");
  REQUIRE(target);
  CHECK(target->endpoint.child.argv == std::vector<std::string>{"npx", "server"});
  CHECK_FALSE(target->endpoint.url);
  rig.options.headers = {"A: b"};
  CHECK(rig.complaint("") == "npx server: is a command, and takes no HTTP options");
}

TEST_CASE("target: an entry of mcp.json gives URL, transport and headers") {
  Rig rig;
  rig.options.config = rig.fake.file("m.json", R"({"mcpServers": {
    "old": {"type": "sse", "url": "http://h/sse", "headers": {"X-Key": "k"}},
    "child": {"command": "serve", "env": {"A": "1"}},
    "odd": {"type": "carrier-pigeon", "url": "http://h"}}})");
  const auto old = rig.resolve("@old");
  REQUIRE(old);
  CHECK(old->endpoint.name == "@old");
  CHECK(old->endpoint.transport == mcp::TransportChoice::http_sse);
  CHECK(old->endpoint.headers == mcp::HeaderList{{"X-Key", "k"}});
  CHECK(rig.resolve("@child")->endpoint.child.argv == std::vector<std::string>{"serve"});
  CHECK(rig.complaint("@odd").find("unknown type \"carrier-pigeon\"") != std::string::npos);
}

TEST_CASE("target: a token option takes the place of the entry's credential") {
  Rig rig;
  rig.fake.variables = {{"TOKEN", "from-environment"}};
  rig.options.config = rig.fake.file(
      "m.json",
      R"({"mcpServers": {"a": {"url": "http://h", "headers": {"authorization": "Bearer old"}}}})");
  CHECK(rig.resolve("@a")->endpoint.headers.size() == 1);
  rig.options.token_env = "TOKEN";
  const auto target = rig.resolve("@a");
  REQUIRE(target);
  CHECK(target->endpoint.headers.empty());
  CHECK(target->endpoint.token->token() == "from-environment");
}

TEST_CASE("target: tokens that are not there are told at once") {
  Rig rig;
  rig.options.token_env = "TOKEN";
  CHECK(rig.complaint("http://h") == "--token-env: the variable TOKEN is not set");
  rig.options.token_file = "/nowhere/token";
  CHECK(rig.complaint("http://h") == "--token-file and --token-env exclude each other");
  rig.options.token_env.clear();
  CHECK(rig.complaint("http://h").find("/nowhere/token") != std::string::npos);
}

TEST_CASE("target: connection options reach the endpoint") {
  Rig rig;
  rig.options.proxy = "http://proxy:3128";
  rig.options.resolve = {"h:443:127.0.0.1"};
  rig.options.connect_to = {"h:443:g:443"};
  rig.options.unix_socket = "/run/s";
  rig.options.ca_file = "ca.pem";
  rig.options.certificate = "c.pem";
  rig.options.key = "k.pem";
  rig.options.insecure = true;
  rig.options.http2 = true;
  rig.options.follow_redirects = true;
  rig.options.timeout = "1.5s";
  const auto target = rig.resolve("https://h/mcp");
  REQUIRE(target);
  const auto& http = target->endpoint.http;
  CHECK(http.proxy == "http://proxy:3128");
  CHECK(http.resolve == std::vector<std::string>{"h:443:127.0.0.1"});
  CHECK(http.connect_to == std::vector<std::string>{"h:443:g:443"});
  CHECK(http.unix_socket == "/run/s");
  CHECK(http.ca_file == "ca.pem");
  CHECK(http.client_certificate == "c.pem");
  CHECK(http.client_key == "k.pem");
  CHECK(http.insecure);
  CHECK(http.version == mcp::HttpVersion::http2);
  CHECK(http.user_agent.starts_with("mcpctl/"));
  CHECK(target->endpoint.max_redirects > 0);
  CHECK(target->timeout == std::chrono::milliseconds(1500));
}

TEST_CASE("target: options that contradict or make no sense are refused") {
  const auto complaint = [](auto change) {
    Rig rig;
    change(rig.options);
    return rig.complaint("http://h/");
  };
  CHECK(complaint([](TargetOptions& o) { o.transport = "htp-sse"; }) ==
        "--transport: unknown transport \"htp-sse\"");
  CHECK(complaint([](TargetOptions& o) { o.protocol = "2025-01-01"; }) ==
        "--protocol: \"2025-01-01\" is none of its values");
  CHECK(complaint([](TargetOptions& o) { o.timeout = "0"; }) ==
        "--timeout: must be more than zero");
  CHECK(complaint([](TargetOptions& o) { o.timeout = "soon"; }) ==
        "--timeout: \"soon\" is not a duration");
  CHECK(complaint([](TargetOptions& o) { o.http1 = o.http2 = true; }) ==
        "--http1.1 and --http2 exclude each other");
  CHECK(complaint([](TargetOptions& o) { o.key = "k"; }) == "--key: needs --cert beside it");
  CHECK(complaint([](TargetOptions& o) { o.resolve = {"h:443"}; }) ==
        "--resolve: \"h:443\" is not HOST:PORT:ADDRESS");
  CHECK(complaint([](TargetOptions& o) { o.proxy = "http://me:pw@proxy"; }) ==
        "--proxy: a password on the command line can be read by others");
  CHECK(complaint([](TargetOptions& o) { o.elicit = "accept"; }) ==
        "--elicit: \"accept\" is none of its values");
  CHECK(complaint([](TargetOptions& o) { o.declare = {"tools"}; }) ==
        "--declare: \"tools\" is none of its values");
  CHECK(complaint([](TargetOptions& o) { o.log_level = "loud"; }) ==
        "--log-level: \"loud\" is none of its values");
}

TEST_CASE("target: protocol and capabilities reach the client") {
  Rig rig;
  rig.options.protocol = "2025-03-26";
  rig.options.elicit = "defaults";
  rig.options.declare = {"roots", "sampling"};
  rig.options.log_level = "debug";
  const auto target = rig.resolve("http://h");
  REQUIRE(target);
  CHECK(target->client.protocol.revision == mcp::Revision::v2025_03_26);
  CHECK(target->client.session.capabilities.elicitation);
  CHECK(target->client.session.capabilities.roots);
  CHECK(target->client.session.capabilities.sampling);
  CHECK(target->client.session.elicitation == mcp::ElicitationPolicy::accept_defaults);
  CHECK(target->client.session.log_level == "debug");
}

TEST_CASE("target: the era cache is in the cache directory unless told otherwise") {
  Rig rig;
  CHECK(rig.resolve("http://h")->era_cache_file.empty());
  rig.fake.variables = {{"HOME", "/home/ada"}};
  CHECK(rig.resolve("http://h")->era_cache_file == "/home/ada/.cache/mcpctl/eras.json");
  rig.fake.variables["XDG_CACHE_HOME"] = "/cache";
  CHECK(rig.resolve("http://h")->era_cache_file == "/cache/mcpctl/eras.json");
  rig.options.era_cache = "here.json";
  CHECK(rig.resolve("http://h")->era_cache_file == "here.json");
  rig.options.no_era_cache = true;
  CHECK(rig.resolve("http://h")->era_cache_file.empty());
}

#include "cli/server_file.hpp"

#include <doctest/doctest.h>

#include "tests/unit/cli/fake_world.hpp"

namespace {

std::string complaint(const FakeWorld& fake, const std::string& text) {
  const auto file = fake.file("it.json", text);
  const auto entry = cli::find_server("it", file, fake.world);
  REQUIRE_FALSE(entry);
  CHECK(entry.error().kind == mcp::ErrorKind::usage);
  REQUIRE(entry.error().message.starts_with(file + ": "));
  return entry.error().message.substr(file.size() + 2);
}

}  // namespace

TEST_CASE("mcp.json: a command entry has its variables filled in") {
  FakeWorld fake;
  fake.variables = {{"TOKEN", "secret"}};
  const auto file = fake.file("servers.json", R"({"mcpServers": {"files": {
    "command": "npx", "args": ["-y", "server", "${DIR:-/data}"],
    "env": {"API_TOKEN": "${TOKEN}", "PORT": 8080}, "cwd": "/srv"}}})");
  const auto entry = cli::find_server("files", file, fake.world);
  REQUIRE(entry);
  CHECK(entry->argv == std::vector<std::string>{"npx", "-y", "server", "/data"});
  CHECK(entry->environment == std::vector<std::pair<std::string, std::string>>{
                                  {"API_TOKEN", "secret"}, {"PORT", "8080"}});
  CHECK(entry->directory == "/srv");
}

TEST_CASE("mcp.json: a URL entry may say url or serverUrl, with type and headers") {
  FakeWorld fake;
  fake.variables = {{"TOKEN", "secret"}};
  const auto file = fake.file("servers.json", R"({"mcpServers": {
    "a": {"type": "sse", "url": "https://a/sse", "headers": {"Authorization": "Bearer ${TOKEN}"}},
    "b": {"serverUrl": "https://b/mcp"}}})");
  const auto a = cli::find_server("a", file, fake.world);
  REQUIRE(a);
  CHECK(a->type == "sse");
  CHECK(a->url == "https://a/sse");
  CHECK(a->headers == mcp::HeaderList{{"Authorization", "Bearer secret"}});
  CHECK(cli::find_server("b", file, fake.world)->url == "https://b/mcp");
}

TEST_CASE("mcp.json: the first default file that has the name wins") {
  const FakeWorld fake;
  fake.file(".cursor/mcp.json", R"({"mcpServers": {"x": {"url": "http://cursor"},
                                                   "y": {"url": "http://only-here"}}})");
  fake.file(".vscode/mcp.json",
            "// comments are allowed\n"
            R"({"servers": {"x": {"url": "http://vscode"}}})");
  CHECK(cli::find_server("x", "", fake.world)->url == "http://vscode");
  CHECK(cli::find_server("y", "", fake.world)->url == "http://only-here");
}

TEST_CASE("mcp.json: an unknown name gets a suggestion, or the names that there are") {
  const FakeWorld fake;
  const auto file = fake.file("m.json", R"({"mcpServers": {"github": {"url": "http://x"}}})");
  const auto near = cli::find_server("gihub", file, fake.world);
  CHECK(near.error().message == "@gihub: no such server in " + file);
  CHECK(near.error().hint == "did you mean @github?");
  CHECK(cli::find_server("database", file, fake.world).error().hint == "it has: github");
}

TEST_CASE("mcp.json: without any file the places are named") {
  const FakeWorld fake;
  const auto entry = cli::find_server("x", "", fake.world);
  CHECK(entry.error().message == "@x: no mcp.json here");
  CHECK(entry.error().hint.find(".vscode/mcp.json") != std::string::npos);
}

TEST_CASE("mcp.json: each mistake is told with file, entry and member") {
  const FakeWorld fake;
  CHECK(complaint(fake, R"({"mcpServers": {"it": {"command": "x", "env": {"K": "${NONE}"}}}})") ==
        "@it: env.K: the environment variable NONE is not set");
  CHECK(complaint(fake, R"({"mcpServers": {"it": {"command": "x", "args": "y"}}})") ==
        "@it: args: is not an array");
  CHECK(complaint(fake, R"({"mcpServers": {"it": {"url": ["x"]}}})") ==
        "@it: url: is not a string");
  CHECK(complaint(fake, R"({"mcpServers": {"it": {}}})") ==
        R"(@it: has neither "command" nor "url")");
  CHECK(complaint(fake, R"({"mcpServers": {"it": {"command": "x", "url": "http://y"}}})") ==
        R"(@it: has both "command" and "url")");
  CHECK(complaint(fake, R"({"mcpServers": {"it": 5}})") == "@it: is not an object");
  CHECK(complaint(fake, R"({"other": {}})") == R"(has no object "mcpServers" (or "servers"))");
  CHECK(complaint(fake, R"({"mcpServers": )") == "is not JSON (near byte 16)");
}

#include "cli/commands/exporter_targets.hpp"

#include <doctest/doctest.h>

#include <utility>
#include <vector>

namespace {

using cli::TargetRule;

bool permits(std::string_view rule, std::string_view url) {
  const auto parsed = TargetRule::parse(rule);
  REQUIRE_MESSAGE(parsed.has_value(), rule);
  const auto target = mcp::parse_url(url);
  REQUIRE_MESSAGE(target.has_value(), url);
  return parsed->permits(*target);
}

std::string refusal(std::string_view rule) {
  const auto parsed = TargetRule::parse(rule);
  return parsed ? "" : parsed.error().message;
}

TEST_CASE("targets: a URL permits itself and nothing beside it") {
  constexpr auto rule = "https://mcp.example.com/mcp?tenant=1";
  CHECK(permits(rule, "https://mcp.example.com/mcp?tenant=1"));
  CHECK(permits(rule, "HTTPS://MCP.example.com:443/mcp?tenant=1"));
  for (const auto* other :
       {"https://mcp.example.com/mcp", "https://mcp.example.com/mcp?tenant=2",
        "https://mcp.example.com/mcp/x?tenant=1", "http://mcp.example.com/mcp?tenant=1",
        "https://mcp.example.com:8443/mcp?tenant=1", "https://example.com/mcp?tenant=1"}) {
    CAPTURE(other);
    CHECK_FALSE(permits(rule, other));
  }
}

TEST_CASE("targets: ORIGIN/* permits all paths of one scheme, host and port") {
  CHECK(permits("https://mcp.example.com/*", "https://mcp.example.com/"));
  CHECK(permits("https://mcp.example.com/*", "https://mcp.example.com/a/b?c"));
  CHECK_FALSE(permits("https://mcp.example.com/*", "http://mcp.example.com/a"));
  CHECK_FALSE(permits("https://mcp.example.com/*", "https://mcp.example.com:444/a"));
  CHECK_FALSE(permits("https://mcp.example.com/*", "https://mcp.example.com.evil.test/a"));
}

TEST_CASE("targets: a network permits hosts that are written as numbers, in any notation") {
  CHECK(permits("10.0.0.0/8", "http://10.255.1.2:8080/mcp"));
  CHECK_FALSE(permits("10.0.0.0/8", "http://11.0.0.1/"));
  CHECK(permits("127.0.0.1", "http://2130706433/"));
  CHECK_FALSE(permits("10.0.0.0/8", "http://2130706433/"));
  CHECK(permits("192.168.4.0/22", "http://192.168.7.255/"));
  CHECK_FALSE(permits("192.168.4.0/22", "http://192.168.8.0/"));
  CHECK(permits("fd00::/8", "http://[fdab::1]/mcp"));
  CHECK_FALSE(permits("fd00::/8", "http://[fe80::1]/mcp"));
  CHECK(permits("0.0.0.0/0", "http://1.2.3.4/"));
  CHECK(permits("[::1]:8080", "http://[::1]:8080/"));
  CHECK_FALSE(permits("[::1]:8080", "http://[::1]:8081/"));
}

TEST_CASE("targets: a network permits no name, whatever it resolves to") {
  CHECK_FALSE(permits("127.0.0.0/8", "http://localhost/"));
  CHECK_FALSE(permits("0.0.0.0/0", "http://mcp.example.com/"));
  CHECK_FALSE(permits("0.0.0.0/0", "http://[::ffff:10.0.0.1]/"));
}

TEST_CASE("targets: a host permits all its ports, unless it names one") {
  CHECK(permits("mcp.example.com", "http://mcp.example.com:8080/x"));
  CHECK(permits("MCP.example.com", "https://mcp.example.com/"));
  CHECK_FALSE(permits("mcp.example.com", "https://a.mcp.example.com/"));
  CHECK(permits("mcp.example.com:8443", "https://mcp.example.com:8443/"));
  CHECK_FALSE(permits("mcp.example.com:8443", "https://mcp.example.com/"));
}

TEST_CASE("targets: *.DOMAIN permits what is below the domain, and not the domain") {
  CHECK(permits("*.example.com", "https://a.example.com/"));
  CHECK(permits("*.example.com", "https://a.b.example.com/"));
  CHECK_FALSE(permits("*.example.com", "https://example.com/"));
  CHECK_FALSE(permits("*.example.com", "https://badexample.com/"));
  CHECK_FALSE(permits("*.example.com", "https://a.example.com.evil.test/"));
  CHECK(permits("*.example.com:8443", "https://a.example.com:8443/"));
  CHECK_FALSE(permits("*.example.com:8443", "https://a.example.com/"));
}

TEST_CASE("targets: what is none of the forms is refused with the text") {
  const std::vector<std::pair<const char*, const char*>> bad = {
      {"", "\"\" is no host"},
      {"*", "\"*\" would be everything"},
      {"*.", "\"*.\" is no host"},
      {"a b", "\"a b\" is no host"},
      {"10.0.0", "\"10.0.0\" is no host"},
      {"10.0.0.0/33", "\"10.0.0.0/33\" is no network"},
      {"10.0.0.0/", "\"10.0.0.0/\" is no network"},
      {"example.com/mcp", "\"example.com/mcp\" is no network"},
      {"10.0.0.1/8", "\"10.0.0.1/8\" has an address beyond its prefix"},
      {"host:", "\"host:\" has no port"},
      {"host:70000", "\"host:70000\" has no port"},
      {"https://*.example.com/", "\"https://*.example.com/\" has an asterisk where none may be"},
      {"https://example.com/a/*", "\"https://example.com/a/*\" has a path before its asterisk"}};
  for (const auto& [text, why] : bad) CHECK(refusal(text) == why);
  CHECK(refusal("file:///etc/passwd") != "");
  CHECK(refusal("https://user:secret@example.com/mcp").find("secret") == std::string::npos);
}

TEST_CASE("targets: a named target permits its URL under its name and as it is") {
  const auto url = *mcp::parse_url("https://mcp.example.com/mcp");
  const cli::AllowedTargets targets{.names = {{.name = "search", .url = url}}};
  REQUIRE(targets.find("search") != nullptr);
  CHECK(targets.find("search")->url.to_string() == "https://mcp.example.com/mcp");
  CHECK(targets.find("other") == nullptr);
  CHECK(targets.permits(url));
  CHECK_FALSE(targets.permits(*mcp::parse_url("https://mcp.example.com/")));
}

}  // namespace

#include "cli/commands/exporter_config.hpp"

#include <doctest/doctest.h>

#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>

#include "cli/render/exporter_config.hpp"
#include "tests/unit/sample_files.hpp"

namespace {

namespace fs = std::filesystem;
using cli::read_exporter_config;

const fs::path folder = "tests/unit/exporter/files";

/// Why the published schema refuses a file; empty when it accepts it.
std::string schema_refusal(std::string_view yaml) {
  static const auto schema = mcp::schema::Schema::compile(
      *mcp::schema::parse_value(contents("cli/render/schema/exporter.schema.json")));
  return refusal_by(schema, yaml);
}

std::string reader_refusal(std::string_view yaml) {
  const auto config = read_exporter_config(yaml);
  return config ? std::string() : to_text("f", config.error());
}

TEST_CASE("exporter: good files are valid by the published schema and load") {
  for (const auto& path : files_in(folder / "good", 2)) {
    CAPTURE(path);
    CHECK(schema_refusal(contents(path)) == "");
    CHECK(reader_refusal(contents(path)) == "");
  }
}

TEST_CASE("exporter: bad files are refused by the published schema and by the reader") {
  for (const auto& path : files_in(folder / "bad", 2)) {
    for (const auto& document : documents_of(contents(path))) {
      CAPTURE(document);
      CHECK(schema_refusal(document) != "");
      CHECK(reader_refusal(document) != "");
    }
  }
}

TEST_CASE("exporter: all mistakes of a file are told with line, column and a suggestion") {
  CHECK(reader_refusal("targets: [10.0.0.1/8]\n"
                       "modules:\n"
                       "  deep:\n"
                       "    dept: tools\n"
                       "    timeout: soon\n"
                       "    call: {tool: a, expect: [a]}\n") ==
        "f:1:11: \"10.0.0.1/8\" has an address beyond its prefix (write zeros there)\n"
        "f:4:5: a module has no \"dept\" (did you mean depth?)\n"
        "f:5:14: \"soon\" is no duration (write it like 500ms, 8s, 1.5m or 2h)\n"
        "f:6:30: \"a\" is not JSONPOINTER=VALUE (for example /structuredContent/sum=5)");
}

TEST_CASE("exporter: a module is what the file says") {
  const auto config = read_exporter_config(contents(folder / "good/everything.yml"));
  REQUIRE(config.has_value());
  const auto* deep = config->find("deep");
  REQUIRE(deep != nullptr);
  CHECK(deep->timeout == std::chrono::seconds(8));
  CHECK(deep->options.depth == probes::Depth::call);
  CHECK(deep->options.retries == 1);
  CHECK(deep->options.min_tools == 3U);
  CHECK(deep->options.require_tools == std::vector<std::string>{"search", "fetch"});
  CHECK(deep->options.max_latency == std::chrono::milliseconds(1500));
  CHECK(deep->options.protected_server == probes::ProtectedServer::passes);
  REQUIRE(deep->options.call.has_value());
  CHECK(*deep->options.call->arguments ==
        nlohmann::json::parse(R"({"q":"hello","limit":5,"deep":[1,{"a":null}]})"));
  CHECK(deep->options.call->expectations.size() == 2);
  CHECK(deep->options.call->text->pattern() == "^5 results?$");
  CHECK(deep->headers == mcp::HeaderList{{"X-Team", "sre"}, {"X-Number", "5"}});
  CHECK(deep->target.protocol == "2026-07-28");
  CHECK(deep->has_credentials());
  CHECK_FALSE(config->find("handshake")->has_credentials());
  CHECK(config->find("certificate")->options.cert_crit == std::chrono::days(7));
}

TEST_CASE("exporter: a module's own targets take the place of those of all") {
  const auto config = read_exporter_config(contents(folder / "good/everything.yml"));
  REQUIRE(config.has_value());
  const auto other = *mcp::parse_url("https://mcp.example.com/mcp");
  CHECK(config->targets_of(*config->find("plain")).permits(other));
  CHECK_FALSE(config->targets_of(*config->find("deep")).permits(other));
}

TEST_CASE("exporter: mcp and mcp_handshake are there without being written, and can be replaced") {
  const auto defaults = cli::default_exporter_config();
  REQUIRE(defaults.find("mcp") != nullptr);
  CHECK(defaults.find("mcp")->options.depth == probes::Depth::tools);
  CHECK(defaults.find("mcp_handshake")->options.depth == probes::Depth::handshake);
  CHECK(defaults.targets.empty());
  const auto changed = read_exporter_config("modules: {mcp: {depth: tcp}}");
  REQUIRE(changed.has_value());
  CHECK(changed->find("mcp")->options.depth == probes::Depth::tcp);
  CHECK(changed->find("mcp_handshake") != nullptr);
}

TEST_CASE("exporter: the configuration is shown as one that loads, without what is secret") {
  const auto config = read_exporter_config(contents(folder / "good/everything.yml"));
  REQUIRE(config.has_value());
  const auto shown = exporter_config_text(*config);
  CAPTURE(shown);
  CHECK(reader_refusal(shown) == "");
  CHECK(schema_refusal(shown) == "");
  CHECK(shown.find("sre") == std::string::npos);
  CHECK(shown.find("X-Team: <hidden>") != std::string::npos);
  CHECK(shown.find("arguments: {deep: [1, {a: ~}], limit: 5, q: \"hello\"}") != std::string::npos);
  CHECK(shown.find("tenant") == std::string::npos);
  CHECK(shown.find("/structuredContent/total=5") != std::string::npos);
  CHECK(shown.find("{name: search, url: \"https://search.example.com/mcp?…\"}") !=
        std::string::npos);
}

}  // namespace

#include "cli/remembered_era.hpp"

#include <doctest/doctest.h>

#include "tests/unit/cli/fake_world.hpp"

namespace {

constexpr mcp::EraMemory legacy_sse{mcp::TransportKind::http_sse, mcp::Era::legacy};

cli::Target target_with(const std::string& file) {
  cli::Target target;
  target.endpoint.url = *mcp::parse_url("http://h/sse");
  target.era_cache_file = file;
  return target;
}

}  // namespace

TEST_CASE("remembered era: what was written is recalled, in a folder that is made for it") {
  const FakeWorld fake;
  const auto target = target_with((fake.directory / "new/folder/eras.json").string());
  CHECK_FALSE(cli::recall_era(target));
  cli::remember_era(target, legacy_sse);
  const auto recalled = cli::recall_era(target);
  REQUIRE(recalled);
  CHECK(recalled->era == mcp::Era::legacy);
  CHECK(recalled->transport == mcp::TransportKind::http_sse);
}

TEST_CASE("remembered era: an era that an option dictated is not written down") {
  const FakeWorld fake;
  auto target = target_with((fake.directory / "eras.json").string());
  target.client.protocol.era = mcp::Era::legacy;
  cli::remember_era(target, legacy_sse);
  target.client.protocol = {};
  target.endpoint.transport = mcp::TransportChoice::http_sse;
  cli::remember_era(target, legacy_sse);
  CHECK(std::filesystem::is_empty(fake.directory));
}

TEST_CASE("remembered era: a place that cannot be written to is silently fine") {
  const FakeWorld fake;
  const auto target = target_with(fake.file("a-file", "") + "/eras.json");
  cli::remember_era(target, legacy_sse);
  CHECK_FALSE(cli::recall_era(target));
}

TEST_CASE("remembered era: no half-written file is left beside it") {
  const FakeWorld fake;
  cli::remember_era(target_with((fake.directory / "eras.json").string()), legacy_sse);
  const auto files = std::distance(std::filesystem::directory_iterator(fake.directory), {});
  CHECK(files == 1);
}

#include "mcp/client/era_cache.hpp"

#include <doctest/doctest.h>

namespace mcp {
namespace {

constexpr EraMemory legacy_sse{TransportKind::http_sse, Era::legacy};
constexpr EraMemory modern_http{TransportKind::streamable_http, Era::modern};

bool same(const std::optional<EraMemory>& left, const EraMemory& right) {
  return left && left->transport == right.transport && left->era == right.era;
}

TEST_CASE("era cache: what was put is found again after a round trip through text") {
  EraCache cache;
  CHECK(cache.put("https://a/mcp", legacy_sse, 1000));
  CHECK(cache.put("https://b/mcp", modern_http, 1000));
  const auto read = EraCache::parse(cache.serialize());
  CHECK(same(read.find("https://a/mcp", 1001), legacy_sse));
  CHECK(same(read.find("https://b/mcp", 1001), modern_http));
  CHECK_FALSE(read.find("https://c/mcp", 1001));
}

TEST_CASE("era cache: an entry is forgotten after a day, and when the clock was set back") {
  EraCache cache;
  cache.put("k", modern_http, 1000);
  CHECK(cache.find("k", 1000 + EraCache::max_age_seconds));
  CHECK_FALSE(cache.find("k", 1001 + EraCache::max_age_seconds));
  CHECK_FALSE(cache.find("k", 999));
}

TEST_CASE("era cache: what is known already needs no writing") {
  EraCache cache;
  CHECK(cache.put("k", modern_http, 1000));
  CHECK_FALSE(cache.put("k", modern_http, 1001));
  CHECK(cache.put("k", legacy_sse, 1002));
}

TEST_CASE("era cache: a text that is no cache is an empty cache") {
  for (const auto* text :
       {"", "[", "[]", "{}", R"({"version":2,"servers":{}})", R"({"version":1,"servers":[1]})",
        R"({"version":1,"servers":{"k":{"era":"modern","transport":"pigeon","seen":1}}})",
        R"({"version":1,"servers":{"k":{"era":1,"transport":"stdio","seen":1}}})",
        R"({"version":1,"servers":{"k":{"era":"modern","transport":"stdio","seen":"1"}}})"}) {
    CAPTURE(text);
    CHECK_FALSE(EraCache::parse(text).find("k", 1));
  }
}

TEST_CASE("era cache: the oldest entry makes room for a new one") {
  EraCache cache;
  for (std::size_t i = 0; i < EraCache::max_entries; ++i) {
    cache.put(std::to_string(i), modern_http, 1000 + static_cast<std::int64_t>(i));
  }
  cache.put("new", modern_http, 5000);
  CHECK_FALSE(cache.find("0", 5000));
  CHECK(cache.find("1", 5000));
  CHECK(cache.find("new", 5000));
}

TEST_CASE("era cache: commands are told apart by each argument and the directory") {
  Endpoint one;
  one.child.argv = {"serve", "a b"};
  Endpoint two;
  two.child.argv = {"serve", "a", "b"};
  Endpoint three = one;
  three.child.directory = "/srv";
  CHECK(era_cache_key(one) != era_cache_key(two));
  CHECK(era_cache_key(one) != era_cache_key(three));
}

TEST_CASE("era cache: no argument and no query can be read in the file") {
  Endpoint command;
  command.child.argv = {"serve", "secret"};
  CHECK(era_cache_key(command).find("secret") == std::string::npos);
  Endpoint address;
  address.url = parse_url("https://example.com/mcp?key=secret").value();
  CHECK(era_cache_key(address).find("secret") == std::string::npos);
  address.url = parse_url("https://example.com/mcp").value();
  CHECK(era_cache_key(address) == "https://example.com/mcp");
}

}  // namespace
}  // namespace mcp

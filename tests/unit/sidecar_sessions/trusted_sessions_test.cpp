#include <doctest/doctest.h>

#include "probes/sidecar/trusted_sessions.hpp"

using namespace probes::sidecar;

namespace {

class FixedSessions final : public SessionCounter {
 public:
  SessionCount count(mcp::TimePoint /*now*/) const override { return told; }
  void refuse_new() override { refuses = true; }
  std::size_t cut_all() override { return cut; }
  SessionCount told;
  bool refuses = false;
  std::size_t cut = 0;
};

}  // namespace

TEST_CASE("trusted sessions: the first that has a number is believed, and the others say why") {
  FixedSessions scrape;
  FixedSessions sockets;
  scrape.told = {.source = CountSource::scrape, .problem = "the metrics answered HTTP 503"};
  sockets.told = {.source = CountSource::sockets, .active = 4, .upper_bound = true};
  TrustedSessions trusted({&scrape, &sockets});
  auto count = trusted.count({});
  CHECK(count.source == CountSource::sockets);
  CHECK(count.active == 4);
  CHECK(count.upper_bound);
  CHECK(count.problem == "the metrics answered HTTP 503");
  scrape.told = {.source = CountSource::scrape, .active = 2};
  count = trusted.count({});
  CHECK(count.source == CountSource::scrape);
  CHECK(count.active == 2);
  CHECK(count.problem.empty());
}

TEST_CASE("trusted sessions: where none has a number the source is none, with all reasons") {
  FixedSessions scrape;
  FixedSessions sockets;
  scrape.told = {.source = CountSource::scrape, .problem = "first"};
  sockets.told = {.source = CountSource::sockets, .problem = "second"};
  const auto count = TrustedSessions({&scrape, &sockets}).count({});
  CHECK(count.source == CountSource::none);
  CHECK_FALSE(count.active.has_value());
  CHECK(count.problem == "first; second");
  CHECK(TrustedSessions({}).count({}).problem == "nothing that counts sessions is set up");
}

TEST_CASE("trusted sessions: refusing and cutting reach whoever can do it") {
  FixedSessions proxy;
  FixedSessions sockets;
  proxy.cut = 3;
  TrustedSessions trusted({&proxy, &sockets});
  trusted.refuse_new();
  CHECK(proxy.refuses);
  CHECK(trusted.cut_all() == 3);
}

#include "mcp/io/socket_address.hpp"

#include <arpa/inet.h>
#include <doctest/doctest.h>
#include <netinet/in.h>
#include <sys/un.h>

#include <cstring>

using namespace mcp;

TEST_CASE("socket address: IPv4, IPv6 and Unix in their usual forms") {
  sockaddr_in v4{};
  v4.sin_family = AF_INET;
  v4.sin_port = htons(443);
  inet_pton(AF_INET, "10.0.0.1", &v4.sin_addr);
  CHECK(address_text(reinterpret_cast<const sockaddr&>(v4)) == "10.0.0.1:443");
  sockaddr_in6 v6{};
  v6.sin6_family = AF_INET6;
  v6.sin6_port = htons(80);
  inet_pton(AF_INET6, "fe80::1", &v6.sin6_addr);
  CHECK(address_text(reinterpret_cast<const sockaddr&>(v6)) == "[fe80::1]:80");
  sockaddr_un local{};
  local.sun_family = AF_UNIX;
  std::strcpy(local.sun_path, "/run/mcp.socket");
  CHECK(address_text(reinterpret_cast<const sockaddr&>(local)) == "/run/mcp.socket");
}

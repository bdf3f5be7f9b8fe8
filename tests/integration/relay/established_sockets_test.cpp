#include <doctest/doctest.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <string>
#include <vector>

#include "mcp/io/established_sockets.hpp"
#include "mcp/io/http_server_socket.hpp"

using namespace mcp;

TEST_CASE("established sockets: the kernel's table has a server's connections, without our own") {
  const auto loop = make_loop();
  Descriptor listener(*listen_on("127.0.0.1", 0));
  const auto port = local_port(listener.get());
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  std::vector<Descriptor> ends;
  for (int each = 0; each < 3; ++each) {
    ends.emplace_back(::socket(AF_INET, SOCK_STREAM, 0));
    REQUIRE(::connect(ends.back().get(), reinterpret_cast<const sockaddr*>(&address),
                      sizeof address) == 0);
    ends.emplace_back(accept_from(listener.get()));
  }
  const auto count = [&](const std::string& own_descriptors) {
    EstablishedSockets sockets(*loop, {.port = port, .own_descriptors = own_descriptors});
    sockets.start();
    const auto latest = Clock::now() + std::chrono::seconds(10);
    while (!sockets.count() && Clock::now() < latest) loop->turn(latest);
    return sockets.count().value_or(99);
  };
  CHECK(count("/nowhere") == 3);
  // All of them were made by this process.
  CHECK(count("/proc/self/fd") == 0);
}

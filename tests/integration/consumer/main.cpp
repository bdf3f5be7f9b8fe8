// A program outside of the project that uses the installed library: prints the server's name and
// how many tools it has.
#include <chrono>
#include <cstdio>
#include <mcp/client/blocking_client.hpp>
#include <mcp/io/loop.hpp>

int main(int argc, char** argv) {
  using namespace std::chrono_literals;
  if (argc != 2) return 2;
  const auto url = mcp::parse_url(argv[1]);
  if (!url) return 2;
  const auto loop = mcp::make_loop();
  mcp::Endpoint endpoint;
  endpoint.url = *url;
  mcp::BlockingClient client(*loop, endpoint, {});
  const auto peer = client.open(loop->now() + 5s);
  if (!peer) {
    std::fprintf(stderr, "%s\n", peer.error().message.c_str());
    return 1;
  }
  const auto tools = client.list(mcp::ListKind::tools, loop->now() + 5s);
  std::printf("%s has %zu tools\n", peer->name.c_str(), tools ? tools->items.size() : 0);
  return client.close(loop->now() + 5s) && tools ? 0 : 1;
}

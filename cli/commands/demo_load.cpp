#include "cli/commands/demo_load.hpp"

#include <fmt/format.h>

#include <ostream>
#include <string>
#include <vector>

namespace cli {

mcp::Result<ExitCode> show_load(Invocation& invocation,
                                const mcp::testserver::TestServerThread& server) {
  constexpr std::uint64_t agents = 10;
  std::vector<std::string> words = {
      "load",    "run",    server.url(), "--agents", std::to_string(agents),
      "--burst", "20/2s",  "--idle",     "1s",       "--duration",
      "10s",     "--call", "echo"};
  auto& world = invocation.world;
  world.out << fmt::format(
                   "\nTen agents burst, sit on their session, and burst again, for ten seconds:\n"
                   "`mcpctl {} …`\n\n",
                   fmt::join(words, " "))
            << std::flush;
  for (const auto* more : {"--args", R"({"text":"hello"})", "--protocol", "legacy"})
    words.emplace_back(more);
  const auto& metrics = server.metrics();
  const auto before = metrics.sessions_created.load();
  const int status = run_program(world, words);
  const bool reached = status == 0 || status == 1;
  const bool as_meant = reached && metrics.sessions_created.load() >= before + agents &&
                        metrics.sessions_active.load() == 0;
  world.out << (as_meant ? "\nEach agent had its session, and none is left. With --threshold "
                           "'p99 < 250ms' it is a gate, too.\n"
                         : "\nThat should have been a load of ten sessions.\n");
  return as_meant ? ExitCode::ok : ExitCode::findings;
}

}  // namespace cli

#pragma once

#include "cli/command.hpp"
#include "tests/server/test_server.hpp"

namespace cli {

/// Puts ten seconds of load on the server, by the very command line that it prints, with the report
/// at its end. Ok when every agent had its session and none is left; a busy machine may miss the
/// rate, which the report tells.
mcp::Result<ExitCode> show_load(Invocation& invocation,
                                const mcp::testserver::TestServerThread& server);

}  // namespace cli

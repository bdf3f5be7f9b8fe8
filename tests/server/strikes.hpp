#pragma once

#include <memory>
#include <string>

#include "tests/server/call.hpp"
#include "tests/server/channel.hpp"
#include "tests/server/core.hpp"
#include "tests/server/fault_plan.hpp"

namespace mcp::testserver {

/// Serves a call under the faults that work on messages, whatever the transport: rpc-error,
/// wrong-id, deep, late, tools-*. `connection` decides about tools-differ.
Outcome handle_with(const Core& core, Call call, const Strikes& strikes, std::uint64_t connection);

/// Adds the faults that work on the way out: duplicate.
std::unique_ptr<Channel> channel_with(std::unique_ptr<Channel> channel, const Strikes& strikes);

}  // namespace mcp::testserver

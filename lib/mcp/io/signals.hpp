#pragma once

#include <functional>
#include <initializer_list>
#include <memory>

#include "mcp/io/loop.hpp"

namespace mcp {

/// Calls back in the loop for each of `signals`; destroying the handle restores what was before.
std::unique_ptr<Handle> watch_signals(Loop& loop, std::initializer_list<int> signals,
                                      std::move_only_function<void(int)> callback);

}  // namespace mcp

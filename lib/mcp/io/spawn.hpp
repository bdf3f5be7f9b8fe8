#pragma once

#include "mcp/io/child_process.hpp"
#include "mcp/io/descriptor.hpp"

namespace mcp {

/// A child that was just started, and our ends of its pipes (non-blocking).
struct Spawned {
  int pid = -1;
  Descriptor standard_input;
  Descriptor standard_output;
  Descriptor standard_error;
};

/// fork and exec. The child gets a process group of its own, default signal dispositions, no
/// descriptor beside its three pipes, and dies with the thread that started it.
Result<Spawned> spawn_child(const ChildOptions& options);

/// The file that exec is to run: a name without a slash is looked for in `path`. An empty answer:
/// there is none; a file that may not be executed is found all the same, so that exec says why.
std::string find_program(const std::string& name, const std::string& path);

}  // namespace mcp

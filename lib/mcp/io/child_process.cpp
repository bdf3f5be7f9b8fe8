#include "mcp/io/child_process.hpp"

#include <cstring>

namespace mcp {
namespace {

std::string signal_name(int signal) {
  // glibc has no const-correct portable spelling of "SIGSEGV"; elsewhere the number must do.
#if defined(__GLIBC__)
  if (const char* name = sigabbrev_np(signal)) return std::string("SIG") + name;
#endif
  return "signal " + std::to_string(signal);
}

}  // namespace

std::string ChildExit::describe() const {
  if (signal != 0) return "killed by " + signal_name(signal);
  return "exit status " + std::to_string(status);
}

}  // namespace mcp

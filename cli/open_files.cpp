#include "cli/open_files.hpp"

#include <fmt/format.h>
#include <sys/resource.h>

namespace cli {

mcp::Result<void> raise_open_files(std::size_t needed) {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return {};
  const rlimit raised{.rlim_cur = limit.rlim_max, .rlim_max = limit.rlim_max};
  if (::setrlimit(RLIMIT_NOFILE, &raised) == 0) limit = raised;
  if (limit.rlim_cur == RLIM_INFINITY || needed <= limit.rlim_cur) return {};
  return mcp::fail(mcp::ErrorKind::usage,
                   fmt::format("this load needs about {} open files, and the limit is {}", needed,
                               limit.rlim_cur),
                   fmt::format("raise it (as root: ulimit -Hn {0}; ulimit -n {0}), use fewer "
                               "agents, or several machines with --shard",
                               needed));
}

}  // namespace cli

#include "probes/sidecar/tool_list.hpp"

#include <fmt/format.h>

#include <utility>

namespace probes::sidecar {
namespace {

constexpr std::size_t most_tools = 20'000;

}  // namespace

ToolList::ToolList(Line& line, std::size_t max_pages)
    : line_(line), pages_(mcp::list_method(mcp::ListKind::tools), max_pages) {}

void ToolList::start(mcp::TimePoint deadline, Done done) {
  deadline_ = deadline;
  done_ = std::move(done);
  ask();
}

void ToolList::ask() {
  line_.call("tools/list", pages_.next_params(), deadline_,
             [this](mcp::Result<mcp::Json> page) { answered(std::move(page)); });
}

void ToolList::answered(mcp::Result<mcp::Json> page) {
  if (!page) return std::exchange(done_, nullptr)(std::unexpected(std::move(page.error())));
  if (auto taken = take(*page); !taken) {
    return std::exchange(done_, nullptr)(std::unexpected(std::move(taken.error())));
  }
  if (!pages_.complete()) return ask();
  std::exchange(done_, nullptr)(std::move(tools_));
}

mcp::Result<void> ToolList::take(const mcp::Json& page) {
  if (auto taken = pages_.take(page); !taken) return taken;
  auto& items = pages_.listing().items;
  for (const auto& tool : items) tools_.add(tool);
  items.clear();
  if (tools_.count() <= most_tools) return {};
  return mcp::fail(mcp::ErrorKind::limit,
                   fmt::format("tools/list: more than {} tools", most_tools));
}

}  // namespace probes::sidecar

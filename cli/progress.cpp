#include "cli/progress.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <ostream>

#include "cli/content.hpp"
#include "cli/text_table.hpp"
#include "mcp/base/text.hpp"

namespace cli {
namespace {

std::string progress_text(const nlohmann::json& params) {
  const auto number = [&params](const char* member) {
    const auto found = params.find(member);
    return found != params.end() && found->is_number() ? found->dump() : std::string();
  };
  std::string text = number("progress");
  if (const auto total = number("total"); !total.empty()) text += "/" + total;
  const auto message = mcp::printable(text_of(params, "message"));
  return message.empty() ? text : text + " " + message;
}

}  // namespace

void ProgressLine::show(const mcp::Notification& notification) {
  World& world = invocation_.world;
  if (invocation_.verbosity == Verbosity::quiet || !notification.params->is_object()) return;
  const std::string text = progress_text(*notification.params);
  if (world.err_is_terminal) {
    world.err << "\r\x1b[K" << fitted(text, world.width - 1) << std::flush;
    shown_ = true;
  } else if (invocation_.verbosity == Verbosity::verbose) {
    world.err << "mcpctl: progress " << text << '\n';
  }
}

void ProgressLine::clear() {
  if (!shown_) return;
  invocation_.world.err << "\r\x1b[K" << std::flush;
  shown_ = false;
}

}  // namespace cli

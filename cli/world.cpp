#include "cli/world.hpp"

namespace cli {
namespace {

bool wants_colour(const World& world) {
  return !world.variable("NO_COLOR") && world.variable("TERM") != "dumb";
}

}  // namespace

std::optional<std::string> World::variable(const std::string& name) const {
  if (!environment) return std::nullopt;
  auto value = environment(name);
  if (value && value->empty()) return std::nullopt;
  return value;
}

bool World::colour_on_out() const {
  return out_is_terminal && wants_colour(*this);
}
bool World::colour_on_err() const {
  return err_is_terminal && wants_colour(*this);
}
bool World::can_redraw_err() const {
  return err_is_terminal && variable("TERM").value_or("dumb") != "dumb";
}

}  // namespace cli

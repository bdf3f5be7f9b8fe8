#include <array>

#include "cli/command.hpp"

namespace cli {

extern const Command version_command;

std::span<const Command> commands() {
  static const std::array table{
      version_command,
  };
  return table;
}

}  // namespace cli

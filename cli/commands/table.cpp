#include <array>

#include "cli/command.hpp"

namespace cli {

extern const Command probe_command;
extern const Command version_command;

std::span<const Command> commands() {
  static const std::array table{
      probe_command,
      version_command,
  };
  return table;
}

}  // namespace cli

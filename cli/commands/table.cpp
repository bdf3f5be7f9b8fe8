#include <array>

#include "cli/command.hpp"

namespace cli {

extern const Command probe_command;
extern const Command diff_command;
extern const Command load_command;
extern const Command ping_command;
extern const Command info_command;
extern const Command list_command;
extern const Command call_command;
extern const Command read_command;
extern const Command prompt_command;
extern const Command listen_command;
extern const Command skills_command;
extern const Command snapshot_command;
extern const Command sidecar_command;
extern const Command exporter_command;
extern const Command testserver_command;
extern const Command demo_command;
extern const Command schema_command;
extern const Command version_command;

std::span<const Command> commands() {
  // clang-format off
  static const std::array table{
      probe_command,
      diff_command,
      load_command,
      ping_command,
      info_command,
      list_command,
      call_command,
      read_command,
      prompt_command,
      listen_command,
      skills_command,
      snapshot_command,
      sidecar_command,
      exporter_command,
      testserver_command,
      demo_command,
      schema_command,
      version_command,
  };
  // clang-format on
  return table;
}

}  // namespace cli

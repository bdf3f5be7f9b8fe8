#include "scenarios/scenario.hpp"

namespace scenarios {

std::string method_of(Operation operation, std::string_view target) {
  switch (operation) {
    case Operation::call:
      return "tools/call";
    case Operation::read:
      return "resources/read";
    case Operation::prompt:
      return "prompts/get";
    case Operation::ping:
      return "ping";
    case Operation::listen:
      return "listen";
    case Operation::list:
      break;
  }
  if (target == "resource_templates") return "resources/templates/list";
  return std::string(target) + "/list";
}

std::string_view to_string(PhaseKind kind) {
  switch (kind) {
    case PhaseKind::ramp:
      return "ramp";
    case PhaseKind::steady:
      return "steady";
    case PhaseKind::spike:
      return "spike";
    case PhaseKind::soak:
      return "soak";
  }
  return {};
}

}  // namespace scenarios

#pragma once

#include <string>

#include "mcp/base/json.hpp"
#include "mcp/session/config.hpp"

namespace mcp {

/// An answer to elicitation/create, and how to say it in a word or two.
struct ElicitationAnswer {
  Json result;
  std::string described;
};

/// Form mode is the only one that is ever declared; a request without a mode has it.
bool is_form_elicitation(const Json& params);

/// Answers a form: `decline`, or `accept` with the default of each property that has a valid one
/// (SEP-1034). A required property without one makes it a decline.
ElicitationAnswer answer_elicitation(const Json& params, ElicitationPolicy policy);

}  // namespace mcp

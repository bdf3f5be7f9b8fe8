#pragma once

#include <string>

#include "mcp/session/config.hpp"
#include "mcp/wire/message.hpp"

namespace mcp {

/// What goes back to the server, and how to say it in a word or two.
struct ServerRequestAnswer {
  Message reply;
  std::string described;
};

/// Answers a request of a legacy server: ping always, the others only where their capability was
/// declared.
ServerRequestAnswer answer_server_request(const Request& request,
                                          const ClientCapabilities& declared,
                                          ElicitationPolicy policy);

}  // namespace mcp

#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace probes::sidecar {

/// What a POST's JSON-RPC body says as far as sessions go. A body that is no JSON says nothing.
struct PeekedBody {
  bool initializes = false;
  bool has_request = false;  // something that expects a response, initialize included
  bool is_batch = false;
  std::vector<std::string> ids;  // of the requests, as JSON; bounded
};

PeekedBody peek(std::string_view body);

/// The JSON-RPC errors that refuse those requests: an array for a batch. Empty without requests.
std::string refusal_body(const PeekedBody& body, std::string_view message);

}  // namespace probes::sidecar

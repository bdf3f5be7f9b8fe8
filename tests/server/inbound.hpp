#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "mcp/io/http_server.hpp"
#include "tests/server/fault_plan.hpp"
#include "tests/server/incoming.hpp"

namespace mcp::testserver {

using ResponderPtr = std::unique_ptr<HttpResponder>;

/// One HTTP request with what its body says. It refers to the request.
struct Inbound {
  explicit Inbound(const HttpServerRequest& request);

  const HttpServerRequest& http;
  std::optional<JsonView> body;  // of a POST; nothing where it is not JSON
  std::vector<Incoming> messages;
  bool batch = false;
  /// The method that metrics and faults go by: the first message's, else the HTTP one.
  std::string label;
  Strikes strikes;

  bool accepts(std::string_view type) const;
  bool has_content_type(std::string_view type) const;
  std::optional<std::string_view> field(std::string_view name) const { return http.find(name); }
};

/// A request that outlives `on_request`, for those that are held back.
class KeptRequest {
 public:
  explicit KeptRequest(const HttpServerRequest& request);
  KeptRequest(const KeptRequest&) = delete;
  KeptRequest& operator=(const KeptRequest&) = delete;
  const HttpServerRequest& get() const { return request_; }

 private:
  std::vector<std::string> texts_;
  HttpServerRequest request_;
};

/// Splits off the media type of a Content-Type or one element of an Accept field.
std::string_view media_type(std::string_view text);

}  // namespace mcp::testserver

#pragma once

#include <memory>
#include <string>
#include <vector>

#include "tests/fakes/fake_loop.hpp"
#include "tests/fakes/fake_responder.hpp"
#include "tests/server/router.hpp"

namespace mcp::testserver {

using AnswerPtr = std::shared_ptr<FakeAnswer>;

/// A test server without sockets, in virtual time, and a client that talks HTTP to it.
class Exchange {
 public:
  explicit Exchange(TestServerOptions options = {});

  /// Sends any request. Fields replace the defaults of a POST (Accept, Content-Type).
  AnswerPtr send(std::string_view method, std::string_view path, const HeaderList& fields = {},
                 std::string_view body = {});
  AnswerPtr post(std::string_view body, const HeaderList& fields = {});

  /// Opens a legacy session; its id.
  std::string open(std::string_view revision = "2025-11-25",
                   std::string_view capabilities = R"({"elicitation":{}})");
  /// POST in a session.
  AnswerPtr call(const std::string& session, std::string_view body, HeaderList fields = {});
  AnswerPtr get(const std::string& session, HeaderList fields = {});
  /// POST of the modern era, with `_meta` and the fields that mirror the body. `params` is the
  /// inside of an object.
  AnswerPtr modern(std::string_view method, std::string params = {}, HeaderList fields = {},
                   std::string_view capabilities = "{}");

  FakeLoop loop;
  Service service;
  Router router;
  std::uint64_t connection = 1;
};

/// Options with the built-in surface and a fixed time.
TestServerOptions test_options();
TestServerOptions options_with_fault(std::string_view spec);

std::string tools_call(int id, std::string_view name, std::string_view arguments = "{}",
                       std::string_view further_params = "");
/// The data of the events of a stream that carry any, in order.
std::vector<std::string> events(const FakeAnswer& answer);
/// The ids of the events of a stream.
std::vector<std::string> event_ids(const FakeAnswer& answer);

}  // namespace mcp::testserver

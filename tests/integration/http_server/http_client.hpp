#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "mcp/io/http_server.hpp"

namespace mcp {

/// Answers with `on_request`, and keeps the responders that it does not answer with.
class ScriptedHandler : public HttpHandler {
 public:
  using Script = std::function<void(const HttpServerRequest&, std::unique_ptr<HttpResponder>)>;
  explicit ScriptedHandler(Script script) : script_(std::move(script)) {}
  void on_request(const HttpServerRequest& request,
                  std::unique_ptr<HttpResponder> responder) override {
    ++requests;
    script_(request, std::move(responder));
  }
  void on_refused(int status) override { refused.push_back(status); }

  int requests = 0;
  std::vector<int> refused;

 private:
  Script script_;
};

/// A server and its loop, which turns while a client waits.
class ServerFixture {
 public:
  explicit ServerFixture(ScriptedHandler::Script script, HttpServerOptions options = {});
  /// Turns until `condition` holds; false after twenty seconds.
  bool turn_until(const std::function<bool()>& condition);
  void turn_for(Duration time);

  std::unique_ptr<Loop> loop = make_loop();
  ScriptedHandler handler;
  std::unique_ptr<HttpServer> server;
};

/// A raw TCP connection to the server.
class RawClient {
 public:
  explicit RawClient(ServerFixture& fixture);
  ~RawClient();
  RawClient(const RawClient&) = delete;
  RawClient& operator=(const RawClient&) = delete;

  void send(std::string_view bytes);
  void shut_down_sending();
  /// What came until `text` was part of it, or the connection ended, or the patience was over.
  std::string receive_until(std::string_view text);
  /// What came until the connection ended: "eof" or "reset" in `ending`, "open" if it has not.
  std::string receive_all();
  /// What has come within one turn.
  std::string receive_now();
  std::string ending = "open";

 private:
  bool receive_some(std::string& into);
  ServerFixture& fixture_;
  int descriptor_;
};

}  // namespace mcp

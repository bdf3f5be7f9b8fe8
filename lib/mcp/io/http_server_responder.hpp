#pragma once

#include "mcp/io/http_server_connection.hpp"
#include "mcp/io/http_server_format.hpp"

namespace mcp {

/// The responder of one request on one connection; each of the two outlives the other safely.
class ConnectionResponder : public HttpResponder {
 public:
  explicit ConnectionResponder(HttpServerConnection& connection);
  ~ConnectionResponder() override;
  ConnectionResponder(const ConnectionResponder&) = delete;
  ConnectionResponder& operator=(const ConnectionResponder&) = delete;

  void respond(int status, const HeaderList& headers, std::string_view body) override;
  void start(int status, const HeaderList& headers) override;
  void write(std::string_view bytes) override;
  void finish() override;
  void take_over() override;
  void close(Ending ending) override;
  void close_when_idle(Duration quiet) override;
  std::size_t unsent() const override;
  void on_drained(Task task) override;
  void on_closed(Task task) override;

  /// For the connection: it is gone.
  void connection_lost();
  void run_drained();
  bool wants_drained() const { return static_cast<bool>(drained_); }

 private:
  void complete();

  HttpServerConnection* connection_;
  BodyFraming framing_ = BodyFraming::none;
  bool head_request_;
  bool http_1_0_;
  bool taken_over_ = false;
  Task drained_;
  Task closed_;
};

}  // namespace mcp

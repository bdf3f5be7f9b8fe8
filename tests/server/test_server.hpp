#pragma once

#include <memory>
#include <string>
#include <thread>

#include "mcp/base/error.hpp"
#include "mcp/io/loop.hpp"
#include "tests/server/metrics.hpp"
#include "tests/server/options.hpp"

namespace mcp::testserver {

/// An MCP server that listens: Streamable HTTP at /mcp, HTTP+SSE at /sse.
class TestServer {
 public:
  /// Listens when it returns. It lives on the loop, which must outlive it.
  static Result<std::unique_ptr<TestServer>> create(Loop& loop, TestServerOptions options);
  ~TestServer();
  TestServer(const TestServer&) = delete;
  TestServer& operator=(const TestServer&) = delete;

  std::string origin() const;  // "http://127.0.0.1:8080"
  std::string url() const { return origin() + "/mcp"; }
  std::string sse_url() const { return origin() + "/sse"; }
  const Metrics& metrics() const;

  /// Stops accepting, ends streams, finishes what is in the works. `done` is called when the last
  /// connection is closed, at the latest after the drain limit.
  void drain(Task done);

 private:
  struct State;
  explicit TestServer(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

/// A test server on a thread of its own.
class TestServerThread {
 public:
  static Result<std::unique_ptr<TestServerThread>> start(TestServerOptions options);
  /// Stops it, without draining.
  ~TestServerThread();
  TestServerThread(const TestServerThread&) = delete;
  TestServerThread& operator=(const TestServerThread&) = delete;

  const std::string& url() const { return url_; }
  const std::string& sse_url() const { return sse_url_; }
  const Metrics& metrics() const { return server_->metrics(); }

 private:
  TestServerThread() = default;
  void run();

  std::unique_ptr<Loop> loop_;
  std::unique_ptr<TestServer> server_;
  std::string url_;
  std::string sse_url_;
  int stop_pipe_[2] = {-1, -1};
  std::thread thread_;
};

/// Ten thousand streams need as many descriptors: raises the soft limit to the hard one.
void raise_descriptor_limit();

}  // namespace mcp::testserver

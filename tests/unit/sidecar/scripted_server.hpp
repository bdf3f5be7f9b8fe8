#pragma once

#include <functional>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <vector>

#include "tests/fakes/fake_http.hpp"
#include "tests/fakes/fake_loop.hpp"

namespace probes::sidecar {

/// A tool's definition.
nlohmann::json tool(const std::string& name, const std::string& text = "does it");

/// A Streamable HTTP server in virtual time: it answers at once, hangs, or is not there.
class ScriptedServer {
 public:
  enum class Era { legacy, modern };
  ScriptedServer(mcp::FakeLoop& loop, Era era);

  /// It takes up nothing more; what is asked meanwhile is taken up by `thaw`, as a process does
  /// that was stopped: also what its client no longer waits for.
  void freeze() { frozen_ = true; }
  void thaw();
  /// Its sessions and streams are gone, and so is its port.
  void kill();
  void restart() { killed_ = false; }
  void lose_sessions() { sessions.clear(); }
  void cut_streams();
  void end_streams_in_order();
  void notify(const std::string& method);

  mcp::FakeHttp http;
  Era era;
  std::vector<nlohmann::json> tools = {tool("a"), tool("b")};
  std::size_t page_size = 100;
  nlohmann::json capabilities = {{"tools", nlohmann::json::object()}};
  /// Answered with this HTTP status, by method ("DELETE" too).
  std::map<std::string, int> statuses;
  /// Answered with this JSON-RPC error, by method.
  std::map<std::string, int> errors;
  /// Methods and sessions that are never answered.
  std::set<std::string> silent;
  std::set<std::string> stuck_sessions;

  std::set<std::string> sessions;
  int created = 0;
  int deleted = 0;
  std::map<std::string, int> asked;  // by method
  std::vector<std::string> order;    // methods, notifications left out
  std::size_t most_at_once = 0;      // requests that wait for an answer, streams left out
  std::size_t streams() const;

 private:
  using Exchange = std::shared_ptr<mcp::FakeExchange>;

  void take(mcp::FakeExchange& raw);
  void process(const Exchange& exchange);
  void answer(const Exchange& exchange, const std::string& method, const nlohmann::json& message);
  void initialize(const Exchange& exchange, const nlohmann::json& message);
  void remove(const Exchange& exchange);
  void listen(const Exchange& exchange, const nlohmann::json& message);
  nlohmann::json result_of(const std::string& method, const nlohmann::json& message) const;
  nlohmann::json page(const nlohmann::json& params) const;
  void watch_deadline(const Exchange& exchange);
  void forget_finished();

  mcp::FakeLoop& loop_;
  bool frozen_ = false;
  bool killed_ = false;
  std::vector<Exchange> waiting_;
  std::vector<Exchange> streams_;
  std::vector<nlohmann::json> listen_ids_;
  std::vector<std::pair<Exchange, std::unique_ptr<mcp::Handle>>> deadlines_;
};

}  // namespace probes::sidecar

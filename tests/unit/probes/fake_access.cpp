#include "tests/unit/probes/fake_access.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

namespace {

using std::chrono::milliseconds;

class ScriptedServer final : public probes::ProbedServer {
 public:
  ScriptedServer(FakeAccess& access, Script script) : access_(access), script_(std::move(script)) {
    notes_.warnings = script_.warnings;
  }

  mcp::Result<mcp::HttpTimings> connect_only(mcp::TimePoint deadline) override {
    if (auto spent = spend("connect", script_.open_time, deadline); !spent)
      return std::unexpected(spent.error());
    if (!script_.open) return std::unexpected(script_.open.error());
    return *script_.connection;
  }
  mcp::Result<mcp::Peer> open(mcp::TimePoint deadline) override {
    if (script_.spawn) notes_.transport_open = access_.clock + *script_.spawn;
    if (script_.connection) {
      notes_.connection = script_.connection;
      notes_.http.add(*script_.connection);
    }
    if (auto spent = spend("open", script_.open_time, deadline); !spent)
      return std::unexpected(spent.error());
    opened_ = script_.open.has_value();
    return script_.open;
  }
  mcp::Result<mcp::Listing> list_tools(mcp::TimePoint deadline) override {
    if (auto spent = spend("list", script_.list_time, deadline); !spent)
      return std::unexpected(spent.error());
    return script_.list;
  }
  mcp::Result<mcp::Json> call_tool(const std::string& name, const mcp::Json& arguments,
                                   mcp::TimePoint deadline) override {
    if (auto spent = spend("call " + name + " " + arguments->dump(), script_.call_time, deadline);
        !spent)
      return std::unexpected(spent.error());
    return script_.call;
  }
  mcp::Result<void> close(mcp::TimePoint deadline) override {
    if (auto spent = spend("close", script_.close_time, deadline); !spent) return spent;
    return script_.close;
  }
  mcp::TransportKind transport() const override { return script_.transport; }
  bool is_https() const override { return script_.https; }
  bool holds_session() const override { return opened_ && script_.session; }
  const probes::ConnectionNotes& notes() const override { return notes_; }

 private:
  mcp::Result<void> spend(const std::string& call, mcp::Duration time, mcp::TimePoint deadline) {
    access_.calls.push_back(call);
    const auto end = access_.clock + time;
    access_.clock = std::min(end, deadline);
    if (end > deadline) return mcp::fail(mcp::ErrorKind::timeout, "no answer");
    return {};
  }

  FakeAccess& access_;
  Script script_;
  probes::ConnectionNotes notes_;
  bool opened_ = false;
};

}  // namespace

std::unique_ptr<probes::ProbedServer> FakeAccess::make_server(Security security) {
  auto script = scripts.front();
  if (scripts.size() > 1) scripts.pop_front();
  if (security == Security::plain_tcp) script.https = false;
  return std::make_unique<ScriptedServer>(*this, std::move(script));
}

bool FakeAccess::wait_until(mcp::TimePoint when) {
  calls.push_back(
      fmt::format("wait {} ms", std::chrono::duration_cast<milliseconds>(when - clock).count()));
  clock = when;
  return !interrupted;
}

mcp::Json tool_named(const std::string& name) {
  return nlohmann::json{{"name", name}, {"inputSchema", {{"type", "object"}}}};
}

mcp::Peer peer_with(const std::string& capabilities) {
  mcp::Peer peer;
  peer.revision = mcp::Revision::v2025_06_18;
  peer.name = "everything";
  peer.version = "1.0.0";
  peer.capabilities = nlohmann::json::parse(capabilities);
  return peer;
}

Script healthy_script(const std::vector<std::string>& tools) {
  Script script;
  script.connection = mcp::HttpTimings{.resolve = milliseconds(1),
                                       .connect = milliseconds(2),
                                       .new_connection = true,
                                       .peer_address = "127.0.0.1"};
  script.open = peer_with(R"({"tools":{}})");
  mcp::Listing listing;
  for (const auto& name : tools) listing.items.push_back(tool_named(name));
  listing.pages = 1;
  script.list = std::move(listing);
  script.call = mcp::Json(nlohmann::json{{"content", nlohmann::json::array()}});
  return script;
}

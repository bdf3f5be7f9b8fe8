#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "cli/render/sidecar/sidecar.hpp"
#include "mcp/base/time.hpp"
#include "mcp/io/http_server.hpp"
#include "probes/sidecar/sidecar.hpp"

namespace cli {

/// What the endpoints may ask of a sidecar; nothing of it waits.
struct SidecarAccess {
  using DrainDone = std::move_only_function<void(probes::sidecar::DrainResult)>;

  std::function<mcp::TimePoint()> now;
  std::function<probes::sidecar::Status()> status;
  std::function<SidecarProcess()> process;
  std::move_only_function<void(mcp::TimePoint until, DrainDone done)> drain;
};

/// The HTTP side of a sidecar: every answer but that of /drain?wait is made at once from what is
/// known already.
class SidecarEndpoints final : public mcp::HttpHandler {
 public:
  /// `drain_timeout` is the time of a drain that nobody waits for.
  SidecarEndpoints(SidecarAccess access, mcp::Duration drain_timeout);
  ~SidecarEndpoints() override;

  void on_request(const mcp::HttpServerRequest& request,
                  std::unique_ptr<mcp::HttpResponder> responder) override;

 private:
  struct Endpoint;
  static std::span<const Endpoint> endpoints();
  static void respond_not_found(mcp::HttpResponder& responder);

  void ready(const mcp::HttpServerRequest& request, mcp::HttpResponder& responder);
  void live(const mcp::HttpServerRequest& request, mcp::HttpResponder& responder);
  void started(const mcp::HttpServerRequest& request, mcp::HttpResponder& responder);
  void metrics(const mcp::HttpServerRequest& request, mcp::HttpResponder& responder);
  void status(const mcp::HttpServerRequest& request, mcp::HttpResponder& responder);
  void sessions(const mcp::HttpServerRequest& request, mcp::HttpResponder& responder);
  void drain(const mcp::HttpServerRequest& request, std::unique_ptr<mcp::HttpResponder> responder);
  /// A document as it was a moment ago, so that a crowd that asks for it costs no more than one.
  struct Document {
    mcp::TimePoint made;
    std::string text;
  };
  using Render = std::string (*)(const probes::sidecar::Status&, const SidecarProcess&);
  const std::string& recent(Document& document, Render render);

  void drain_until(mcp::TimePoint until, std::unique_ptr<mcp::HttpResponder> responder);
  void begin_drain(mcp::TimePoint until, SidecarAccess::DrainDone done);
  bool has_too_many_drains() const;

  SidecarAccess access_;
  mcp::Duration drain_timeout_;
  Document metrics_;
  Document status_;
  std::uint64_t last_waiting_ = 0;
  std::map<std::uint64_t, std::unique_ptr<mcp::HttpResponder>> waiting_;
  // Shared with drains that may end after the endpoints.
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
  std::shared_ptr<std::size_t> open_drains_ = std::make_shared<std::size_t>(0);
};

}  // namespace cli

#pragma once

#include <memory>
#include <optional>
#include <string>

#include "mcp/transport/stdio.hpp"
#include "tests/fakes/fake_child.hpp"
#include "tests/fakes/fake_loop.hpp"
#include "tests/unit/transport/http_rig.hpp"
#include "tests/unit/transport/recorder.hpp"

namespace mcp {

/// A stdio transport whose child the test plays, in virtual time.
struct StdioRig {
  StdioRig() { endpoint.child.argv = {"server", "--flag"}; }

  Stdio& transport() {
    if (!transport_) {
      transport_ = std::make_unique<Stdio>(
          endpoint, TransportContext{.loop = loop, .http = nullptr, .children = &children}, seen);
    }
    return *transport_;
  }
  /// Opens the transport; the child runs then.
  FakeChild& open() {
    transport().open(TimePoint::max(), [this](Result<void> outcome) { opened = outcome; });
    loop.settle();
    return children.last();
  }
  void start_closing(Duration patience) {
    transport().close(loop.now() + patience,
                      [this](Result<void> outcome) { closed = std::move(outcome); });
  }

  FakeLoop loop;
  FakeChildSpawner children{loop};
  Recorder seen;
  Endpoint endpoint;
  std::optional<Result<void>> opened;
  std::optional<Result<void>> closed;

 private:
  std::unique_ptr<Stdio> transport_;
};

}  // namespace mcp

#pragma once

#include <functional>
#include <list>
#include <memory>

#include "tests/server/inbound.hpp"
#include "tests/server/pump.hpp"
#include "tests/server/service.hpp"

namespace mcp::testserver {

/// Lets HTTP requests in: decides which faults strike each, holds it back, answers in its stead, or
/// hands it on with a responder that misbehaves.
class FaultGate {
 public:
  using Next = std::function<void(const Inbound& inbound, ResponderPtr responder)>;

  FaultGate(Service& service, Next next)
      : service_(service), next_(std::move(next)), pump_(service.loop) {}

  void admit(const HttpServerRequest& request, ResponderPtr responder);
  std::size_t held() const { return held_.size(); }

 private:
  struct Held {
    std::unique_ptr<KeptRequest> request;
    ResponderPtr responder;
    Strikes strikes;
    std::unique_ptr<Handle> timer;
  };
  void hold(const Inbound& inbound, ResponderPtr responder, Duration time);
  void go_on(const Inbound& inbound, ResponderPtr responder);
  ResponderPtr decorate(const Strikes& strikes, ResponderPtr responder);

  Service& service_;
  Next next_;
  Parking parking_;
  Pump pump_;
  std::list<Held> held_;
};

/// Blocks the calling thread; a signal ends it early.
void stand_still(Duration time);

}  // namespace mcp::testserver

#include "tests/server/fault_gate.hpp"

#include <poll.h>

#include <utility>

namespace mcp::testserver {

namespace {

std::string comment_filler() {
  std::string filler;
  while (filler.size() < 16UL * 1024) filler += ": still here\n\n";
  return filler;
}

Flood make_flood(const Fault& fault) {
  const bool slow = fault.time > Duration::zero();
  if (fault.kind == Fault::Kind::comments) {
    return {.filler = slow ? ": still here\n\n" : comment_filler(), .gap = fault.time};
  }
  auto filler = notification_filler(FloodForm::events);
  if (slow) filler.resize(filler.find("\n\n") + 2);
  return {.filler = std::move(filler), .gap = fault.time};
}

}  // namespace

void stand_still(Duration time) {
  const auto ms = std::chrono::duration_cast<std::chrono::milliseconds>(time).count();
  ::poll(nullptr, 0, static_cast<int>(ms));
}

ResponderPtr FaultGate::decorate(const Strikes& strikes, ResponderPtr responder) {
  for (const auto* fault : strikes.all()) {
    switch (fault->kind) {
      case Fault::Kind::cut_idle:
        responder->close_when_idle(fault->time);
        break;
      case Fault::Kind::stall:
      case Fault::Kind::reset:
      case Fault::Kind::close:
        responder = std::make_unique<CuttingResponder>(parking_, fault->kind, fault->bytes,
                                                       std::move(responder));
        break;
      case Fault::Kind::truncate:
        responder = std::make_unique<TruncatingResponder>(
            fault->bytes_given ? std::optional(fault->bytes) : std::nullopt, std::move(responder));
        break;
      case Fault::Kind::buffer:
        responder = std::make_unique<BufferingResponder>(std::move(responder));
        break;
      case Fault::Kind::huge:
        responder = std::make_unique<HugeResponder>(pump_, fault->bytes, std::move(responder));
        break;
      case Fault::Kind::comments:
      case Fault::Kind::notifications:
        responder =
            std::make_unique<FloodResponder>(pump_, make_flood(*fault), std::move(responder));
        break;
      default:
        break;
    }
  }
  return responder;
}

void FaultGate::admit(const HttpServerRequest& request, ResponderPtr responder) {
  Inbound inbound(request);
  inbound.strikes = service_.strike(inbound.label);
  const auto& strikes = inbound.strikes;
  if (!strikes.none()) responder = decorate(strikes, std::move(responder));
  ResponderPtr counted =
      std::make_unique<CountedResponder>(service_.metrics, inbound.label, std::move(responder));
  if (const auto* fault = strikes.find(Fault::Kind::freeze)) stand_still(fault->time);
  if (const auto* fault = strikes.find(Fault::Kind::delay)) {
    return hold(inbound, std::move(counted), fault->time);
  }
  go_on(inbound, std::move(counted));
}

void FaultGate::hold(const Inbound& inbound, ResponderPtr responder, Duration time) {
  const auto held = held_.emplace(held_.end());
  held->request = std::make_unique<KeptRequest>(inbound.http);
  held->responder = std::move(responder);
  held->strikes = inbound.strikes;
  held->timer = service_.loop.start_timer(service_.loop.now() + time, [this, held] {
    std::list<Held> now;
    now.splice(now.begin(), held_, held);
    Inbound again(held->request->get());
    again.strikes = held->strikes;
    go_on(again, std::move(held->responder));
  });
}

void FaultGate::go_on(const Inbound& inbound, ResponderPtr responder) {
  if (const auto* fault = inbound.strikes.find(Fault::Kind::status)) {
    auto headers = fault->headers;
    return responder->respond(static_cast<int>(fault->number), headers, fault->text);
  }
  if (const auto* fault = inbound.strikes.find(Fault::Kind::html)) {
    const HeaderList headers{{.name = "Content-Type", .value = "text/html; charset=utf-8"}};
    return responder->respond(200, headers, fault->text);
  }
  next_(inbound, std::move(responder));
}

}  // namespace mcp::testserver

#include "tests/server/pump.hpp"

#include <utility>

#include "tests/server/protocol.hpp"

namespace mcp::testserver {

namespace {

constexpr std::size_t filler_bytes = 16UL * 1024;

const HeaderList event_stream{{.name = "Content-Type", .value = "text/event-stream"},
                              {.name = "Cache-Control", .value = "no-cache, no-transform"}};

}  // namespace

void Pump::run(ResponderPtr responder, Flood flood, std::function<void()> closed) {
  const auto run = runs_.insert(
      runs_.end(),
      {.responder = std::move(responder), .flood = std::move(flood), .timer = nullptr});
  run->responder->on_closed([this, run, closed = std::move(closed)] {
    // Its responder is the caller: it must live until this returns.
    const auto gone = std::move(run->responder);
    runs_.erase(run);
    if (closed) closed();
  });
  run->responder->write(run->flood.head);
  step(run);
}

void Pump::step(std::list<Run>::iterator run) {
  auto& flood = run->flood;
  if (flood.repeats == 0) {
    run->responder->write(flood.tail);
    run->responder->finish();
    // A finished responder calls nothing back.
    runs_.erase(run);
    return;
  }
  if (flood.repeats != Flood::endless) --flood.repeats;
  run->responder->write(flood.filler);
  if (flood.gap > Duration::zero()) {
    run->timer = loop_.start_timer(loop_.now() + flood.gap, [this, run] { step(run); });
  } else {
    run->responder->on_drained([this, run] { step(run); });
  }
}

std::optional<PaddedText> split_for_padding(std::string_view text) {
  static constexpr std::string_view opening = R"("result":{)";
  const auto at = text.find(opening);
  if (at == std::string_view::npos) return std::nullopt;
  const auto place = at + opening.size();
  const auto* comma = text[place] == '}' ? "" : ",";
  return PaddedText{.head = std::string(text.substr(0, place)) + R"("padding":")",
                    .tail = "\"" + std::string(comma) + std::string(text.substr(place))};
}

std::string notification_filler(FloodForm form) {
  const auto message = notification_text(
      "notifications/message", R"({"level":"info","logger":"flood","data":"there is more"})");
  std::string filler;
  while (filler.size() < filler_bytes) {
    filler +=
        form == FloodForm::events ? "event: message\ndata: " + message + "\n\n" : message + "\n";
  }
  return filler;
}

void HugeResponder::respond(int status, const HeaderList& headers, std::string_view body) {
  if (!split_for_padding(body)) return inner_->respond(status, headers, body);
  inner_->start(status, headers);
  pad(body);
}

void HugeResponder::write(std::string_view bytes) {
  if (inner_ == nullptr) return;
  if (!split_for_padding(bytes)) return inner_->write(bytes);
  pad(bytes);
}

void HugeResponder::pad(std::string_view text) {
  auto split = *split_for_padding(text);
  const auto repeats = size_ / filler_bytes;
  split.tail.insert(0, size_ % filler_bytes, 'x');
  pump_.run(std::exchange(inner_, nullptr),
            {.head = std::move(split.head),
             .filler = std::string(filler_bytes, 'x'),
             .repeats = repeats,
             .tail = std::move(split.tail)},
            {});
}

FloodResponder::FloodResponder(Pump& pump, Flood flood, ResponderPtr inner)
    : ForwardingResponder(std::move(inner)), pump_(pump), flood_(std::move(flood)) {}

FloodResponder::~FloodResponder() {
  *closed_ = {};
}

void FloodResponder::respond(int /*status*/, const HeaderList& /*headers*/,
                             std::string_view /*body*/) {
  flood();
}

void FloodResponder::start(int /*status*/, const HeaderList& /*headers*/) {
  flood();
}

void FloodResponder::on_closed(Task task) {
  *closed_ = std::move(task);
}

void FloodResponder::flood() {
  inner_->start(200, event_stream);
  pump_.run(std::exchange(inner_, nullptr), std::move(flood_), [closed = closed_] {
    if (auto task = std::exchange(*closed, {})) task();
  });
}

}  // namespace mcp::testserver

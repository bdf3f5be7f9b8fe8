#include "tests/server/stdio_server.hpp"

#include <unistd.h>

#include <array>
#include <csignal>
#include <utility>

#include "tests/server/fault_gate.hpp"
#include "tests/server/protocol.hpp"

namespace mcp::testserver {

namespace {

constexpr std::size_t filler_bytes = 16UL * 1024;

}  // namespace

/// Applies to the response what a fault does to lines.
class StdioServer::FaultyChannel : public Channel {
 public:
  FaultyChannel(StdioServer& server, Strikes strikes, std::unique_ptr<Channel> out)
      : server_(server), strikes_(std::move(strikes)), out_(std::move(out)) {}
  void notify(std::string_view message) override { out_->notify(message); }
  bool ask(std::string_view request) override { return out_->ask(request); }
  void respond(std::string_view message, int /*status*/) override {
    server_.respond(message, strikes_);
  }
  void abandon() override { out_->abandon(); }

 private:
  StdioServer& server_;
  Strikes strikes_;
  std::unique_ptr<Channel> out_;
};

StdioServer::StdioServer(Loop& loop, TestServerOptions options, int input, int output, Task done)
    : service_(loop, std::move(options)),
      input_(input),
      writer_(loop, output),
      framer_(service_.options.http.max_body_bytes),
      done_(std::move(done)) {
  std::signal(SIGPIPE, SIG_IGN);
  conversation_ = std::make_unique<Conversation>(service_, session_, Conversation::Eras::both,
                                                 static_cast<std::uint64_t>(::getpid()),
                                                 [this](std::string_view message) {
                                                   std::string storage;
                                                   writer_.line(one_line(message, storage));
                                                 });
  conversation_->set_decorator([this](std::unique_ptr<Channel> channel, const Strikes& strikes) {
    if (strikes.none()) return channel;
    return std::unique_ptr<Channel>(new FaultyChannel(*this, strikes, std::move(channel)));
  });
  reading_ = loop.watch(input, Interest::read, [this](Readiness) { read_some(); });
  announce_later();
}

StdioServer::~StdioServer() = default;

void StdioServer::announce_later() {
  const auto interval = service_.options.announce_every;
  if (interval <= Duration::zero()) return;
  announcing_ = service_.loop.start_timer(service_.loop.now() + interval, [this] {
    conversation_->announce(Jobs::Change::tools, {});
    conversation_->announce(Jobs::Change::prompts, {});
    conversation_->announce(Jobs::Change::resources, {});
    for (const auto& item : service_.core.surface().resources) {
      conversation_->announce(Jobs::Change::resource, item.key);
    }
    announce_later();
  });
}

void StdioServer::read_some() {
  std::array<char, 64UL * 1024> buffer;  // NOLINT(cppcoreguidelines-pro-type-member-init): filled
  const auto count = ::read(input_, buffer.data(), buffer.size());
  // stdio, "Shutdown": servers exit promptly when their input ends.
  if (count <= 0 || writer_.is_broken()) return finish();
  auto lines = framer_.feed(std::string_view(buffer.data(), static_cast<std::size_t>(count)));
  if (!lines) {
    writer_.line(error_text({}, code::invalid_request, lines.error().message));
    return finish();
  }
  for (const auto& line : *lines) take_line(line);
}

void StdioServer::take_line(const std::string& line) {
  const auto body = JsonView::parse(line);
  if (!body) return writer_.line(error_text({}, code::parse_error, "Parse error: not JSON"));
  const auto strikes = service_.strike(label_of(*body));
  if (const auto* fault = strikes.find(Fault::Kind::freeze)) stand_still(fault->time);
  if (const auto* fault = strikes.find(Fault::Kind::delay)) return hold(line, strikes, fault->time);
  receive(line, strikes);
}

void StdioServer::hold(const std::string& line, const Strikes& strikes, Duration time) {
  const auto held = held_.insert(held_.end(), {.line = line, .strikes = strikes, .timer = nullptr});
  held->timer = service_.loop.start_timer(service_.loop.now() + time, [this, held] {
    std::list<Held> now;
    now.splice(now.begin(), held_, held);
    receive(held->line, held->strikes);
  });
}

void StdioServer::receive(std::string_view line, const Strikes& strikes) {
  if (strikes.find(Fault::Kind::lose_session) != nullptr) session_ = Session{};
  const bool changed = strikes.find(Fault::Kind::tools_change) != nullptr;
  if (changed && !std::exchange(tools_changed_, true)) {
    conversation_->announce(Jobs::Change::tools, {});
  }
  if (const auto body = JsonView::parse(line)) conversation_->receive(*body, strikes);
}

void StdioServer::respond(std::string_view message, const Strikes& strikes) {
  std::string storage;
  message = one_line(message, storage);
  for (const auto* fault : strikes.all()) {
    switch (fault->kind) {
      case Fault::Kind::garbage:
        for (std::int64_t count = 0; count < fault->number; ++count) {
          writer_.line("INFO this line is not JSON");
        }
        break;
      case Fault::Kind::truncate:
        return writer_.line(
            message.substr(0, fault->bytes_given ? fault->bytes : message.size() / 2));
      case Fault::Kind::stall:
        writer_.raw(message.substr(0, fault->bytes));
        return writer_.mute();
      case Fault::Kind::close:
      case Fault::Kind::reset:
        writer_.raw(message.substr(0, fault->bytes));
        return finish();
      case Fault::Kind::notifications:
        return flood({.filler = notification_filler(FloodForm::lines), .gap = fault->time});
      case Fault::Kind::huge:
        if (auto split = split_for_padding(message)) {
          return flood({.head = std::move(split->head),
                        .filler = std::string(filler_bytes, 'x'),
                        .repeats = fault->bytes / filler_bytes,
                        .tail = std::move(split->tail) + "\n"});
        }
        break;
      default:
        break;
    }
  }
  writer_.line(message);
}

void StdioServer::flood(Flood flood) {
  flood_ = std::move(flood);
  writer_.raw(flood_.head);
  flood_on();
}

void StdioServer::flood_on() {
  if (writer_.is_broken()) return finish();
  if (flood_.repeats == 0) return writer_.raw(flood_.tail);
  if (flood_.repeats != Flood::endless) --flood_.repeats;
  writer_.raw(flood_.filler);
  if (flood_.gap > Duration::zero()) {
    flooding_ = service_.loop.start_timer(service_.loop.now() + flood_.gap, [this] { flood_on(); });
  } else {
    writer_.on_empty([this] { flood_on(); });
  }
}

void StdioServer::drain() {
  conversation_->drain();
  finish();
}

void StdioServer::finish() {
  reading_.reset();
  flooding_.reset();
  writer_.on_empty([this] {
    if (auto done = std::exchange(done_, {})) done();
  });
}

}  // namespace mcp::testserver

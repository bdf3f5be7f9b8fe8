#include "mcp/client/connection_state.hpp"

#include <algorithm>
#include <utility>

#include "mcp/base/text.hpp"

namespace mcp {

namespace {

/// Transports end an exchange at its deadline and can say in which phase it was; the session's own
/// timer is there for what they do not carry.
constexpr auto session_timer_slack = std::chrono::milliseconds(10);

}  // namespace

class Connection::State::Link final : public TransportObserver {
 public:
  Link(State& state, TransportKind kind) : state_(&state) {
    transport_ = make_transport(kind, state.endpoint_, state.context_, *this);
  }

  Transport& transport() { return *transport_; }
  void cut_off() { state_ = nullptr; }

  void on_message(Message message) override {
    if (state_) state_->receive(std::move(message));
  }
  void on_request_failed(const RequestId& id, Error error) override {
    if (state_) state_->request_failed(id, std::move(error));
  }
  void on_send_failed(Error error) override {
    if (state_) state_->send_failed(error);
  }
  void on_closed(Error why) override {
    if (state_) state_->transport_closed(why);
  }
  void on_stream_opened() override {
    if (state_) state_->observer_.on_stream_opened();
  }
  void on_stream_ended(Error why) override {
    if (state_) state_->observer_.on_stream_ended(why);
  }
  void on_keep_alive() override {
    if (state_) state_->observer_.on_keep_alive();
  }
  void on_warning(const std::string& warning) override {
    if (state_) state_->observer_.on_warning(warning);
  }
  void on_timings(const HttpTimings& timings) override {
    if (state_) state_->observer_.on_timings(timings);
  }

 private:
  State* state_;
  std::unique_ptr<Transport> transport_;
};

Connection::State::State(TransportContext context, Endpoint endpoint, ClientOptions options,
                         ConnectionObserver& observer)
    : context_(context),
      endpoint_(std::move(endpoint)),
      options_(std::move(options)),
      observer_(observer) {}

Connection::State::~State() = default;

void Connection::State::open(TimePoint deadline, std::move_only_function<void(Result<Peer>)> done) {
  open_deadline_ = deadline;
  opened_ = std::move(done);
  auto plan = Negotiation::plan(endpoint_.url.has_value(), endpoint_.transport, options_.protocol,
                                options_.memory);
  if (!plan) {
    context_.loop.post([this, error = plan.error()] { finish_open(std::unexpected(error)); });
    return;
  }
  negotiation_ = std::move(*plan);
  start_attempt();
}

void Connection::State::start_attempt() {
  const auto kind = negotiation_->current().transport;
  const bool reusable = link_ && !link_end_ && !negotiation_->current().fresh_child;
  if (reusable && link_->transport().kind() == kind) {
    // The same session, so that no id is used twice on one channel.
    session_->reset();
    shake_hands();
    return;
  }
  retire_link();
  make_session(kind);
  link_end_.reset();
  link_ = std::make_unique<Link>(*this, kind);
  link_->transport().open(open_deadline_, [this](Result<void> opened) {
    if (!opened) return attempt_failed(opened.error(), FailedAt::open);
    observer_.on_transport_open();
    shake_hands();
  });
}

void Connection::State::make_session(TransportKind kind) {
  auto config = options_.session;
  config.cancel_by_notification = kind == TransportKind::stdio;
  session_ = std::make_unique<Session>(std::move(config), *this, *this);
}

std::optional<TimePoint> Connection::State::patience() const {
  const bool may_fall_back = !options_.protocol.era && !options_.protocol.revision;
  if (negotiation_->current().transport != TransportKind::stdio || !may_fall_back) return {};
  const auto now = context_.loop.now();
  const TimePoint patient = now + options_.discover_patience;
  if (open_deadline_ == TimePoint::max()) return patient;
  return std::min(patient, now + (open_deadline_ - now) / 2);
}

void Connection::State::shake_hands() {
  discover_id_.reset();
  initialize_id_.reset();
  initialize_failure_.reset();
  if (negotiation_->current().era == Era::modern) {
    discover();
  } else {
    initialize();
  }
  arm_timer();
}

void Connection::State::discover() {
  if (const auto until = patience()) {
    // 2026-07-28 stdio, "Backward Compatibility": no answer "within a reasonable timeout".
    patience_timer_ = context_.loop.start_timer(*until, [this] {
      initialize();
      arm_timer();
    });
  }
  discover_id_ =
      session_->discover(options_.protocol.revision.value_or(latest_modern), open_deadline_,
                         [this](Result<Peer> peer) { discovered(std::move(peer)); });
}

void Connection::State::initialize() {
  initialize_id_ =
      session_->initialize(options_.protocol.revision.value_or(latest_legacy), open_deadline_,
                           [this](Result<Peer> peer) { initialized(std::move(peer)); });
}

void Connection::State::discovered(Result<Peer> outcome) {
  discover_id_.reset();
  patience_timer_.reset();
  if (outcome) {
    if (initialize_id_) session_->cancel(*initialize_id_, "the server is modern");
    return adopt(std::move(*outcome));
  }
  if (!initialize_id_ && !initialize_failure_) {
    return attempt_failed(outcome.error(), FailedAt::handshake);
  }
  // initialize is under way already: only a modern error makes it pointless.
  if (!negotiation_->advance(outcome.error(), FailedAt::handshake)) {
    if (initialize_id_) session_->cancel(*initialize_id_, "the server is modern");
    return finish_open(std::unexpected(negotiation_->verdict()));
  }
  if (initialize_failure_) attempt_failed(Error(*initialize_failure_), FailedAt::handshake);
}

void Connection::State::initialized(Result<Peer> outcome) {
  initialize_id_.reset();
  if (outcome) {
    if (discover_id_) session_->cancel(*discover_id_, "the server is legacy");
    return adopt(std::move(*outcome));
  }
  if (!discover_id_) return attempt_failed(outcome.error(), FailedAt::handshake);
  initialize_failure_ = outcome.error();
}

void Connection::State::adopt(Peer peer) {
  patience_timer_.reset();
  link_->transport().set_revision(peer.revision);
  finish_open(std::move(peer));
}

void Connection::State::attempt_failed(const Error& failure, FailedAt where) {
  if (!negotiation_->advance(failure, where)) {
    return finish_open(std::unexpected(negotiation_->verdict()));
  }
  // The failure may have come out of the session or transport that the next attempt replaces.
  context_.loop.post([this] { start_attempt(); });
}

void Connection::State::finish_open(Result<Peer> outcome) {
  if (opened_) std::exchange(opened_, nullptr)(std::move(outcome));
}

void Connection::State::retire_link() {
  if (!link_) return;
  link_->cut_off();
  auto* transport = &link_->transport();
  retired_.push_back(std::move(link_));
  transport->close(open_deadline_, [](Result<void>) {});
}

void Connection::State::close(TimePoint deadline,
                              std::move_only_function<void(Result<void>)> done) {
  if (!link_) {
    context_.loop.post([done = std::move(done)]() mutable { done({}); });
    return;
  }
  link_->transport().close(deadline, std::move(done));
}

RequestId Connection::State::call(std::string method, Json params, CallOptions options,
                                  OnReply on_reply) {
  auto id =
      session_->call(std::move(method), std::move(params), std::move(options), std::move(on_reply));
  arm_timer();
  return id;
}

void Connection::State::cancel(const RequestId& id, const std::string& reason) {
  session_->cancel(id, reason);
}

void Connection::State::notify(std::string method, Json params) {
  session_->notify(std::move(method), std::move(params));
}

void Connection::State::open_stream() {
  link_->transport().open_stream();
}

TransportKind Connection::State::transport() const {
  if (link_) return link_->transport().kind();
  return endpoint_.url ? TransportKind::streamable_http : TransportKind::stdio;
}

std::string Connection::State::session_id() const {
  return link_ ? link_->transport().session_id() : std::string();
}

void Connection::State::send(Outgoing outgoing) {
  if (!link_end_) return link_->transport().send(std::move(outgoing));
  const auto* request = std::get_if<Request>(&outgoing.message);
  if (request == nullptr) return;
  context_.loop.post([this, id = request->id] {
    if (link_end_) request_failed(id, *link_end_);
  });
}

void Connection::State::abandon(const RequestId& id) {
  link_->transport().abandon(id);
}

void Connection::State::on_notification(const Notification& notification) {
  observer_.on_notification(notification);
}

void Connection::State::on_server_request(const Request& request, const std::string& answered) {
  observer_.on_server_request(request, answered);
}

void Connection::State::on_warning(const std::string& warning) {
  observer_.on_warning(warning);
}

void Connection::State::on_stray_answer(StrayAnswer stray) {
  observer_.on_stray_answer(stray);
}

void Connection::State::receive(Message message) {
  session_->receive(std::move(message), context_.loop.now());
  arm_timer();
}

void Connection::State::request_failed(const RequestId& id, Error error) {
  session_->fail_request(id, std::move(error));
  arm_timer();
}

void Connection::State::send_failed(const Error& error) {
  // A notification has no reply that could tell it; what is open belongs to the same session.
  if (error.kind == ErrorKind::session_lost && session_->pending() > 0) {
    session_->fail_all(error);
    return arm_timer();
  }
  observer_.on_warning("a message was refused: " + error.message);
  if (error.kind == ErrorKind::session_lost) observer_.on_session_lost(error);
}

void Connection::State::transport_closed(const Error& why) {
  link_end_ = why;
  session_->fail_all(why);
  observer_.on_closed(why);
}

void Connection::State::arm_timer() {
  const auto next = session_->next_deadline();
  if (next == armed_for_) return;
  armed_for_ = next;
  timer_.reset();
  if (!next) return;
  timer_ = context_.loop.start_timer(*next + session_timer_slack, [this] {
    armed_for_.reset();
    session_->expire(context_.loop.now());
    arm_timer();
  });
}

}  // namespace mcp

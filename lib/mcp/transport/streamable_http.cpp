#include "mcp/transport/streamable_http.hpp"

#include <algorithm>
#include <utility>

#include "mcp/transport/message_facts.hpp"

namespace mcp {

StreamableHttp::StreamableHttp(const Endpoint& endpoint, TransportContext context,
                               TransportObserver& observer)
    : loop_(context.loop),
      http_(*context.http),
      observer_(observer),
      session_(endpoint),
      gate_(context.loop, [this](Outgoing outgoing) { post(std::move(outgoing)); }),
      retired_(context.loop) {}

void StreamableHttp::open(TimePoint /*deadline*/,
                          std::move_only_function<void(Result<void>)> done) {
  open_timer_ = loop_.start_timer(loop_.now(), [done = std::move(done)]() mutable { done({}); });
}

void StreamableHttp::send(Outgoing outgoing) {
  if (!is_closing_) gate_.send(std::move(outgoing));
}

void StreamableHttp::post(Outgoing outgoing) {
  if (is_closing_) return;
  running_.push_back(std::make_unique<PostExchange>(
      loop_, http_, session_, static_cast<ExchangeObserver&>(*this), std::move(outgoing)));
  running_.back()->start();
}

void StreamableHttp::abandon(const RequestId& id) {
  if (gate_.drop(id)) return;
  if (auto* exchange = find_unanswered(id)) exchange->cancel();
}

void StreamableHttp::open_stream() {
  gate_.run([this] { start_stream(); });
}

void StreamableHttp::start_stream() {
  const bool is_modern = session_.revision() && era_of(*session_.revision()) == Era::modern;
  if (is_closing_ || is_modern || (listen_stream_ && !listen_stream_->is_over())) return;
  if (listen_stream_) retired_.add(std::move(listen_stream_));
  listen_stream_ =
      std::make_unique<ListenStream>(loop_, http_, session_, static_cast<ListenObserver&>(*this));
  listen_stream_->start();
}

void StreamableHttp::close(TimePoint deadline, std::move_only_function<void(Result<void>)> done) {
  is_closing_ = true;
  close_deadline_ = deadline;
  closed_ = std::move(done);
  if (listen_stream_) {
    listen_stream_->cancel();
    retired_.add(std::move(listen_stream_));
  }
  // A session whose id is still on its way could never be ended: wait for the id, to the deadline.
  cancel_exchanges();
  if (running_.empty()) return end_sessions();
  if (deadline == TimePoint::max()) return;
  close_timer_ = loop_.start_timer(deadline, [this] { running_.front()->cancel(); });
}

void StreamableHttp::cancel_exchanges() {
  std::vector<PostExchange*> in_vain;
  for (const auto& exchange : running_) {
    if (!exchange->may_open_session()) in_vain.push_back(exchange.get());
  }
  for (auto* exchange : in_vain) exchange->cancel();
}

void StreamableHttp::end_sessions() {
  if (session_end_) return;
  close_timer_.reset();
  auto ids = std::move(earlier_ids_);
  if (!session_.id().empty()) ids.push_back(session_.id());
  session_end_ = std::make_unique<SessionEnd>(loop_, http_, session_, std::move(ids));
  session_end_->start(close_deadline_, std::move(closed_));
}

PostExchange* StreamableHttp::find_unanswered(const RequestId& id) {
  const auto found = std::ranges::find_if(running_, [&id](const auto& exchange) {
    return exchange->request_id() == id && !exchange->is_answered();
  });
  return found == running_.end() ? nullptr : found->get();
}

void StreamableHttp::on_message(Message message) {
  if (is_closing_) return;
  // Some servers answer on another stream than that of the request: its own has no more to bring.
  if (const auto id = answered_id_of(message)) abandon(*id);
  observer_.on_message(std::move(message));
}

void StreamableHttp::on_failed(PostExchange& from, Error error) {
  if (is_closing_) return;
  if (from.request_id()) return observer_.on_request_failed(*from.request_id(), std::move(error));
  observer_.on_send_failed(std::move(error));
}

void StreamableHttp::on_keep_alive() {
  if (!is_closing_) observer_.on_keep_alive();
}

void StreamableHttp::on_timings(const HttpTimings& timings) {
  observer_.on_timings(timings);
}

Result<void> StreamableHttp::on_session_head(const HttpResponseHead& head) {
  const auto before = session_.id();
  auto adopted = session_.adopt(head);
  if (!adopted) return adopted;
  if (!before.empty() && before != session_.id()) earlier_ids_.push_back(before);
  if (is_closing_) return fail(ErrorKind::interrupted, "the connection is being closed");
  return {};
}

void StreamableHttp::on_over(PostExchange& exchange) {
  const auto found = std::ranges::find_if(
      running_, [&exchange](const auto& each) { return each.get() == &exchange; });
  retired_.add(std::move(*found));
  running_.erase(found);
  if (is_closing_ && running_.empty()) return end_sessions();
  gate_.ended(exchange.message());
}

void StreamableHttp::on_listening() {
  observer_.on_stream_opened();
}

void StreamableHttp::on_listen_ended(Error why) {
  observer_.on_stream_ended(std::move(why));
}

}  // namespace mcp

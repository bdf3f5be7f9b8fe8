#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "tests/server/http_channels.hpp"
#include "tests/server/inbound.hpp"
#include "tests/server/modern_rules.hpp"
#include "tests/server/service.hpp"

namespace mcp::testserver {

/// The endpoint of Streamable HTTP in both eras: picks the era of each request, keeps the legacy
/// sessions.
class StreamableEndpoint {
 public:
  explicit StreamableEndpoint(Service& service);

  void handle(const Inbound& inbound, ResponderPtr responder);

  void expire(TimePoint now);
  void announce(Jobs::Change change, std::string_view uri);
  /// Ends what would stay open: streams opened by GET, subscriptions.
  void drain();

 private:
  void post(const Inbound& inbound, ResponderPtr responder);
  void get(const Inbound& inbound, ResponderPtr responder);
  void remove(const Inbound& inbound, ResponderPtr responder);
  void resume(const Inbound& inbound, Session& session, std::string_view last_event_id,
              ResponderPtr responder);

  bool is_modern(const Inbound& inbound) const;
  void modern_post(const Inbound& inbound, ResponderPtr responder);
  void legacy_post(const Inbound& inbound, ResponderPtr responder);
  void initialize(const Inbound& inbound, ResponderPtr responder);
  void serve_batch(const Inbound& inbound, Session* session, Revision revision,
                   ResponderPtr responder);
  void take_note(const Incoming& incoming, Session* session);
  void lose(const Inbound& inbound);

  /// The session that the request names; null after it was refused. Stateless servers have none.
  struct Found {
    bool refused = false;
    Session* session = nullptr;
    Revision revision = Revision::v2025_03_26;
  };
  Found find_session(const Inbound& inbound, ResponderPtr& responder);
  std::optional<Revision> legacy_revision(const Inbound& inbound, const Session* session) const;

  struct Answer {
    const Inbound& inbound;
    const Call& call;
    StreamablePeer* peer = nullptr;  // of a session
    HeaderList headers;              // besides the content type
  };
  void answer(const Answer& how, Outcome outcome, ResponderPtr responder);
  std::unique_ptr<Channel> make_channel(const Answer& how, bool streams, std::string_view key,
                                        ResponderPtr responder);
  bool wants_stream(const Inbound& inbound, const Outcome& outcome) const;

  static void refuse(ResponderPtr responder, int status, std::string_view raw_id, int code,
                     std::string_view message, std::string_view raw_data = {});
  static StreamablePeer* peer_of(Session* session);

  Service& service_;
  SessionTable sessions_;
  Jobs sessionless_;  // modern and stateless calls, by exchange
  std::uint64_t last_exchange_ = 0;
};

}  // namespace mcp::testserver

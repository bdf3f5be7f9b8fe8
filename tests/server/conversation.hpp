#pragma once

#include <functional>
#include <memory>
#include <string_view>

#include "tests/server/incoming.hpp"
#include "tests/server/service.hpp"

namespace mcp::testserver {

/// One client on a two-way channel of whole messages: a stdio process or an HTTP+SSE stream. Picks
/// the era of each message; `initialize` makes its one session.
class Conversation : public SessionPeer {
 public:
  using Send = std::function<void(std::string_view message)>;
  enum class Eras { legacy_only, both };

  Conversation(Service& service, Session& session, Eras eras, std::uint64_t number, Send send);

  /// What the transport itself does to the messages of a request that faults strike.
  using Decorator =
      std::function<std::unique_ptr<Channel>(std::unique_ptr<Channel>, const Strikes&)>;
  void set_decorator(Decorator decorator) { decorator_ = std::move(decorator); }

  /// `strikes` are the faults for the messages of this text.
  void receive(const JsonView& body, const Strikes& strikes);
  void announce(Jobs::Change change, std::string_view uri);
  /// Ends the subscriptions.
  void drain();
  bool busy() const override { return true; }  // it lives as long as its channel

 private:
  void serve(const Incoming& request, const Strikes& strikes, std::unique_ptr<Channel> channel);
  void take_note(const Incoming& incoming);
  bool is_modern(const Incoming& incoming) const;

  Service& service_;
  Session& session_;
  Eras eras_;
  std::uint64_t number_;
  Send send_;
  Decorator decorator_;
  Jobs jobs_;
};

/// The faults' method for a text: that of its first message.
std::string label_of(const JsonView& body);

}  // namespace mcp::testserver

#include "tests/server/strikes.hpp"

#include <utility>

#include "tests/server/http_channels.hpp"
#include "tests/server/protocol.hpp"

namespace mcp::testserver {

namespace {

/// An id that the client has not used: of the same type, so that only a comparison tells.
std::string another_id(std::string_view raw_id) {
  if (raw_id.starts_with('"')) return "\"not-" + std::string(raw_id.substr(1));
  return "9" + std::string(raw_id.starts_with('-') ? raw_id.substr(1) : raw_id);
}

void nest(std::string& response, std::int64_t depth) {
  static constexpr std::string_view opening = R"("result":{)";
  const auto at = response.find(opening);
  if (at == std::string::npos) return;
  const auto place = at + opening.size();
  const auto count = static_cast<std::size_t>(depth);
  std::string nested = R"("nested":)" + std::string(count, '[') + std::string(count, ']');
  if (response[place] != '}') nested += ',';
  response.insert(place, nested);
}

ListTwist twist_of(const Strikes& strikes, std::uint64_t connection) {
  return {.empty = strikes.find(Fault::Kind::tools_empty) != nullptr,
          .duplicate = strikes.find(Fault::Kind::tools_duplicate) != nullptr,
          .changed = strikes.find(Fault::Kind::tools_change) != nullptr ||
                     (strikes.find(Fault::Kind::tools_differ) != nullptr && connection % 2 == 0)};
}

}  // namespace

Outcome handle_with(const Core& core, Call call, const Strikes& strikes, std::uint64_t connection) {
  if (strikes.none()) return core.handle(call);
  Outcome outcome;
  std::string other_id;
  if (strikes.find(Fault::Kind::wrong_id) != nullptr) {
    other_id = another_id(call.id);
    call.id = other_id;
  }
  if (const auto* fault = strikes.find(Fault::Kind::rpc_error)) {
    outcome.response = error_text(call.id, static_cast<int>(fault->number), fault->text);
  } else {
    call.twist = twist_of(strikes, connection);
    outcome = core.handle(call);
  }
  if (const auto* fault = strikes.find(Fault::Kind::deep)) nest(outcome.response, fault->number);
  if (const auto* fault = strikes.find(Fault::Kind::late)) outcome.response_after += fault->time;
  return outcome;
}

std::unique_ptr<Channel> channel_with(std::unique_ptr<Channel> channel, const Strikes& strikes) {
  if (strikes.find(Fault::Kind::duplicate) == nullptr) return channel;
  return std::make_unique<DuplicatingChannel>(std::move(channel));
}

}  // namespace mcp::testserver

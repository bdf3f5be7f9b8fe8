#include "mcp/transport/initialized_gate.hpp"

#include <utility>

#include "mcp/transport/message_facts.hpp"

namespace mcp {
namespace {

constexpr auto longest_hold = std::chrono::seconds(1);

bool is_initialized(const Message& message) {
  const auto* notification = std::get_if<Notification>(&message);
  return notification != nullptr && notification->method == "notifications/initialized";
}

}  // namespace

void InitializedGate::send(Outgoing outgoing) {
  if (timer_) {
    held_.push_back(std::move(outgoing));
    return;
  }
  if (is_initialized(outgoing.message)) {
    timer_ = loop_.start_timer(loop_.now() + longest_hold, [this] { open(); });
  }
  forward_(std::move(outgoing));
}

void InitializedGate::run(Task task) {
  if (timer_) return tasks_.push_back(std::move(task));
  task();
}

void InitializedGate::ended(const Message& message) {
  if (timer_ && is_initialized(message)) open();
}

bool InitializedGate::drop(const RequestId& id) {
  return std::erase_if(
             held_, [&id](const Outgoing& each) { return request_id_of(each.message) == id; }) > 0;
}

void InitializedGate::open() {
  timer_.reset();
  for (auto& outgoing : std::exchange(held_, {})) send(std::move(outgoing));
  for (auto& task : std::exchange(tasks_, {})) run(std::move(task));
}

}  // namespace mcp

#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "mcp/io/loop.hpp"
#include "tests/server/call.hpp"
#include "tests/server/channel.hpp"

namespace mcp::testserver {

/// `key` tells the jobs of one peer apart: the request's id, where ids of several clients do not
/// meet.
struct Ticket {
  std::string_view key;
  std::string_view raw_id;
};

/// The requests of one peer that are in the works: plays their outcomes in time.
class Jobs {
 public:
  explicit Jobs(Loop& loop);
  ~Jobs();
  Jobs(const Jobs&) = delete;
  Jobs& operator=(const Jobs&) = delete;

  /// An immediate outcome is over when this returns. A request whose key is in use already replaces
  /// the older one, which gets no response.
  void start(const Ticket& ticket, Outcome outcome, std::unique_ptr<Channel> channel);
  /// false: no such request.
  bool cancel(std::string_view key);
  /// The client's answer to a question of ours; false: nothing was asked under this id.
  bool answer(std::string_view raw_question_id, const JsonView& message);
  /// Sends to the subscriptions whose filter wants it. `params` is the inside of an object.
  enum class Change { tools, prompts, resources, resource };
  void announce(Change change, std::string_view uri = {});
  /// Ends all subscriptions, gracefully; their ids.
  std::vector<std::string> end_subscriptions();

  std::size_t size() const { return jobs_.size(); }

 private:
  struct Job;
  void play(const std::shared_ptr<Job>& job);
  void finish(const std::shared_ptr<Job>& job);
  void take_answer(const std::shared_ptr<Job>& job, const JsonView& message);

  Loop& loop_;
  // Shared with the step that is running, which may end the job.
  std::unordered_map<std::string, std::shared_ptr<Job>> jobs_;
};

/// The notification for a change, as the era has it; `raw_subscription` is empty in the legacy one.
std::string change_text(Jobs::Change change, std::string_view uri,
                        std::string_view raw_subscription);
bool wants(const SubscriptionFilter& filter, Jobs::Change change, std::string_view uri);

}  // namespace mcp::testserver

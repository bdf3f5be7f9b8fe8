#include "tests/server/jobs.hpp"

#include <algorithm>
#include <utility>

#include "tests/server/protocol.hpp"

namespace mcp::testserver {

struct Jobs::Job {
  std::string key;
  std::string id;
  Outcome outcome;
  std::unique_ptr<Channel> channel;
  TimePoint started;
  std::size_t next_message = 0;
  bool over = false;
  std::unique_ptr<Handle> timer;
};

Jobs::Jobs(Loop& loop) : loop_(loop) {}

Jobs::~Jobs() {
  for (auto& [id, job] : jobs_) job->over = true;
}

void Jobs::start(const Ticket& ticket, Outcome outcome, std::unique_ptr<Channel> channel) {
  if (outcome.immediate()) return channel->respond(outcome.response, outcome.status);
  cancel(ticket.key);
  auto job = std::make_shared<Job>();
  job->key = ticket.key;
  job->id = ticket.raw_id;
  job->outcome = std::move(outcome);
  job->channel = std::move(channel);
  job->started = loop_.now();
  jobs_.emplace(job->key, job);
  play(job);
}

void Jobs::play(const std::shared_ptr<Job>& job) {
  auto& outcome = job->outcome;
  const auto elapsed = loop_.now() - job->started;
  const auto wait_until = [&](Duration after) {
    // The job owns the timer, so the timer must not own the job.
    job->timer = loop_.start_timer(job->started + after, [this, weak = std::weak_ptr(job)] {
      if (const auto locked = weak.lock()) play(locked);
    });
  };
  while (job->next_message < outcome.messages.size()) {
    const auto& message = outcome.messages[job->next_message];
    if (message.after > elapsed) return wait_until(message.after);
    ++job->next_message;
    job->channel->notify(message.text);
    if (job->over) return;
  }
  if (outcome.subscription) return;
  if (!outcome.question.empty()) {
    if (!job->channel->ask(outcome.question)) take_answer(job, JsonView{});
    return;
  }
  if (outcome.response_after > elapsed) return wait_until(outcome.response_after);
  finish(job);
}

void Jobs::finish(const std::shared_ptr<Job>& job) {
  job->over = true;
  jobs_.erase(job->key);
  job->channel->respond(job->outcome.response, job->outcome.status);
}

bool Jobs::cancel(std::string_view key) {
  const auto found = jobs_.find(std::string(key));
  if (found == jobs_.end()) return false;
  const auto job = found->second;
  job->over = true;
  jobs_.erase(found);
  job->channel->abandon();
  return true;
}

bool Jobs::answer(std::string_view raw_question_id, const JsonView& message) {
  const auto found = std::ranges::find_if(jobs_, [&](const auto& entry) {
    return !entry.second->outcome.question.empty() &&
           entry.second->outcome.question_id == raw_question_id;
  });
  if (found == jobs_.end()) return false;
  const auto job = found->second;
  take_answer(job, message);
  return true;
}

void Jobs::take_answer(const std::shared_ptr<Job>& job, const JsonView& message) {
  auto next = std::exchange(job->outcome.on_answer, {});
  job->outcome = next(message);
  job->next_message = 0;
  job->started = loop_.now();
  play(job);
}

void Jobs::announce(Change change, std::string_view uri) {
  std::vector<std::shared_ptr<Job>> wanting;
  for (const auto& [id, job] : jobs_) {
    if (job->outcome.subscription && wants(*job->outcome.subscription, change, uri)) {
      wanting.push_back(job);
    }
  }
  for (const auto& job : wanting) {
    if (!job->over) job->channel->notify(change_text(change, uri, job->id));
  }
}

std::vector<std::string> Jobs::end_subscriptions() {
  std::vector<std::shared_ptr<Job>> open;
  for (const auto& [id, job] : jobs_) {
    if (job->outcome.subscription) open.push_back(job);
  }
  std::vector<std::string> ids;
  for (const auto& job : open) {
    if (job->over) continue;
    ids.push_back(job->id);
    finish(job);
  }
  return ids;
}

bool wants(const SubscriptionFilter& filter, Jobs::Change change, std::string_view uri) {
  switch (change) {
    case Jobs::Change::tools:
      return filter.tools;
    case Jobs::Change::prompts:
      return filter.prompts;
    case Jobs::Change::resources:
      return filter.resources;
    case Jobs::Change::resource:
      return std::ranges::find(filter.uris, uri) != filter.uris.end();
  }
  return false;
}

std::string change_text(Jobs::Change change, std::string_view uri,
                        std::string_view raw_subscription) {
  std::string members;
  // 2026-07-28 subscriptions: every notification of the stream carries its id.
  if (!raw_subscription.empty()) {
    members = R"("_meta":{")" + std::string(meta::subscription) + R"(":)" +
              std::string(raw_subscription) + "}";
  }
  if (change == Jobs::Change::resource) {
    if (!members.empty()) members += ',';
    members += R"("uri":)" + json_string(uri);
  }
  const auto params = members.empty() ? std::string() : "{" + members + "}";
  switch (change) {
    case Jobs::Change::tools:
      return notification_text("notifications/tools/list_changed", params);
    case Jobs::Change::prompts:
      return notification_text("notifications/prompts/list_changed", params);
    case Jobs::Change::resources:
      return notification_text("notifications/resources/list_changed", params);
    case Jobs::Change::resource:
      return notification_text("notifications/resources/updated", params);
  }
  return {};
}

}  // namespace mcp::testserver

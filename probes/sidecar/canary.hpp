#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "probes/sidecar/child_watch.hpp"
#include "probes/sidecar/probe_result.hpp"
#include "probes/sidecar/tool_list.hpp"

namespace probes::sidecar {

/// The one connection that is held to notice loss: a legacy session that is pinged, or a modern
/// server's open subscription beside server/discover. Over stdio it is the only one, and its child
/// belongs to it.
///
/// It opens no legacy GET stream: proxies cut an idle one while its session lives on, so that its
/// end says nothing, and it would hold a connection of the server for a ping that tells as much.
class Canary final : private LineOwner {
 public:
  /// `on_loss` is called when it was lost between two probes, `on_tools_changed` when the server
  /// says that its list of tools is another one.
  struct Events {
    std::function<void()> on_loss;
    std::function<void()> on_tools_changed;
  };
  Canary(Surroundings& surroundings, ChildWatch& child, Events events);

  /// Opens it where it is not held, and asks for the cheapest sign of life, or for tools/list where
  /// that is wanted. A loss is one bad sign, and it is opened again at once. `done` comes from
  /// inside the loop, at `deadline` at the latest.
  void probe(ProbeKind kind, mcp::TimePoint deadline, OnProbed done);
  /// Gives it up, and counts that as a loss; who calls tells of it.
  void replace(const std::string& cause, const std::string& why);
  /// Closes it, and ends the probe that may be going on without an answer.
  void release();

  bool is_held() const { return stage_ == Stage::held; }
  /// Probes in a row that it did not answer in time.
  int unanswered() const { return unanswered_; }
  /// When a probe is wanted before the next one is due.
  std::optional<mcp::TimePoint> wanted_at() const;
  const CanaryStatus& status() const { return status_; }
  const std::optional<mcp::Peer>& peer() const { return peer_; }
  std::optional<int> child_pid() const;
  std::uint64_t child_restarts() const { return restarts_; }

 private:
  enum class Stage { none, opening, held };
  struct Loss {
    std::string cause;
    mcp::Error why;
  };
  /// What has happened and is not judged yet: what belongs together comes in one turn of the loop.
  struct Seen {
    std::optional<mcp::Error> failure;  // of the request that was waited for
    std::optional<mcp::Error> session_lost;
    std::optional<Loss> stream_end;
    std::optional<mcp::Error> line_closed;
  };

  void on_notification(const mcp::Notification& notification) override;
  void on_session_lost(const mcp::Error& why) override;
  void on_line_closed(const mcp::Error& why) override;

  void open();
  void wait_for_restart();
  void opened(mcp::Result<mcp::Peer> peer);
  void opening_failed(const mcp::Error& failure, bool child_ended);
  void listen();
  void listen_ended(mcp::Result<mcp::Json> end);
  void ask();
  void life_answered(const std::string& method, mcp::Result<mcp::Json> reply);
  void ask_for_tools();
  void note_life();

  void judge_later();
  void judge();
  std::optional<Loss> find_loss(const Seen& seen) const;
  void lose(const Loss& loss, mcp::Duration patience);
  void drop_line(mcp::Duration patience);
  void time_up();
  bool is_wedged() const;
  void fail(const mcp::Error& failure);
  void tell_loss(const Loss& loss, ProbeResult& result);
  void finish(ProbeResult result);

  Surroundings& surroundings_;
  mcp::Loop& loop_;
  ChildWatch& child_;
  Events events_;
  Stage stage_ = Stage::none;
  std::unique_ptr<Line> line_;
  std::unique_ptr<ToolList> tools_;
  std::optional<mcp::Peer> peer_;
  CanaryStatus status_;
  RestartPause pause_;
  std::string last_end_;       // why the child is not there
  bool has_answered_ = false;  // this child has, once
  std::uint64_t restarts_ = 0;
  int unanswered_ = 0;

  // The subscription of the modern era.
  bool is_listening_ = false;
  bool was_acknowledged_ = false;
  bool offers_no_stream_ = false;

  // The probe that goes on.
  ProbeKind kind_ = ProbeKind::canary;
  mcp::TimePoint begun_;
  mcp::TimePoint deadline_;
  OnProbed done_;
  std::uint64_t probe_number_ = 0;
  bool was_reopened_ = false;
  bool has_answered_now_ = false;  // in this probe
  std::string asked_;              // what is waited for
  std::unique_ptr<mcp::Handle> timer_;
  std::unique_ptr<mcp::Handle> restart_timer_;

  Seen seen_;
  std::unique_ptr<mcp::Handle> judge_timer_;
  /// A loss that no probe has told of yet.
  std::optional<Loss> untold_;
};

}  // namespace probes::sidecar

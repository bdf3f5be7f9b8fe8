#pragma once

#include <memory>
#include <vector>

#include "scenarios/idle_trials.hpp"
#include "scenarios/recorder.hpp"
#include "scenarios/search_report.hpp"

namespace scenarios {

/// Runs the ladders of all subjects of a search side by side on one loop, within a time.
class IdleHunt {
 public:
  struct Options {
    mcp::Loop& loop;
    IdleSearch search;
    IdleWait::MakePort make_port;
    /// All ends at this time, with what is known then.
    mcp::TimePoint ends = mcp::TimePoint::max();
    /// Notes each cut as an incident; may be null.
    Recorder* recorder = nullptr;
  };

  explicit IdleHunt(Options options);
  ~IdleHunt();
  IdleHunt(const IdleHunt&) = delete;
  IdleHunt& operator=(const IdleHunt&) = delete;

  void start();
  /// Ends soon: what idles is looked at, and what was opened is closed.
  void stop(SearchEnd why);
  bool is_over() const { return running_ == 0; }
  SearchReport report() const;
  std::size_t trials() const;

 private:
  void note(Subject subject, const IdleTrial& trial);

  Options options_;
  SearchEnd end_ = SearchEnd::complete;
  std::size_t running_ = 0;
  std::vector<std::unique_ptr<IdleTrials>> trials_;
  std::unique_ptr<mcp::Handle> end_timer_;
};

}  // namespace scenarios

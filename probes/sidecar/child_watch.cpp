#include "probes/sidecar/child_watch.hpp"

namespace probes::sidecar {

mcp::Result<std::unique_ptr<mcp::ChildProcess>> ChildWatch::spawn(const mcp::ChildOptions& options,
                                                                  mcp::ChildObserver& observer) {
  auto made = inner_->spawn(options, observer);
  if (made) pid_ = (*made)->pid();
  return made;
}

void RestartPause::ended(mcp::TimePoint now) {
  if (now - started_ >= steady) pause_ = shortest;
  until_ = now + pause_;
  pause_ = std::min(pause_ * 2, longest);
}

}  // namespace probes::sidecar

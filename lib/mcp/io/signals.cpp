#include "mcp/io/signals.hpp"

#include <sys/signalfd.h>

#include <csignal>
#include <stdexcept>
#include <utility>

#include "mcp/io/descriptor.hpp"

namespace mcp {
namespace {

/// Blocks the signals in this thread and reads them from a descriptor, so no code ever runs inside
/// a signal handler. A signal that was ignored before (nohup) stays ignored.
class SignalWatch final : public Handle {
 public:
  SignalWatch(Loop& loop, const sigset_t& signals, std::move_only_function<void(int)> callback)
      : callback_(std::make_shared<std::move_only_function<void(int)>>(std::move(callback))) {
    pthread_sigmask(SIG_BLOCK, &signals, &before_);
    descriptor_ = Descriptor(::signalfd(-1, &signals, SFD_NONBLOCK | SFD_CLOEXEC));
    if (!descriptor_) throw std::runtime_error("signalfd failed");
    watch_ = loop.watch(descriptor_.get(), Interest::read, [this](Readiness) { read_one(); });
  }
  ~SignalWatch() override {
    watch_.reset();
    pthread_sigmask(SIG_SETMASK, &before_, nullptr);
  }

 private:
  void read_one() {
    signalfd_siginfo info{};
    if (::read(descriptor_.get(), &info, sizeof info) != sizeof info) return;
    // The callback may destroy this watch, and with it the function that is running.
    const auto keep = callback_;
    (*keep)(static_cast<int>(info.ssi_signo));
  }

  std::shared_ptr<std::move_only_function<void(int)>> callback_;  // shared with a running call
  sigset_t before_{};
  Descriptor descriptor_;
  std::unique_ptr<Handle> watch_;
};

}  // namespace

std::unique_ptr<Handle> watch_signals(Loop& loop, std::initializer_list<int> signals,
                                      std::move_only_function<void(int)> callback) {
  sigset_t set;
  sigemptyset(&set);
  for (const int signal : signals) sigaddset(&set, signal);
  return std::make_unique<SignalWatch>(loop, set, std::move(callback));
}

}  // namespace mcp

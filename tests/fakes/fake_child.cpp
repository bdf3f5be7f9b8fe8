#include "tests/fakes/fake_child.hpp"

#include <utility>

namespace mcp {

class FakeChildHandle final : public ChildProcess {
 public:
  FakeChildHandle(FakeChildSpawner& spawner, std::shared_ptr<FakeChild> child, int pid)
      : spawner_(spawner), child_(std::move(child)), pid_(pid) {}
  ~FakeChildHandle() override { child_->destroyed_ = true; }

  void write(std::string_view bytes) override {
    child_->written_ += bytes;
    tell(ChildEvent::written);
  }
  void close_stdin() override {
    child_->stdin_closed_ = true;
    tell(ChildEvent::stdin_closed);
  }
  void send_signal(int signal) override {
    child_->signals_.push_back(signal);
    tell(ChildEvent::signalled);
  }
  int pid() const override { return pid_; }

 private:
  void tell(ChildEvent event) {
    if (!spawner_.on_event) return;
    spawner_.loop_.post([&spawner = spawner_, child = child_, event] {
      if (!child->over()) spawner.on_event(*child, event);
    });
  }

  FakeChildSpawner& spawner_;
  std::shared_ptr<FakeChild> child_;
  int pid_;
};

std::string FakeChild::take_written() {
  auto fresh = written_.substr(taken_);
  taken_ = written_.size();
  return fresh;
}

void FakeChild::put_stdout(std::string_view bytes) {
  if (!over() && !stdout_closed_) observer_.on_stdout(bytes);
}

void FakeChild::put_stderr(std::string_view bytes) {
  if (!over()) observer_.on_stderr(bytes);
}

void FakeChild::close_stdout() {
  if (over() || stdout_closed_) return;
  stdout_closed_ = true;
  observer_.on_stdout_closed();
}

void FakeChild::exit(ChildExit how) {
  close_stdout();
  if (over()) return;
  exited_ = true;
  observer_.on_exit(how);
}

Result<std::unique_ptr<ChildProcess>> FakeChildSpawner::spawn(const ChildOptions& options,
                                                              ChildObserver& observer) {
  if (failure) return std::unexpected(*std::exchange(failure, std::nullopt));
  auto child = std::make_shared<FakeChild>(options, observer);
  children.push_back(child);
  if (on_spawn) {
    loop_.post([this, child] {
      if (!child->over()) on_spawn(*child);
    });
  }
  const int pid = 1000 + static_cast<int>(children.size());
  return std::make_unique<FakeChildHandle>(*this, std::move(child), pid);
}

}  // namespace mcp

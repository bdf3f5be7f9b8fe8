#include "mcp/io/http_relay_socket.hpp"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <cerrno>
#include <utility>

namespace mcp {
namespace {

enum WatchBits { watch_none = 0, watch_read = 1, watch_write = 2 };

bool would_block() {
  return errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR;
}

void set(int descriptor, int level, int name, int value) {
  ::setsockopt(descriptor, level, name, &value, sizeof value);
}

}  // namespace

void set_relay_options(int descriptor) {
  set(descriptor, IPPROTO_TCP, TCP_NODELAY, 1);
  set(descriptor, SOL_SOCKET, SO_KEEPALIVE, 1);
  set(descriptor, IPPROTO_TCP, TCP_KEEPIDLE, 60);
  set(descriptor, IPPROTO_TCP, TCP_KEEPINTVL, 15);
  set(descriptor, IPPROTO_TCP, TCP_KEEPCNT, 4);
}

void RelaySocket::open(Descriptor descriptor, bool connected) {
  watch_.reset();
  watched_ = watch_none;
  descriptor_ = std::move(descriptor);
  connected_ = connected;
}

RelaySocket::Received RelaySocket::receive(std::span<char> space) {
  const auto got = ::recv(descriptor_.get(), space.data(), space.size(), 0);
  if (got > 0) return {.step = Step::done, .bytes = static_cast<std::size_t>(got)};
  if (got == 0) return {.step = Step::ended};
  return {.step = would_block() ? Step::again : Step::failed};
}

bool RelaySocket::has_ended() const {
  if (!connected_) return false;
  char byte = 0;
  const auto got = ::recv(descriptor_.get(), &byte, 1, MSG_PEEK);
  return got == 0 || (got < 0 && !would_block());
}

bool RelaySocket::push(std::string_view bytes, std::size_t& taken) {
  while (taken < bytes.size()) {
    const auto rest = bytes.substr(taken);
    const auto sent = ::send(descriptor_.get(), rest.data(), rest.size(), MSG_NOSIGNAL);
    if (sent < 0) return would_block();
    taken += static_cast<std::size_t>(sent);
  }
  return true;
}

bool RelaySocket::send(std::string_view bytes) {
  std::size_t taken = 0;
  if (unsent() == 0 && connected_ && !push(bytes, taken)) return false;
  pending_.append(bytes.substr(taken));
  return true;
}

bool RelaySocket::flush() {
  if (!connected_) return true;
  if (!push(pending_, sent_)) return false;
  return after_flush();
}

bool RelaySocket::after_flush() {
  constexpr std::size_t worth_moving = 32UL * 1024;
  if (unsent() == 0) {
    std::string().swap(pending_);
    sent_ = 0;
    return !ending_ || end_sending();
  }
  if (sent_ > worth_moving) pending_.erase(0, std::exchange(sent_, 0));
  return true;
}

bool RelaySocket::end_sending() {
  ending_ = true;
  if (fin_sent_ || unsent() > 0 || !connected_) return true;
  fin_sent_ = true;
  return ::shutdown(descriptor_.get(), SHUT_WR) == 0;
}

void RelaySocket::watch(Loop& loop, bool read, bool write,
                        std::move_only_function<void(Readiness)> callback) {
  const int wanted = (read ? watch_read : watch_none) | (write ? watch_write : watch_none);
  if (wanted == watched_) return;
  watched_ = wanted;
  watch_.reset();
  if (wanted == watch_none) return;
  const auto interest = read && write ? Interest::read_write
                        : read        ? Interest::read
                                      : Interest::write;
  watch_ = loop.watch(descriptor_.get(), interest, std::move(callback));
}

void RelaySocket::close() {
  watch_.reset();
  watched_ = watch_none;
  descriptor_.reset();
  connected_ = false;
  std::string().swap(pending_);
  sent_ = 0;
}

void RelaySocket::reset() {
  if (descriptor_) {
    const linger at_once{.l_onoff = 1, .l_linger = 0};
    ::setsockopt(descriptor_.get(), SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
  }
  close();
}

}  // namespace mcp

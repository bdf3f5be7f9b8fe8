#include <netinet/in.h>
#include <sys/socket.h>

#include <cerrno>
#include <cstring>
#include <utility>

#include "mcp/io/http_relay_connection.hpp"
#include "mcp/io/socket_address.hpp"

// How the upstream connection comes about: the addresses one after the other, within one time.

namespace mcp {
namespace {

/// A socket that connects to a free port of its own machine may be given that very port, and then
/// talks to itself, and keeps the server from listening there.
bool talks_to_itself(int descriptor) {
  sockaddr_storage here{};
  sockaddr_storage there{};
  socklen_t here_size = sizeof here;
  socklen_t there_size = sizeof there;
  if (::getsockname(descriptor, reinterpret_cast<sockaddr*>(&here), &here_size) != 0 ||
      ::getpeername(descriptor, reinterpret_cast<sockaddr*>(&there), &there_size) != 0) {
    return false;
  }
  return address_text(reinterpret_cast<const sockaddr&>(here)) ==
         address_text(reinterpret_cast<const sockaddr&>(there));
}

}  // namespace

void RelayConnection::connect() {
  connecting_ = true;
  upstream_deaf_ = false;
  upstream_ended_ = false;
  limit(host_.options().connect_timeout, &RelayConnection::late_connect);
  host_.find_upstream(number_);
}

void RelayConnection::on_addresses(const RelayUpstream::Addresses& addresses,
                                   const std::string& problem) {
  if (dead_ || !connecting_) return;
  if (!addresses) {
    unreachable(502, problem);
  } else {
    addresses_ = addresses;
    next_address_ = 0;
    try_next();
  }
  settle();
}

void RelayConnection::try_next() {
  while (next_address_ < addresses_->size()) {
    if (try_address((*addresses_)[next_address_++])) return;
  }
  host_.upstream().forget();
  const bool is_ours = connect_error_ == EMFILE || connect_error_ == ENFILE;
  unreachable(is_ours ? 503 : 502,
              "cannot reach " + host_.upstream().text() + ": " + std::strerror(connect_error_));
}

/// False when it has failed already.
bool RelayConnection::try_address(const RelayUpstream::Address& address) {
  Descriptor made(
      ::socket(address.storage.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (!made) {
    connect_error_ = errno;
    return false;
  }
  set_relay_options(made.get());
  if (::connect(made.get(), &address.generic(), address.size) != 0 && errno != EINPROGRESS) {
    connect_error_ = errno;
    return false;
  }
  upstream_.open(std::move(made), false);
  return true;
}

/// The socket has become writable: connected, or not.
void RelayConnection::check_connect() {
  int error = 0;
  socklen_t size = sizeof error;
  ::getsockopt(upstream_.descriptor(), SOL_SOCKET, SO_ERROR, &error, &size);
  if (error == 0 && talks_to_itself(upstream_.descriptor())) error = ECONNREFUSED;
  if (error == 0) return connected();
  connect_error_ = error;
  try_next();
}

void RelayConnection::connected() {
  connecting_ = false;
  addresses_.reset();
  timer_.reset();
  upstream_.set_connected();
  if (!upstream_.flush()) upstream_deaf_ = true;
}

void RelayConnection::late_connect() {
  host_.upstream().forget();
  unreachable(504, "no connection to " + host_.upstream().text() + " in time");
}

void RelayConnection::unreachable(int status, const std::string& reason) {
  connecting_ = false;
  addresses_.reset();
  timer_.reset();
  end_request();
  if (!dead_) answer_text(status, reason);
}

}  // namespace mcp

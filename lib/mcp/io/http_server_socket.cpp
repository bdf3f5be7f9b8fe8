#include "mcp/io/http_server_socket.hpp"

#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "mcp/io/socket_address.hpp"

namespace mcp {

namespace {

SocketStep step_for_errno(SocketStep::Kind would_block) {
  if (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR) return {.kind = would_block};
  return {.kind = SocketStep::Kind::closed};
}

class PlainSocket : public ServerSocket {
 public:
  explicit PlainSocket(int descriptor) : descriptor_(descriptor) {}
  PlainSocket(const PlainSocket&) = delete;
  PlainSocket& operator=(const PlainSocket&) = delete;
  ~PlainSocket() override { ::close(descriptor_); }

  SocketStep read(char* into, std::size_t capacity) override {
    const auto got = ::recv(descriptor_, into, capacity, 0);
    if (got > 0) return {.kind = SocketStep::Kind::bytes, .bytes = static_cast<std::size_t>(got)};
    if (got == 0) return {.kind = SocketStep::Kind::closed};
    return step_for_errno(SocketStep::Kind::wants_read);
  }
  SocketStep write(std::string_view bytes) override {
    const auto sent = ::send(descriptor_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent >= 0)
      return {.kind = SocketStep::Kind::bytes, .bytes = static_cast<std::size_t>(sent)};
    return step_for_errno(SocketStep::Kind::wants_write);
  }
  void shut_down() override { ::shutdown(descriptor_, SHUT_WR); }
  void reset_on_close() override {
    const linger at_once{.l_onoff = 1, .l_linger = 0};
    ::setsockopt(descriptor_, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
  }
  int descriptor() const override { return descriptor_; }

 private:
  int descriptor_;
};

struct AddressList {
  addrinfo* first = nullptr;
  AddressList() = default;
  AddressList(const AddressList&) = delete;
  AddressList& operator=(const AddressList&) = delete;
  ~AddressList() {
    if (first != nullptr) ::freeaddrinfo(first);
  }
};

}  // namespace

std::unique_ptr<ServerSocket> make_plain_socket(int descriptor) {
  return std::make_unique<PlainSocket>(descriptor);
}

namespace {

Result<int> listen_at(const std::string& address, std::uint16_t port) {
  addrinfo wanted{};
  wanted.ai_flags = AI_PASSIVE | AI_NUMERICHOST | AI_NUMERICSERV;
  wanted.ai_socktype = SOCK_STREAM;
  const auto host = address == "localhost" ? std::string("127.0.0.1") : address;
  AddressList list;
  if (::getaddrinfo(host.c_str(), std::to_string(port).c_str(), &wanted, &list.first) != 0) {
    return fail(ErrorKind::usage, "cannot listen on " + address + ":" + std::to_string(port) +
                                      ": not a numeric address");
  }
  const int descriptor =
      ::socket(list.first->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (descriptor < 0)
    return fail(ErrorKind::connect, "cannot listen: " + std::string(std::strerror(errno)));
  const int yes = 1;
  ::setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
  if (list.first->ai_family == AF_INET6) {
    // "::" takes IPv4 as well, whatever the machine's default is (RFC 3493 section 5.3).
    const int no = 0;
    ::setsockopt(descriptor, IPPROTO_IPV6, IPV6_V6ONLY, &no, sizeof no);
  }
  if (::bind(descriptor, list.first->ai_addr, list.first->ai_addrlen) != 0 ||
      ::listen(descriptor, SOMAXCONN) != 0) {
    const std::string why = std::strerror(errno);
    ::close(descriptor);
    return fail(ErrorKind::connect,
                "cannot listen on " + address_text(*list.first->ai_addr) + ": " + why);
  }
  return descriptor;
}

}  // namespace

Result<int> listen_on(const std::string& address, std::uint16_t port) {
  if (!address.empty()) return listen_at(address, port);
  auto both_families = listen_at("::", port);
  return both_families ? both_families : listen_at("0.0.0.0", port);
}

std::uint16_t local_port(int descriptor) {
  sockaddr_storage address{};
  socklen_t size = sizeof address;
  if (::getsockname(descriptor, reinterpret_cast<sockaddr*>(&address), &size) != 0) return 0;
  if (address.ss_family == AF_INET6) {
    return ntohs(reinterpret_cast<const sockaddr_in6*>(&address)->sin6_port);
  }
  return ntohs(reinterpret_cast<const sockaddr_in*>(&address)->sin_port);
}

int accept_from(int listener) {
  const int descriptor = ::accept4(listener, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
  if (descriptor < 0) return -1;
  // Answers are written whole, so waiting for more to send would only add latency.
  const int yes = 1;
  ::setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
  return descriptor;
}

}  // namespace mcp

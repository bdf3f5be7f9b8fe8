#include "tests/integration/io/raw_server.hpp"

#include <arpa/inet.h>
#include <doctest/doctest.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>

#include <array>
#include <charconv>
#include <csignal>

namespace mcp {
namespace {

SSL_CTX* make_context(const TlsServerFiles& files) {
  auto* context = SSL_CTX_new(TLS_server_method());
  REQUIRE(SSL_CTX_use_certificate_chain_file(context, files.certificate.c_str()) == 1);
  REQUIRE(SSL_CTX_use_PrivateKey_file(context, files.key.c_str(), SSL_FILETYPE_PEM) == 1);
  if (!files.client_ca.empty()) {
    REQUIRE(SSL_CTX_load_verify_locations(context, files.client_ca.c_str(), nullptr) == 1);
    SSL_CTX_set_verify(context, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, nullptr);
  }
  return context;
}

std::size_t content_length(std::string_view head) {
  constexpr std::string_view field = "Content-Length: ";
  std::size_t length = 0;
  const auto at = head.find(field);
  if (at == std::string_view::npos) return 0;
  const auto digits = head.substr(at + field.size());
  std::from_chars(digits.data(), digits.data() + digits.size(), length);
  return length;
}

}  // namespace

RawConnection::~RawConnection() {
  if (!tls_) return;
  SSL_shutdown(tls_);
  SSL_free(tls_);
}

long RawConnection::read_some(char* data, std::size_t size) {
  if (tls_) return SSL_read(tls_, data, static_cast<int>(size));
  return ::recv(socket_.get(), data, size, 0);
}

std::string RawConnection::read_request() {
  std::array<char, 4096> block{};
  while (true) {
    const auto end = buffer_.find("\r\n\r\n");
    if (end != std::string::npos) {
      const auto whole = end + 4 + content_length({buffer_.data(), end});
      if (buffer_.size() >= whole) {
        auto request = buffer_.substr(0, whole);
        buffer_.erase(0, whole);
        return request;
      }
    }
    const auto count = read_some(block.data(), block.size());
    if (count <= 0) return {};
    buffer_.append(block.data(), static_cast<std::size_t>(count));
  }
}

bool RawConnection::send(std::string_view bytes) {
  while (!bytes.empty()) {
    const long count = tls_ ? SSL_write(tls_, bytes.data(), static_cast<int>(bytes.size()))
                            : ::send(socket_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (count <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(count));
  }
  return true;
}

void RawConnection::answer(std::string_view status, std::string_view headers,
                           std::string_view body) {
  send("HTTP/1.1 " + std::string(status) + "\r\n" + std::string(headers) +
       "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + std::string(body));
}

void RawConnection::wait_closed() {
  std::array<char, 4096> block{};
  while (read_some(block.data(), block.size()) > 0) {
  }
}

void RawConnection::wait_without_reading() {
  pollfd hang_up{.fd = socket_.get(), .events = POLLRDHUP, .revents = 0};
  ::poll(&hang_up, 1, 10'000);
}

void RawConnection::reset() {
  const linger at_once{.l_onoff = 1, .l_linger = 0};
  ::setsockopt(socket_.get(), SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
  socket_.reset();
}

void RawConnection::interrupt() {
  ::shutdown(socket_.get(), SHUT_RDWR);
}

RawServer::RawServer(Script script, const TlsServerFiles* tls) : script_(std::move(script)) {
  if (tls) context_.reset(make_context(*tls));
  listener_ = Descriptor(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  auto* generic = reinterpret_cast<sockaddr*>(&address);
  REQUIRE(::bind(listener_.get(), generic, size) == 0);
  REQUIRE(::listen(listener_.get(), 128) == 0);
  REQUIRE(::getsockname(listener_.get(), generic, &size) == 0);
  port_ = ntohs(address.sin_port);
  acceptor_ = std::thread([this] { accept_all(); });
}

RawServer::~RawServer() {
  ::shutdown(listener_.get(), SHUT_RDWR);
  acceptor_.join();
  {
    const std::lock_guard lock(mutex_);
    ending_ = true;
    for (auto* connection : open_) connection->interrupt();
  }
  for (auto& thread : threads_) thread.join();
}

std::string RawServer::url(std::string_view target) const {
  return (context_ ? "https://" : "http://") + address() + std::string(target);
}

void RawServer::accept_all() {
  while (true) {
    Descriptor socket(::accept4(listener_.get(), nullptr, nullptr, SOCK_CLOEXEC));
    if (!socket) return;
    const int number = connections_++;
    threads_.emplace_back(
        [this, number, socket = std::move(socket)]() mutable { serve(std::move(socket), number); });
  }
}

void RawServer::serve(Descriptor socket, int number) {
  // OpenSSL writes to clients that have gone. The client under test must do without this.
  sigset_t pipe_signal;
  sigemptyset(&pipe_signal);
  sigaddset(&pipe_signal, SIGPIPE);
  pthread_sigmask(SIG_BLOCK, &pipe_signal, nullptr);
  SSL* tls = nullptr;
  if (context_) {
    // A client that breaks off in the handshake closes the socket, so this does not wait for ever.
    tls = SSL_new(context_.get());
    SSL_set_fd(tls, socket.get());
    if (SSL_accept(tls) != 1) {
      // Closing with unread bytes would be a reset, which overtakes the alert that was sent.
      ::shutdown(socket.get(), SHUT_WR);
      SSL_free(tls);
      RawConnection(std::move(socket), nullptr).wait_closed();
      return;
    }
  }
  RawConnection connection(std::move(socket), tls);
  {
    const std::lock_guard lock(mutex_);
    if (ending_) return;
    open_.push_back(&connection);
  }
  script_(connection, number);
  const std::lock_guard lock(mutex_);
  open_.remove(&connection);
}

}  // namespace mcp

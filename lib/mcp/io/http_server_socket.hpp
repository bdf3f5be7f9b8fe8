#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

#include "mcp/base/error.hpp"

namespace mcp {

/// What became of a read or a write: some bytes, or the readiness to wait for, or the end.
struct SocketStep {
  enum class Kind { bytes, wants_read, wants_write, closed };
  Kind kind = Kind::bytes;
  std::size_t bytes = 0;
};

/// One accepted, non-blocking TCP connection, plain or TLS. Owns the descriptor.
class ServerSocket {
 public:
  virtual ~ServerSocket() = default;
  virtual SocketStep read(char* into, std::size_t capacity) = 0;
  virtual SocketStep write(std::string_view bytes) = 0;
  /// Tells the peer that nothing more comes: FIN, and for TLS close_notify before it.
  virtual void shut_down() = 0;
  /// Makes the destructor send RST in place of FIN (SO_LINGER of 0).
  virtual void reset_on_close() = 0;
  virtual int descriptor() const = 0;
  /// Decrypted bytes that wait inside, so that the descriptor alone does not tell readiness.
  virtual bool has_pending() const { return false; }
};

std::unique_ptr<ServerSocket> make_plain_socket(int descriptor);

/// Makes TLS sockets with one certificate.
class TlsAcceptor {
 public:
  virtual ~TlsAcceptor() = default;
  virtual std::unique_ptr<ServerSocket> accept(int descriptor) = 0;
};
Result<std::unique_ptr<TlsAcceptor>> make_tls_acceptor(const std::string& certificate_file,
                                                       const std::string& key_file);

/// Non-blocking and listening; the caller owns the descriptor. "localhost" is 127.0.0.1, and none
/// is all addresses of the machine, those of IPv6 too where it has it.
Result<int> listen_on(const std::string& address, std::uint16_t port);
std::uint16_t local_port(int descriptor);
/// The next waiting connection, non-blocking; -1 with errno where there is none.
int accept_from(int listener);

}  // namespace mcp

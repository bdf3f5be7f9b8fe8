#pragma once

#include <openssl/ssl.h>

#include <atomic>
#include <functional>
#include <list>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>

#include "mcp/io/descriptor.hpp"

namespace mcp {

/// One accepted connection of a RawServer, blocking. Reads give "" and writes do nothing once the
/// peer or the server's end has closed it.
class RawConnection {
 public:
  RawConnection(Descriptor socket, SSL* tls) : socket_(std::move(socket)), tls_(tls) {}
  RawConnection(const RawConnection&) = delete;
  RawConnection& operator=(const RawConnection&) = delete;
  ~RawConnection();

  /// Header and body (by Content-Length) of the next request; "" at the end.
  std::string read_request();
  /// False once nobody takes the bytes any more.
  bool send(std::string_view bytes);
  /// Head and body of an answer whose Content-Length is right.
  void answer(std::string_view status, std::string_view headers, std::string_view body);
  /// Until the peer closes the connection, or the server ends.
  void wait_closed();
  /// Until the peer or the server ends, leaving what the peer sends in its way.
  void wait_without_reading();
  /// Closes with RST.
  void reset();
  /// From another thread: wakes whoever waits in one of the above.
  void interrupt();

 private:
  long read_some(char* data, std::size_t size);

  Descriptor socket_;
  SSL* tls_;
  std::string buffer_;
};

struct TlsServerFiles {
  std::string certificate;  // PEM: the chain
  std::string key;
  std::string client_ca;  // empty: no client certificate is asked for
};

/// A server on 127.0.0.1 whose answers a test writes byte by byte. Each connection has a thread.
class RawServer {
 public:
  /// `number` counts the connections from 0.
  using Script = std::function<void(RawConnection&, int number)>;

  explicit RawServer(Script script, const TlsServerFiles* tls = nullptr);
  /// Closes what is open, and waits for the scripts to end.
  ~RawServer();

  int port() const { return port_; }
  std::string url(std::string_view target = "/mcp") const;
  std::string address() const { return "127.0.0.1:" + std::to_string(port_); }
  int connections() const { return connections_; }

 private:
  void accept_all();
  void serve(Descriptor socket, int number);

  Script script_;
  std::unique_ptr<SSL_CTX, decltype(&SSL_CTX_free)> context_{nullptr, SSL_CTX_free};
  Descriptor listener_;
  int port_ = 0;
  std::atomic<int> connections_ = 0;
  std::mutex mutex_;
  bool ending_ = false;
  std::list<RawConnection*> open_;
  std::list<std::thread> threads_;
  std::thread acceptor_;
};

}  // namespace mcp

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <climits>
#include <string>

#include "mcp/io/http_server_socket.hpp"

namespace mcp {

namespace {

struct FreeContext {
  void operator()(SSL_CTX* context) const { SSL_CTX_free(context); }
};
struct FreeSsl {
  void operator()(SSL* ssl) const { SSL_free(ssl); }
};
using ContextPtr = std::unique_ptr<SSL_CTX, FreeContext>;
using SslPtr = std::unique_ptr<SSL, FreeSsl>;

int bounded(std::size_t size) {
  return static_cast<int>(std::min<std::size_t>(size, INT_MAX));
}

/// The handshake is done by the first reads.
class TlsSocket : public ServerSocket {
 public:
  TlsSocket(SslPtr ssl, int descriptor)
      : plain_(make_plain_socket(descriptor)), ssl_(std::move(ssl)) {}

  SocketStep read(char* into, std::size_t capacity) override {
    ERR_clear_error();
    return step(SSL_read(ssl_.get(), into, bounded(capacity)));
  }
  SocketStep write(std::string_view bytes) override {
    ERR_clear_error();
    return step(SSL_write(ssl_.get(), bytes.data(), bounded(bytes.size())));
  }
  void shut_down() override {
    ERR_clear_error();
    if (SSL_is_init_finished(ssl_.get()) != 0) SSL_shutdown(ssl_.get());
    plain_->shut_down();
  }
  void reset_on_close() override { plain_->reset_on_close(); }
  int descriptor() const override { return plain_->descriptor(); }
  bool has_pending() const override { return SSL_pending(ssl_.get()) > 0; }

 private:
  SocketStep step(int result) {
    if (result > 0) {
      return {.kind = SocketStep::Kind::bytes, .bytes = static_cast<std::size_t>(result)};
    }
    switch (SSL_get_error(ssl_.get(), result)) {
      case SSL_ERROR_WANT_READ:
        return {.kind = SocketStep::Kind::wants_read};
      case SSL_ERROR_WANT_WRITE:
        return {.kind = SocketStep::Kind::wants_write};
      default:
        return {.kind = SocketStep::Kind::closed};
    }
  }

  std::unique_ptr<ServerSocket> plain_;  // outlives ssl_, which uses its descriptor
  SslPtr ssl_;
};

class Acceptor : public TlsAcceptor {
 public:
  explicit Acceptor(ContextPtr context) : context_(std::move(context)) {}
  std::unique_ptr<ServerSocket> accept(int descriptor) override {
    SslPtr ssl(SSL_new(context_.get()));
    if (ssl == nullptr || SSL_set_fd(ssl.get(), descriptor) != 1) {
      ::close(descriptor);
      return nullptr;
    }
    SSL_set_accept_state(ssl.get());
    return std::make_unique<TlsSocket>(std::move(ssl), descriptor);
  }

 private:
  ContextPtr context_;
};

std::string last_reason() {
  const auto* reason = ERR_reason_error_string(ERR_get_error());
  return reason == nullptr ? "unknown reason" : reason;
}

/// Clients that offer ALPN must get http/1.1: this server speaks nothing else.
int choose_protocol(SSL* /*ssl*/, const unsigned char** out, unsigned char* out_size,
                    const unsigned char* in, unsigned int in_size, void* /*argument*/) {
  static constexpr std::array<unsigned char, 9> http1{8, 'h', 't', 't', 'p', '/', '1', '.', '1'};
  unsigned char* chosen = nullptr;
  if (SSL_select_next_proto(&chosen, out_size, http1.data(), http1.size(), in, in_size) !=
      OPENSSL_NPN_NEGOTIATED) {
    return SSL_TLSEXT_ERR_NOACK;
  }
  *out = chosen;
  return SSL_TLSEXT_ERR_OK;
}

}  // namespace

Result<std::unique_ptr<TlsAcceptor>> make_tls_acceptor(const std::string& certificate_file,
                                                       const std::string& key_file) {
  ContextPtr context(SSL_CTX_new(TLS_server_method()));
  if (context == nullptr) return fail(ErrorKind::tls, "cannot set up TLS: " + last_reason());
  SSL_CTX_set_min_proto_version(context.get(), TLS1_2_VERSION);
  SSL_CTX_set_mode(context.get(), SSL_MODE_ENABLE_PARTIAL_WRITE |
                                      SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER |
                                      SSL_MODE_RELEASE_BUFFERS);
  SSL_CTX_set_alpn_select_cb(context.get(), choose_protocol, nullptr);
  ERR_clear_error();
  if (SSL_CTX_use_certificate_chain_file(context.get(), certificate_file.c_str()) != 1) {
    return fail(ErrorKind::usage,
                "cannot use certificate " + certificate_file + ": " + last_reason());
  }
  if (SSL_CTX_use_PrivateKey_file(context.get(), key_file.c_str(), SSL_FILETYPE_PEM) != 1) {
    return fail(ErrorKind::usage, "cannot use key " + key_file + ": " + last_reason());
  }
  return std::make_unique<Acceptor>(std::move(context));
}

}  // namespace mcp

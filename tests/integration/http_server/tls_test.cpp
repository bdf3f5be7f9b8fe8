#include <doctest/doctest.h>
#include <openssl/ssl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>

#include "tests/integration/http_server/http_client.hpp"

using namespace mcp;

namespace {

/// A self-signed certificate, made by the openssl command, gone with this object.
struct Certificate {
  std::filesystem::path folder;
  Certificate() {
    std::string name = (std::filesystem::temp_directory_path() / "mcp-tls-XXXXXX").string();
    folder = ::mkdtemp(name.data());
    const auto command =
        "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 "
        "-nodes -days 2 -subj /CN=localhost -keyout " +
        key() + " -out " + chain() + " 2>/dev/null";
    REQUIRE(std::system(command.c_str()) == 0);  // NOLINT(cert-env33-c): a fixed command
  }
  ~Certificate() { std::filesystem::remove_all(folder); }
  Certificate(const Certificate&) = delete;
  Certificate& operator=(const Certificate&) = delete;
  std::string chain() const { return (folder / "cert.pem").string(); }
  std::string key() const { return (folder / "key.pem").string(); }
};

HttpServerOptions tls_options(const Certificate& certificate) {
  HttpServerOptions options;
  options.certificate_file = certificate.chain();
  options.key_file = certificate.key();
  return options;
}

/// The two ends of a TLS client over memory: what to send, and what was decrypted.
struct TlsClient {
  SSL_CTX* context = SSL_CTX_new(TLS_client_method());
  SSL* ssl = SSL_new(context);
  BIO* in = BIO_new(BIO_s_mem());
  BIO* out = BIO_new(BIO_s_mem());
  TlsClient() {
    SSL_set_bio(ssl, in, out);
    SSL_set_connect_state(ssl);
  }
  ~TlsClient() {
    SSL_free(ssl);
    SSL_CTX_free(context);
  }
  TlsClient(const TlsClient&) = delete;
  TlsClient& operator=(const TlsClient&) = delete;
  std::string take_output() {
    std::string bytes(65536, '\0');
    const int got = BIO_read(out, bytes.data(), static_cast<int>(bytes.size()));
    bytes.resize(got > 0 ? static_cast<std::size_t>(got) : 0);
    return bytes;
  }
};

}  // namespace

TEST_CASE("http server: a certificate that cannot be read is a usage error") {
  HttpServerOptions options;
  options.certificate_file = "/nonexistent";
  const auto loop = make_loop();
  ScriptedHandler handler({});
  const auto server = make_http_server(*loop, options, handler);
  REQUIRE_FALSE(server.has_value());
  CHECK(server.error().kind == ErrorKind::usage);
  CHECK(server.error().message.starts_with("cannot use certificate /nonexistent"));
}

TEST_CASE("http server: over TLS it answers a request of more than one record") {
  const Certificate certificate;
  ServerFixture fixture(
      [](const HttpServerRequest& request, std::unique_ptr<HttpResponder> responder) {
        responder->respond(200, {}, std::string(request.body.size(), 'y'));
      },
      tls_options(certificate));
  RawClient raw(fixture);
  TlsClient tls;
  const std::string request =
      "POST / HTTP/1.1\r\nContent-Length: 100000\r\n\r\n" + std::string(100'000, 'x');
  std::string answer;
  bool sent = false;
  for (int round = 0; round < 1000 && answer.size() <= 100'000; ++round) {
    if (!sent) {
      sent = SSL_write(tls.ssl, request.data(), static_cast<int>(request.size())) > 0;
    }
    std::string buffer(65536, '\0');
    int got = 0;
    while (sent && (got = SSL_read(tls.ssl, buffer.data(), static_cast<int>(buffer.size()))) > 0) {
      answer.append(buffer, 0, static_cast<std::size_t>(got));
    }
    for (auto bytes = tls.take_output(); !bytes.empty(); bytes = tls.take_output()) raw.send(bytes);
    const auto bytes = raw.receive_now();
    BIO_write(tls.in, bytes.data(), static_cast<int>(bytes.size()));
  }
  CHECK(answer.starts_with("HTTP/1.1 200 OK"));
  CHECK(answer.size() > 100'000);
}

TEST_CASE("http server: plain HTTP on a TLS port ends the connection") {
  const Certificate certificate;
  ServerFixture fixture({}, tls_options(certificate));
  RawClient client(fixture);
  client.send("GET / HTTP/1.1\r\n\r\n");
  client.receive_all();
  CHECK(client.ending != "open");
  CHECK(fixture.handler.requests == 0);
}

#include <arpa/inet.h>
#include <doctest/doctest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <fstream>
#include <string>

#include "mcp/io/child_process.hpp"
#include "mcp/io/spawn.hpp"
#include "tests/integration/io/recorded_exchange.hpp"
#include "tests/integration/io/test_certificates.hpp"

using namespace mcp;
using namespace std::chrono_literals;

namespace {

std::string nginx() {
  return find_program("nginx", "/usr/sbin:/usr/bin:/usr/local/sbin");
}

int free_port() {
  const Descriptor socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  REQUIRE(socket.get() >= 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  auto* generic = reinterpret_cast<sockaddr*>(&address);
  REQUIRE(::bind(socket.get(), generic, size) == 0);
  REQUIRE(::getsockname(socket.get(), generic, &size) == 0);
  return ntohs(address.sin_port);
}

struct Ignored final : ChildObserver {
  void on_stdout(std::string_view) override {}
  void on_stdout_closed() override {}
  void on_stderr(std::string_view bytes) override { errors += bytes; }
  void on_exit(ChildExit) override {}
  std::string errors;
};

/// nginx with HTTP/2 over TLS, in the clear, and on a Unix socket.
class NginxServer {
 public:
  explicit NginxServer(Loop& loop) : files_(authority.issue()), spawner_(make_child_spawner(loop)) {
    const auto config = directory_.path("nginx.conf");
    std::ofstream(config) << configuration();
    auto child = spawner_->spawn({.argv = {nginx(), "-e", "stderr", "-p", directory_.path(""), "-c",
                                           config, "-g", "daemon off;"}},
                                 seen_);
    REQUIRE_MESSAGE(child.has_value(), (child ? "" : child.error().message));
    child_ = std::move(*child);
    const auto ready = [&] { return ::access(socket.c_str(), F_OK) == 0; };
    // A file that appears wakes no loop.
    const auto latest = Clock::now() + 10s;
    while (!ready() && Clock::now() < latest) loop.turn(Clock::now() + 10ms);
    REQUIRE_MESSAGE(ready(), seen_.errors);
  }

  TestAuthority authority;
  int tls_port = free_port();
  int clear_port = free_port();

 private:
  std::string configuration() const;

  TemporaryDirectory directory_;
  TlsServerFiles files_;
  Ignored seen_;
  std::unique_ptr<ChildSpawner> spawner_;
  std::unique_ptr<ChildProcess> child_;

 public:
  std::string socket = directory_.path("nginx.socket");
};

std::string NginxServer::configuration() const {
  return "pid " + directory_.path("pid") +
         ";\nworker_processes 1;\nerror_log stderr;\nevents { worker_connections 64; }\n"
         "http {\n  access_log off;\n  client_body_temp_path " +
         directory_.path("body") + ";\n  proxy_temp_path " + directory_.path("proxy") +
         ";\n  fastcgi_temp_path " + directory_.path("fastcgi") + ";\n  uwsgi_temp_path " +
         directory_.path("uwsgi") + ";\n  scgi_temp_path " + directory_.path("scgi") +
         ";\n  server {\n    listen 127.0.0.1:" + std::to_string(tls_port) +
         " ssl http2;\n    listen 127.0.0.1:" + std::to_string(clear_port) +
         " http2;\n    listen unix:" + socket + ";\n    ssl_certificate " + files_.certificate +
         ";\n    ssl_certificate_key " + files_.key +
         ";\n    location / { return 200 \"$server_protocol $request_method $http_x_test\"; }\n"
         "    location /missing { return 404; }\n  }\n}\n";
}

}  // namespace

TEST_CASE("http2: over TLS it is chosen by ALPN, unless HTTP/1.1 is asked for" *
          doctest::skip(nginx().empty())) {
  HttpBench plain;
  const NginxServer server(*plain.loop);
  const auto url = "https://127.0.0.1:" + std::to_string(server.tls_port);
  const auto ca = server.authority.ca_file();
  HttpBench automatic({.no_proxy = true, .ca_file = ca});
  const auto two = automatic.run({.method = "GET", .url = url, .headers = {{"X-Test", "a b"}}});
  REQUIRE_MESSAGE(two.succeeded(), two.error().message);
  CHECK(two.body == "HTTP/2.0 GET a b");
  CHECK(two.timings().http_version == "2");
  CHECK(two.head->status == 200);
  CHECK(two.timings().earliest_certificate_expiry.has_value());
  const auto again = automatic.run({.method = "GET", .url = url + "/missing"});
  CHECK(again.head->status == 404);
  CHECK_FALSE(again.timings().new_connection);
  HttpBench one({.no_proxy = true, .ca_file = ca, .version = HttpVersion::http1});
  const auto old = one.run({.method = "GET", .url = url});
  CHECK(old.body == "HTTP/1.1 GET ");
  CHECK(old.timings().http_version == "1.1");
}

TEST_CASE("http2: in the clear only where it is forced, by prior knowledge" *
          doctest::skip(nginx().empty())) {
  HttpBench forced({.no_proxy = true, .version = HttpVersion::http2});
  const NginxServer server(*forced.loop);
  // Again, because libcurl 7.88 cannot reuse such a connection.
  for (int exchange = 0; exchange < 2; ++exchange) {
    const auto seen = forced.run({.url = "http://127.0.0.1:" + std::to_string(server.clear_port)});
    REQUIRE_MESSAGE(seen.succeeded(), seen.error().message);
    CHECK(seen.body == "HTTP/2.0 POST ");
    CHECK(seen.timings().http_version == "2");
  }
}

TEST_CASE("http2: an exchange that is destroyed leaves its connection to the others" *
          doctest::skip(nginx().empty())) {
  HttpBench plain;
  const NginxServer server(*plain.loop);
  HttpBench bench({.no_proxy = true, .ca_file = server.authority.ca_file()});
  const auto url = "https://127.0.0.1:" + std::to_string(server.tls_port);
  CHECK(bench.run({.url = url}).timings().new_connection);
  RecordedExchange gone;
  RecordedExchange stays;
  auto first = bench.http->start({.url = url}, gone);
  const auto second = bench.http->start({.url = url}, stays);
  gone.when_head = [&] { first.reset(); };
  REQUIRE(turn_until(*bench.loop, [&] { return stays.finished(); }));
  CHECK_MESSAGE(stays.body == "HTTP/2.0 POST ", stays.error().message);
  CHECK_FALSE(stays.timings().new_connection);
  CHECK_FALSE(gone.finished());
}

TEST_CASE("route: through a Unix socket" * doctest::skip(nginx().empty())) {
  HttpBench plain;
  const NginxServer server(*plain.loop);
  HttpBench bench({.no_proxy = true, .unix_socket = server.socket});
  const auto seen = bench.run({.url = "http://mcp.test/"});
  REQUIRE_MESSAGE(seen.succeeded(), seen.error().message);
  CHECK(seen.body == "HTTP/1.1 POST ");
  CHECK(seen.timings().peer_address == server.socket);
}

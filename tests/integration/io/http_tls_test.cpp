#include <doctest/doctest.h>

#include <string>

#include "tests/integration/io/recorded_exchange.hpp"
#include "tests/integration/io/test_certificates.hpp"

using namespace mcp;
using namespace std::chrono_literals;

namespace {

void answer(RawConnection& connection, int) {
  while (!connection.read_request().empty()) connection.answer("200 OK", "", "secret");
}

bool contains(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

Error refusal(const TlsServerFiles& files, const HttpOptions& options) {
  const RawServer server(answer, &files);
  HttpBench bench(options);
  const auto seen = bench.run({.url = server.url()});
  CHECK(seen.body.empty());
  auto error = seen.error();
  const auto at = error.message.find(server.address());
  if (at != std::string::npos) error.message.replace(at, server.address().size(), "ADDRESS");
  return error;
}

HttpOptions trusting(const TestAuthority& authority) {
  return {.no_proxy = true, .ca_file = authority.ca_file()};
}

}  // namespace

TEST_CASE(
    "tls: a certificate of a trusted authority is accepted; expiry, subject and time are told") {
  TestAuthority authority;
  const auto files = authority.issue({.common_name = "mcp one", .until = 48h});
  const RawServer server(answer, &files);
  HttpBench bench(trusting(authority));
  const auto first = bench.run({.url = server.url()});
  REQUIRE_MESSAGE(first.succeeded(), first.error().message);
  CHECK(first.body == "secret");
  CHECK(first.timings().connect > 0us);
  CHECK(first.timings().tls > 0us);
  CHECK(first.timings().tls_subject == "CN = mcp one");
  const auto left =
      first.timings().earliest_certificate_expiry.value() - std::chrono::system_clock::now();
  CHECK(left > 47h);
  CHECK(left <= 48h);
  const auto second = bench.run({.url = server.url()});
  CHECK(second.timings().tls == 0us);
  CHECK(server.connections() == 1);
}

TEST_CASE("tls: the earliest expiry of the whole chain counts") {
  TestAuthority authority;
  const auto files = authority.issue_with_root({.until = std::chrono::hours(24 * 400)});
  const RawServer server(answer, &files);
  HttpBench bench(trusting(authority));
  const auto seen = bench.run({.url = server.url()});
  REQUIRE_MESSAGE(seen.succeeded(), seen.error().message);
  const auto left =
      seen.timings().earliest_certificate_expiry.value() - std::chrono::system_clock::now();
  CHECK(left < std::chrono::hours(24 * 31));
}

TEST_CASE("tls: connecting only finishes the handshake and tells the certificate") {
  TestAuthority authority;
  const auto files = authority.issue({.until = 24h});
  const RawServer server(answer, &files);
  HttpBench bench(trusting(authority));
  const auto seen = bench.connect({.url = server.url()});
  REQUIRE_MESSAGE(seen.succeeded(), seen.error().message);
  CHECK(seen.timings().connect > 0us);
  CHECK(seen.timings().tls > 0us);
  CHECK(seen.timings().earliest_certificate_expiry.has_value());
  CHECK(seen.timings().peer_address == server.address());
}

TEST_CASE("tls: an unknown authority, told apart from a self-signed certificate") {
  TestAuthority authority;
  TestAuthority other("other authority");
  const auto unknown = refusal(authority.issue(), trusting(other));
  CHECK(unknown.kind == ErrorKind::tls);
  CHECK(unknown.message == "the certificate of ADDRESS was issued by an unknown authority");
  CHECK(contains(unknown.hint, "--cacert"));
  const auto root = refusal(authority.issue_with_root(), trusting(other));
  CHECK(root.message ==
        "the certificate of ADDRESS was issued by an authority that is not trusted here: CN = test "
        "authority");
  const auto self = refusal(authority.self_signed(), trusting(other));
  CHECK(self.kind == ErrorKind::tls);
  CHECK(self.message == "the certificate of ADDRESS is self-signed");
}

TEST_CASE("tls: a self-signed certificate that is given as CA file is accepted") {
  TestAuthority authority;
  const auto files = authority.self_signed();
  const RawServer server(answer, &files);
  HttpBench bench({.no_proxy = true, .ca_file = files.certificate});
  const auto seen = bench.run({.url = server.url()});
  CHECK_MESSAGE(seen.succeeded(), seen.error().message);
}

TEST_CASE("tls: expired and not yet valid certificates name the date") {
  TestAuthority authority;
  const auto expired = refusal(authority.issue({.from = -48h, .until = -24h}), trusting(authority));
  CHECK(expired.kind == ErrorKind::tls);
  CHECK(expired.message.starts_with("the certificate of ADDRESS expired on 2"));
  CHECK(expired.message.ends_with(" UTC"));
  CHECK(expired.hint == "renew the certificate");
  const auto early = refusal(authority.issue({.from = 24h, .until = 48h}), trusting(authority));
  CHECK(early.message.starts_with("the certificate of ADDRESS is not valid before 2"));
}

TEST_CASE("tls: a certificate for another host names the hosts it is for") {
  TestAuthority authority;
  const auto error = refusal(authority.issue({.names = {"DNS:a.test", "IP:10.1.2.3", "IP:::1"}}),
                             trusting(authority));
  CHECK(error.kind == ErrorKind::tls);
  CHECK(error.message ==
        "the certificate of ADDRESS is not for 127.0.0.1: it is for a.test, 10.1.2.3, ::1");
}

TEST_CASE("tls: insecure accepts any certificate, and still tells its expiry") {
  TestAuthority authority;
  const auto files = authority.issue({.names = {"DNS:a.test"}, .from = -48h, .until = -24h});
  const RawServer server(answer, &files);
  HttpBench bench({.no_proxy = true, .insecure = true});
  const auto seen = bench.run({.url = server.url()});
  REQUIRE_MESSAGE(seen.succeeded(), seen.error().message);
  CHECK(seen.timings().earliest_certificate_expiry.value() < std::chrono::system_clock::now());
}

TEST_CASE("tls: a client certificate is shown where the server demands one") {
  TestAuthority authority;
  auto files = authority.issue();
  files.client_ca = authority.ca_file();
  const auto client = authority.issue({.common_name = "client", .names = {}});
  auto options = trusting(authority);
  const auto without = refusal(files, options);
  CHECK(without.kind == ErrorKind::tls);
  CHECK(without.message == "ADDRESS demands a client certificate");
  options.client_certificate = client.certificate;
  options.client_key = client.key;
  const RawServer server(answer, &files);
  HttpBench bench(options);
  const auto seen = bench.run({.url = server.url()});
  CHECK_MESSAGE(seen.succeeded(), seen.error().message);
}

TEST_CASE("tls: a client key that does not fit is an error of usage that names the file") {
  TestAuthority authority;
  const auto client = authority.issue({.common_name = "client"});
  auto options = trusting(authority);
  options.client_certificate = client.certificate;
  options.client_key = authority.ca_file();
  const auto error = refusal(authority.issue(), options);
  CHECK(error.kind == ErrorKind::usage);
  CHECK(contains(error.message, authority.ca_file()));
}

TEST_CASE("tls: https to a server that speaks plain http is told as that") {
  const RawServer server([](RawConnection& connection, int) {
    connection.send("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n");
    connection.wait_closed();
  });
  HttpBench bench;
  const auto error = bench.run({.url = "https://" + server.address()}).error();
  CHECK(error.kind == ErrorKind::tls);
  CHECK(error.message == server.address() + " does not speak TLS");
  CHECK(error.hint == "is it an http:// URL?");
}

TEST_CASE("tls: http to a server that speaks TLS only") {
  TestAuthority authority;
  const auto files = authority.issue();
  const RawServer server(answer, &files);
  HttpBench bench;
  const auto error = bench.run({.url = "http://" + server.address()}).error();
  CHECK(error.kind == ErrorKind::http);
}

TEST_CASE("tls: a peer that breaks off in the handshake") {
  const RawServer server([](RawConnection&, int) {});
  HttpBench bench;
  const auto error = bench.run({.url = "https://" + server.address()}).error();
  CHECK(error.kind == ErrorKind::tls);
  CHECK(contains(error.message, "handshake with " + server.address()));
}

TEST_CASE("tls: files that cannot be read are errors of usage before anything starts") {
  const auto loop = make_tested_loop();
  const auto ca = make_tested_http(*loop, {.ca_file = "/no/such/ca.pem"});
  REQUIRE_FALSE(ca.has_value());
  CHECK(ca.error().kind == ErrorKind::usage);
  CHECK(ca.error().message ==
        "CA file \"/no/such/ca.pem\" cannot be read: No such file or directory");
  CHECK_FALSE(make_tested_http(*loop, {.client_certificate = "/no/such.pem"}).has_value());
  CHECK_FALSE(make_tested_http(*loop, {.client_key = "/no/such.key"}).has_value());
}

TEST_CASE("tls: a CA file that holds no certificate is an error of usage that names it") {
  TestAuthority authority;
  const auto files = authority.issue();
  const auto error = refusal(files, {.no_proxy = true, .ca_file = files.key});
  CHECK(error.kind == ErrorKind::usage);
  CHECK(contains(error.message, files.key));
}

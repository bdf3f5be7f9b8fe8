#include "mcp/base/url.hpp"

#include <doctest/doctest.h>

#include <string>
#include <tuple>
#include <vector>

using namespace mcp;

namespace {

std::string parsed(std::string_view text) {
  const auto url = parse_url(text);
  return url ? url->scheme + "|" + url->host + "|" + std::to_string(url->port) + "|" + url->target
             : "error: " + url.error().message;
}

std::string resolved(std::string_view base, std::string_view reference) {
  const auto url = resolve_reference(*parse_url(base), reference);
  return url ? url->to_string() : "error: " + url.error().message;
}

}  // namespace

TEST_CASE("url: the parts are read and normalised") {
  CHECK(parsed("http://localhost:3000/mcp") == "http|localhost|3000|/mcp");
  CHECK(parsed("HTTPS://Example.COM/Mcp?A=b") == "https|example.com|443|/Mcp?A=b");
  CHECK(parsed("http://example.com") == "http|example.com|80|/");
  CHECK(parsed("http://example.com?q=1") == "http|example.com|80|/?q=1");
  CHECK(parsed("http://[::1]:8080/sse") == "http|::1|8080|/sse");
  CHECK(parsed("http://example.com/a/../b/./c") == "http|example.com|80|/b/c");
  CHECK(parsed("http://example.com/%7Euser") == "http|example.com|80|/%7Euser");
}

TEST_CASE("url: bytes beyond ASCII in the path are percent-encoded") {
  CHECK(parsed("http://example.com/caf\xc3\xa9") == "http|example.com|80|/caf%c3%a9");
}

TEST_CASE("url: what is no absolute http URL is a usage error") {
  for (const std::string text : {"",
                                 "example.com",
                                 "example.com/mcp",
                                 "localhost:3000",
                                 "/mcp",
                                 "ftp://example.com/",
                                 "file:///etc/passwd",
                                 "http://",
                                 "http:///mcp",
                                 "http://exa mple.com/",
                                 "http://a/b c",
                                 "http://a/\n",
                                 "http://a:0/",
                                 "http://a:70000/",
                                 "http://a:port/",
                                 "http://a/#part",
                                 "http://[::1/",
                                 "http://user@a/",
                                 "http://user:secret@a/",
                                 "ws://a/"}) {
    CAPTURE(text);
    const auto url = parse_url(text);
    REQUIRE(!url.has_value());
    CHECK(url.error().kind == ErrorKind::usage);
  }
}

TEST_CASE("url: errors name the text") {
  CHECK(parsed("ftp://a/") == "error: URL \"ftp://a/\": the scheme is neither http nor https");
  CHECK(parsed("localhost:3000") ==
        "error: URL \"localhost:3000\": it does not begin with http:// or https://");
  CHECK(parsed("http://a/#x") == "error: URL \"http://a/#x\": a fragment (#…) is refused");
}

TEST_CASE("url: a password in a URL appears in no error") {
  const auto url = parse_url("https://user:s3cret@example.com/mcp?x=a@b");
  REQUIRE(!url.has_value());
  CHECK(url.error().message ==
        "URL \"https://example.com/mcp?x=a@b\": a user name or password in a URL is refused");
  CHECK(url.error().message.find("s3cret") == std::string::npos);
}

TEST_CASE("url: a password appears in no error of a URL that is wrong otherwise") {
  for (const std::string text : {"https://user:s3cret@exa mple.com/", "https://user:s3cret@a:0x/",
                                 "ftp://user:s3cret@a/", "https://user:s3cret@"}) {
    CAPTURE(text);
    const auto url = parse_url(text);
    REQUIRE(!url.has_value());
    CHECK(url.error().message.find("s3cret") == std::string::npos);
  }
}

TEST_CASE("url: the text form leaves out a default port") {
  CHECK(parse_url("http://a:80/x")->to_string() == "http://a/x");
  CHECK(parse_url("https://a:443/x")->to_string() == "https://a/x");
  CHECK(parse_url("http://a:443/x")->to_string() == "http://a:443/x");
  CHECK(parse_url("https://[2001:db8::1]/x")->to_string() == "https://[2001:db8::1]/x");
}

TEST_CASE("url: the origin always names the port") {
  CHECK(parse_url("https://Example.com/x?y")->origin() == "https://example.com:443");
  CHECK(parse_url("http://[::1]:8080/x")->origin() == "http://[::1]:8080");
}

TEST_CASE("url: same origin compares scheme, host and port") {
  const auto base = *parse_url("https://example.com/sse");
  CHECK(same_origin(base, *parse_url("https://EXAMPLE.com:443/messages?id=1")));
  CHECK(!same_origin(base, *parse_url("http://example.com:443/")));
  CHECK(!same_origin(base, *parse_url("https://example.com:8443/")));
  CHECK(!same_origin(base, *parse_url("https://www.example.com/")));
}

// RFC 3986 sections 5.4.1 and 5.4.2, without the references that are not http or have a fragment.
TEST_CASE("url: references resolve as in RFC 3986 section 5.4") {
  const std::string base = "http://a/b/c/d;p?q";
  const std::vector<std::pair<const char*, const char*>> cases = {
      {"g", "http://a/b/c/g"},
      {"./g", "http://a/b/c/g"},
      {"g/", "http://a/b/c/g/"},
      {"/g", "http://a/g"},
      {"//g", "http://g/"},
      {"?y", "http://a/b/c/d;p?y"},
      {"g?y", "http://a/b/c/g?y"},
      {";x", "http://a/b/c/;x"},
      {"g;x", "http://a/b/c/g;x"},
      {"", "http://a/b/c/d;p?q"},
      {".", "http://a/b/c/"},
      {"./", "http://a/b/c/"},
      {"..", "http://a/b/"},
      {"../", "http://a/b/"},
      {"../g", "http://a/b/g"},
      {"../..", "http://a/"},
      {"../../g", "http://a/g"},
      {"../../../g", "http://a/g"},
      {"/./g", "http://a/g"},
      {"/../g", "http://a/g"},
      {"g.", "http://a/b/c/g."},
      {".g", "http://a/b/c/.g"},
      {"./../g", "http://a/b/g"},
      {"./g/.", "http://a/b/c/g/"},
      {"g/./h", "http://a/b/c/g/h"},
      {"g/../h", "http://a/b/c/h"},
      {"g;x=1/./y", "http://a/b/c/g;x=1/y"},
      {"g?y/./x", "http://a/b/c/g?y/./x"},
      {"g?y/../x", "http://a/b/c/g?y/../x"},
  };
  for (const auto& [reference, expected] : cases) {
    CAPTURE(reference);
    CHECK(resolved(base, reference) == expected);
  }
}

TEST_CASE("url: the endpoint events of real servers resolve") {
  const std::string base = "http://localhost:3000/sse?x=1";
  CHECK(resolved(base, "/messages?sessionId=1-2") ==
        "http://localhost:3000/messages?sessionId=1-2");
  CHECK(resolved(base, "messages/?session_id=ab") ==
        "http://localhost:3000/messages/?session_id=ab");
  CHECK(resolved(base, "http://localhost:3000/m#top") == "http://localhost:3000/m");
  CHECK(resolved(base, "?sessionId=1") == "http://localhost:3000/sse?sessionId=1");
}

TEST_CASE("url: a reference to another scheme or with credentials is refused") {
  CHECK(!resolve_reference(*parse_url("http://a/"), "ftp://b/").has_value());
  CHECK(!resolve_reference(*parse_url("http://a/"), "javascript:alert(1)").has_value());
  CHECK(!resolve_reference(*parse_url("http://a/"), "http://u:p@b/").has_value());
  CHECK(!resolve_reference(*parse_url("http://a/"), "/a b").has_value());
  CHECK(!resolve_reference(*parse_url("http://a/"), "///b/c").has_value());
  CHECK(!resolve_reference(*parse_url("http://a/"), "http:b").has_value());
  CHECK(resolved("http://a/", "/b:c") == "http://a/b:c");
}

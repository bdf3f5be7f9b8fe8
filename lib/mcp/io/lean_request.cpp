#include "mcp/io/lean_request.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "mcp/base/text.hpp"
#include "mcp/io/curl_failure.hpp"

namespace mcp {
namespace {

constexpr std::string_view line_end = "\r\n";

bool is_token(std::string_view text) {
  constexpr std::string_view others = "!#$%&'*+-.^_`|~";
  return !text.empty() && std::ranges::all_of(text, [&](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           others.find(c) != std::string_view::npos;
  });
}

bool breaks_line(std::string_view value) {
  return value.find_first_of(std::string_view("\r\n\0", 3)) != std::string_view::npos;
}

/// What the caller's fields say that would be said twice.
struct Said {
  bool host = false;
  bool user_agent = false;
  bool length = false;
};

Result<void> check_field(const HttpRequest& request, const Header& field, Said& said) {
  if (!is_token(field.name) || breaks_line(field.value)) {
    // The value may be a credential: it is not shown.
    return fail(ErrorKind::usage, fmt::format("header {} cannot be sent: its name is not a name, "
                                              "or there is a line break in it",
                                              quoted(field.name)));
  }
  const auto is = [&](std::string_view name) { return equals_ignoring_case(field.name, name); };
  said.host |= is("Host");
  said.user_agent |= is("User-Agent");
  if (is("Transfer-Encoding") || is("Trailer") || is("Upgrade")) {
    return fail(ErrorKind::usage,
                fmt::format("header {} cannot be sent by the lean engine", quoted(field.name)));
  }
  if (is("Accept-Encoding") && !equals_ignoring_case(trim(field.value), "identity")) {
    return fail(ErrorKind::usage,
                "the lean engine does not unpack answers: Accept-Encoding cannot "
                "be sent");
  }
  if (is("Content-Length")) {
    said.length = true;
    if (trim(field.value) != std::to_string(request.body.size())) {
      return fail(ErrorKind::usage, "header \"Content-Length\" is not the length of the body");
    }
  }
  return {};
}

Result<Said> check(const HttpRequest& request) {
  if (!is_token(request.method)) {
    return fail(ErrorKind::usage, fmt::format("{} is not a method", quoted(request.method)));
  }
  Said said;
  for (const auto& field : request.headers) {
    if (auto checked = check_field(request, field, said); !checked) {
      return std::unexpected(std::move(checked.error()));
    }
  }
  return said;
}

void add_field(std::string& out, std::string_view name, std::string_view value) {
  out.append(name).append(":");
  if (!value.empty()) out.append(" ").append(value);
  out.append(line_end);
}

std::string host_field(const Url& url) {
  const bool is_default = url.port == (url.is_https() ? 443 : 80);
  auto host = host_and_port(url);
  if (is_default) host.resize(host.rfind(':'));
  return host;
}

bool has_length(const HttpRequest& request) {
  // RFC 9110 section 8.6: where the method gives a body a meaning, a length of 0 is told too.
  return !request.body.empty() || request.method == "POST" || request.method == "PUT" ||
         request.method == "PATCH";
}

}  // namespace

bool is_idempotent_method(std::string_view method) {
  return method == "GET" || method == "HEAD" || method == "PUT" || method == "DELETE" ||
         method == "OPTIONS" || method == "TRACE";
}

Result<std::string> write_request(const HttpRequest& request, const Url& url,
                                  const std::string& user_agent) {
  const auto said = check(request);
  if (!said) return std::unexpected(said.error());
  std::string out;
  out.reserve(512 + request.body.size());
  out.append(request.method).append(" ").append(url.target).append(" HTTP/1.1\r\n");
  if (!said->host) add_field(out, "Host", host_field(url));
  if (!said->user_agent && !user_agent.empty()) add_field(out, "User-Agent", user_agent);
  for (const auto& [name, value] : request.headers) add_field(out, name, trim(value));
  if (!said->length && has_length(request)) {
    add_field(out, "Content-Length", std::to_string(request.body.size()));
  }
  out.append(line_end).append(request.body);
  return out;
}

}  // namespace mcp

#include "mcp/io/http_relay_head.hpp"

#include <algorithm>

#include "mcp/base/text.hpp"
#include "mcp/io/http_relay_fields.hpp"

namespace mcp {
namespace {

constexpr std::string_view head_end = "\r\n\r\n";

std::unexpected<HeadRefusal> refuse(std::string_view reason, int status = 400) {
  return std::unexpected(HeadRefusal{.status = status, .reason = reason});
}

struct Parts {
  std::string_view first_line;
  std::string_view fields;  // each line with its CRLF
};

Parts split(std::string_view bytes) {
  const auto end = std::min(bytes.find("\r\n"), bytes.size());
  Parts parts{.first_line = bytes.substr(0, end)};
  const auto begin = std::min(end + 2, bytes.size());
  parts.fields = bytes.substr(begin);
  if (parts.fields.ends_with("\r\n")) parts.fields.remove_suffix(2);
  return parts;
}

bool is_in_target(char each) {
  const auto code = static_cast<unsigned char>(each);
  return code > 0x20 && code != 0x7f;
}

/// True for HTTP/1.0 and HTTP/1.1.
bool read_version(std::string_view text, RelayHead& head) {
  head.http_1_0 = text == "HTTP/1.0";
  return head.http_1_0 || text == "HTTP/1.1";
}

HeadRead read_request_line(std::string_view line) {
  RelayHead head;
  const auto first = line.find(' ');
  const auto last = line.rfind(' ');
  if (first == std::string_view::npos || last == first) {
    return refuse("the first line is no request");
  }
  head.method = line.substr(0, first);
  head.target = line.substr(first + 1, last - first - 1);
  const auto version = line.substr(last + 1);
  if (!is_http_token(head.method)) return refuse("the method is not a token");
  if (head.target.empty() || !std::ranges::all_of(head.target, is_in_target)) {
    return refuse("the request's target is not one");
  }
  if (!version.starts_with("HTTP/")) return refuse("the first line is no request");
  if (!read_version(version, head)) return refuse("only HTTP/1.0 and 1.1 are relayed", 505);
  if (head.method == "CONNECT") return refuse("CONNECT is not relayed", 501);
  return head;
}

void take_over(const RelayFields& fields, RelayHead& head) {
  head.keep_alive = !fields.says_close && (!head.http_1_0 || fields.says_keep_alive);
  head.upgrades = fields.says_upgrade && fields.has_upgrade;
  head.expects_continue = fields.expects_continue && !head.http_1_0;
  if (fields.has_length) {
    head.framing = fields.length == 0 ? BodyFraming::none : BodyFraming::length;
    head.length = fields.length;
  }
}

bool ends_chunked(std::string_view encoding) {
  const auto comma = encoding.rfind(',');
  return equals_ignoring_case(
      trim(comma == std::string_view::npos ? encoding : encoding.substr(comma + 1)), "chunked");
}

/// "HTTP/1.1 200 OK"; the reason may be empty, and so may the space before it.
bool read_status_line(std::string_view line, RelayHead& head) {
  constexpr std::size_t version_size = 8;
  if (line.size() < version_size + 4 || !read_version(line.substr(0, version_size), head)) {
    return false;
  }
  if (line[version_size] != ' ') return false;
  const auto digits = line.substr(version_size + 1, 3);
  for (const char digit : digits) {
    if (digit < '0' || digit > '9') return false;
    head.status = head.status * 10 + (digit - '0');
  }
  const auto rest = line.substr(version_size + 4);
  return head.status >= 100 && (rest.empty() || rest.front() == ' ');
}

/// RFC 9112 section 6.3, in its order.
const char* frame_answer(const RelayFields& fields, AskedFor asked, RelayHead& head) {
  if (fields.has_encoding && fields.has_length) {
    return "it has both Transfer-Encoding and Content-Length";
  }
  if (fields.has_encoding && head.http_1_0) return "it has Transfer-Encoding and is HTTP/1.0";
  if (asked.by_head || head.status < 200 || head.status == 204 || head.status == 304) {
    head.framing = BodyFraming::none;
  } else if (fields.has_encoding) {
    head.framing = ends_chunked(fields.encoding) ? BodyFraming::chunked : BodyFraming::until_close;
  } else if (!fields.has_length) {
    head.framing = BodyFraming::until_close;
  }
  if (head.status == 101 && !asked.upgrade) return "it switches protocols, which nobody asked for";
  return nullptr;
}

}  // namespace

HeadEnd::What HeadEnd::look(std::string_view bytes) {
  while (true) {
    const auto at = bytes.find('\n', scanned_);
    if (at == std::string_view::npos) {
      scanned_ = bytes.size();
      return What::more;
    }
    if (at == 0 || bytes[at - 1] != '\r') return What::bare_line_feed;
    scanned_ = at + 1;
    if (bytes.substr(0, scanned_).ends_with(head_end)) return What::whole;
  }
}

HeadRead read_relayed_request(std::string_view bytes) {
  const auto parts = split(bytes);
  auto head = read_request_line(parts.first_line);
  if (!head) return head;
  const auto fields = read_relayed_fields(parts.fields, head->headers);
  if (!fields) return std::unexpected(fields.error());
  take_over(*fields, *head);
  if (!fields->has_encoding) return head;
  if (fields->has_length) return refuse("it has both Transfer-Encoding and Content-Length");
  if (head->http_1_0) return refuse("it has Transfer-Encoding and is HTTP/1.0");
  if (!ends_chunked(fields->encoding)) return refuse("its Transfer-Encoding does not end chunked");
  if (!equals_ignoring_case(fields->encoding, "chunked")) {
    return refuse("only chunked is known as Transfer-Encoding", 501);
  }
  head->framing = BodyFraming::chunked;
  return head;
}

HeadRead read_relayed_answer(std::string_view bytes, AskedFor asked) {
  RelayHead head;
  const auto parts = split(bytes);
  if (!read_status_line(parts.first_line, head)) return refuse("it is not HTTP/1.x", 502);
  const auto fields = read_relayed_fields(parts.fields, head.headers);
  if (!fields) return refuse(fields.error().reason, 502);
  take_over(*fields, head);
  if (const auto* const reason = frame_answer(*fields, asked, head)) return refuse(reason, 502);
  return head;
}

}  // namespace mcp

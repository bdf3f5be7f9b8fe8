#include "mcp/base/url.hpp"

#include <curl/curl.h>
#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <memory>
#include <optional>

#include "mcp/base/text.hpp"

namespace mcp {
namespace {

/// Other schemes are parsed too, so that the error can say what is wrong with them.
constexpr unsigned set_flags = CURLU_NON_SUPPORT_SCHEME | CURLU_URLENCODE;

struct FreeHandle {
  void operator()(CURLU* handle) const { curl_url_cleanup(handle); }
};
using Handle = std::unique_ptr<CURLU, FreeHandle>;

std::optional<std::string> part(const Handle& handle, CURLUPart which, unsigned flags = 0) {
  char* text = nullptr;
  if (curl_url_get(handle.get(), which, &text, flags) != CURLUE_OK) return std::nullopt;
  std::string copy(text);
  curl_free(text);
  return copy;
}

std::uint16_t default_port(std::string_view scheme) {
  return scheme == "https" ? 443 : 80;
}

bool has_blank_or_control(std::string_view text) {
  return std::ranges::any_of(text, [](unsigned char byte) { return byte <= 0x20 || byte == 0x7f; });
}

/// curl takes one to three slashes after the scheme for the same thing.
bool has_odd_slashes(std::string_view reference) {
  const auto colon = reference.find_first_of(":/?");
  const bool has_scheme = colon != std::string_view::npos && reference[colon] == ':';
  const auto rest = has_scheme ? reference.substr(colon + 1) : reference;
  return rest.starts_with("///") || (has_scheme && !rest.starts_with("//"));
}

/// The URL in quotes, without what may be user information: it would be a credential.
std::string shown(std::string_view text) {
  const auto slashes = text.find("//");
  const auto begin = slashes == std::string_view::npos ? 0 : slashes + 2;
  const auto authority = text.substr(begin, text.find_first_of("/?#", begin) - begin);
  const auto at = authority.rfind('@');
  if (at == std::string_view::npos) return quoted(text);
  return quoted(std::string(text.substr(0, begin)) + std::string(text.substr(begin + at + 1)));
}

std::unexpected<Error> refuse(std::string_view text, std::string_view why, std::string hint = {}) {
  return fail(ErrorKind::usage, fmt::format("URL {}: {}", shown(text), why), std::move(hint));
}

Result<Url> read_parts(const Handle& handle, std::string_view text) {
  if (part(handle, CURLUPART_USER) || part(handle, CURLUPART_PASSWORD)) {
    return refuse(text, "a user name or password in a URL is refused",
                  "give credentials by --token-file, --token-env or --header");
  }
  if (part(handle, CURLUPART_FRAGMENT)) return refuse(text, "a fragment (#…) is refused");
  Url url;
  url.scheme = to_lower(part(handle, CURLUPART_SCHEME).value_or(""));
  if (url.scheme != "http" && url.scheme != "https") {
    return refuse(text, "the scheme is neither http nor https");
  }
  url.host = to_lower(part(handle, CURLUPART_HOST).value_or(""));
  if (url.host.empty()) return refuse(text, "it names no host");
  if (url.host.starts_with('[')) url.host = url.host.substr(1, url.host.size() - 2);
  if (const auto zone = part(handle, CURLUPART_ZONEID)) url.host += "%25" + *zone;
  url.port = default_port(url.scheme);
  if (const auto port = part(handle, CURLUPART_PORT)) {
    std::from_chars(port->data(), port->data() + port->size(), url.port);
    if (url.port == 0) return refuse(text, "0 is not a port to connect to");
  }
  url.target = part(handle, CURLUPART_PATH).value_or("/");
  if (const auto query = part(handle, CURLUPART_QUERY)) url.target += "?" + *query;
  return url;
}

}  // namespace

std::string Url::origin() const {
  const auto shown_host = host.find(':') == std::string::npos ? host : "[" + host + "]";
  return fmt::format("{}://{}:{}", scheme, shown_host, port);
}

std::string Url::to_string() const {
  auto text = origin();
  if (port == default_port(scheme)) text.erase(text.rfind(':'));
  return text + target;
}

Result<Url> parse_url(std::string_view text) {
  constexpr const char* example = "write it like https://example.com/mcp";
  if (text.empty()) return refuse(text, "it is empty", example);
  if (has_blank_or_control(text)) {
    return refuse(text, "it contains a blank or a control character", example);
  }
  if (text.find("://") == std::string_view::npos) {
    return refuse(text, "it does not begin with http:// or https://", example);
  }
  if (has_odd_slashes(text)) return refuse(text, "it names no host", example);
  const Handle handle(curl_url());
  const std::string copy(text);
  const auto outcome = curl_url_set(handle.get(), CURLUPART_URL, copy.c_str(), set_flags);
  if (outcome != CURLUE_OK) return refuse(text, to_lower(curl_url_strerror(outcome)), example);
  return read_parts(handle, text);
}

Result<Url> resolve_reference(const Url& base, std::string_view reference) {
  // A fragment names a part of what is fetched, and is never sent.
  const auto bare = reference.substr(0, reference.find('#'));
  if (bare.empty()) return base;
  if (has_blank_or_control(bare)) {
    return refuse(reference, "it contains a blank or a control character");
  }
  if (has_odd_slashes(bare)) return refuse(reference, "it names no host");
  const Handle handle(curl_url());
  const std::string copy(bare);
  curl_url_set(handle.get(), CURLUPART_URL, base.to_string().c_str(), 0);
  const auto outcome = curl_url_set(handle.get(), CURLUPART_URL, copy.c_str(), set_flags);
  if (outcome != CURLUE_OK) return refuse(reference, to_lower(curl_url_strerror(outcome)));
  return read_parts(handle, reference);
}

bool same_origin(const Url& left, const Url& right) {
  return left.scheme == right.scheme && left.host == right.host && left.port == right.port;
}

}  // namespace mcp

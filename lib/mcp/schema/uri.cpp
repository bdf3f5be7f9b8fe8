#include "mcp/schema/uri.hpp"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <cstddef>

namespace mcp::schema {
namespace {

struct Uri {
  std::string_view scheme;
  std::string_view authority;
  bool has_authority = false;
  std::string_view path;
  std::string_view query;     // with its ?
  std::string_view fragment;  // with its #
};

bool is_scheme(std::string_view text) {
  return !text.empty() && std::isalpha(static_cast<unsigned char>(text.front())) != 0 &&
         std::ranges::all_of(text, [](unsigned char symbol) {
           return std::isalnum(symbol) != 0 || symbol == '+' || symbol == '-' || symbol == '.';
         });
}

std::string_view take_from(std::string_view& text, std::string_view mark) {
  const auto place = std::min(text.find_first_of(mark), text.size());
  const auto tail = text.substr(place);
  text = text.substr(0, place);
  return tail;
}

Uri parse(std::string_view text) {
  Uri uri;
  uri.fragment = take_from(text, "#");
  uri.query = take_from(text, "?");
  const auto colon = text.find(':');
  if (colon != std::string_view::npos && is_scheme(text.substr(0, colon))) {
    uri.scheme = text.substr(0, colon);
    text.remove_prefix(colon + 1);
  }
  if (text.starts_with("//")) {
    uri.has_authority = true;
    text.remove_prefix(2);
    uri.path = take_from(text, "/");
    uri.authority = text;
  } else {
    uri.path = text;
  }
  return uri;
}

void drop_last_segment(std::string& path) {
  path.erase(std::min(path.rfind('/'), path.size()));
}

/// RFC 3986 section 5.2.4.
std::string remove_dot_segments(std::string_view path) {
  std::string out;
  while (!path.empty()) {
    if (path.starts_with("../")) {
      path.remove_prefix(3);
    } else if (path.starts_with("./") || path.starts_with("/./")) {
      path.remove_prefix(2);
    } else if (path == "/.") {
      path = "/";
    } else if (path.starts_with("/../") || path == "/..") {
      path = path == "/.." ? "/" : path.substr(3);
      drop_last_segment(out);
    } else if (path == "." || path == "..") {
      path = {};
    } else {
      const auto end = std::min(path.find('/', 1), path.size());
      out += path.substr(0, end);
      path.remove_prefix(end);
    }
  }
  return out;
}

std::string merge(const Uri& base, std::string_view path) {
  if (base.has_authority && base.path.empty()) return std::string(1, '/').append(path);
  const auto slash = base.path.rfind('/');
  if (slash == std::string_view::npos) return std::string(path);
  return std::string(base.path.substr(0, slash + 1)) + std::string(path);
}

std::string compose(const Uri& scheme_and_authority, std::string_view path, std::string_view query,
                    std::string_view fragment) {
  std::string out;
  if (!scheme_and_authority.scheme.empty()) {
    out += std::string(scheme_and_authority.scheme) + ":";
  }
  if (scheme_and_authority.has_authority) out += "//" + std::string(scheme_and_authority.authority);
  return out.append(path).append(query).append(fragment);
}

std::string percent_decoded(std::string_view text) {
  std::string out;
  for (std::size_t index = 0; index < text.size(); ++index) {
    unsigned value = 0;
    const auto* first = text.data() + index + 1;
    if (text[index] == '%' && index + 2 < text.size() &&
        std::from_chars(first, first + 2, value, 16).ptr == first + 2) {
      out += static_cast<char>(value);
      index += 2;
    } else {
      out += text[index];
    }
  }
  return out;
}

}  // namespace

std::string resolve_uri(std::string_view base_text, std::string_view reference_text) {
  const auto base = parse(base_text);
  const auto reference = parse(reference_text);
  if (!reference.scheme.empty()) {
    const auto path =
        reference.has_authority ? remove_dot_segments(reference.path) : std::string(reference.path);
    return compose(reference, path, reference.query, reference.fragment);
  }
  if (reference.has_authority) {
    Uri target = reference;
    target.scheme = base.scheme;
    return compose(target, remove_dot_segments(reference.path), reference.query,
                   reference.fragment);
  }
  if (reference.path.empty()) {
    const auto query = reference.query.empty() ? base.query : reference.query;
    return compose(base, base.path, query, reference.fragment);
  }
  const auto path =
      reference.path.starts_with('/') ? std::string(reference.path) : merge(base, reference.path);
  return compose(base, remove_dot_segments(path), reference.query, reference.fragment);
}

UriParts split_fragment(std::string_view uri) {
  const auto mark = std::min(uri.find('#'), uri.size());
  const auto fragment = mark < uri.size() ? uri.substr(mark + 1) : std::string_view();
  return {.without_fragment = std::string(uri.substr(0, mark)),
          .fragment = percent_decoded(fragment)};
}

}  // namespace mcp::schema

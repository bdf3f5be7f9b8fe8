#include "cli/header_field.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "cli/file.hpp"
#include "mcp/base/text.hpp"

namespace cli {
namespace {

constexpr std::array secret_fields = {
    "authorization", "proxy-authorization", "cookie",        "x-api-key",
    "api-key",       "x-auth-token",        "x-access-token"};

bool is_token_character(char character) {
  constexpr std::string_view others = "!#$%&'*+-.^_`|~";
  const bool alphanumeric = (character >= '0' && character <= '9') ||
                            (character >= 'a' && character <= 'z') ||
                            (character >= 'A' && character <= 'Z');
  return alphanumeric || others.find(character) != std::string_view::npos;
}

bool is_control(char character) {
  const auto byte = static_cast<unsigned char>(character);
  return (byte < 0x20 && byte != '\t') || byte == 0x7f;
}

mcp::Result<mcp::HeaderList> read_fields(const std::string& file) {
  auto text = read_file(file, 1024UL * 1024);
  if (!text) return std::unexpected(text.error());
  mcp::HeaderList fields;
  std::string_view rest = *text;
  for (std::size_t number = 1; !rest.empty(); ++number) {
    const auto end = std::min(rest.find('\n'), rest.size());
    const auto line = mcp::trim(rest.substr(0, end));
    rest.remove_prefix(std::min(end + 1, rest.size()));
    if (line.empty()) continue;
    auto field = parse_header_field(line);
    if (!field) {
      return mcp::fail(mcp::ErrorKind::usage, fmt::format("{}:{}: {}", mcp::printable(file), number,
                                                          field.error().message));
    }
    fields.push_back(std::move(*field));
  }
  return fields;
}

}  // namespace

mcp::Result<mcp::Header> parse_header_field(std::string_view text) {
  const auto colon = text.find(':');
  if (colon == std::string_view::npos) {
    return mcp::fail(mcp::ErrorKind::usage, "a header needs a colon after its name",
                     "write it as 'NAME: VALUE'");
  }
  const auto name = text.substr(0, colon);
  if (name.empty() || !std::ranges::all_of(name, is_token_character)) {
    return mcp::fail(mcp::ErrorKind::usage, mcp::quoted(name, 60) + " is not a header name",
                     "write it as 'NAME: VALUE'");
  }
  const auto value = mcp::trim(text.substr(colon + 1));
  if (std::ranges::any_of(value, is_control)) {
    return mcp::fail(mcp::ErrorKind::usage,
                     std::string(name) + ": the value has a control character in it");
  }
  return mcp::Header{std::string(name), std::string(value)};
}

mcp::Result<mcp::HeaderList> read_header_options(const std::vector<std::string>& values,
                                                 Exposure exposure) {
  mcp::HeaderList fields;
  for (const std::string& value : values) {
    if (value.starts_with('@')) {
      auto read = read_fields(value.substr(1));
      if (!read) return std::unexpected(read.error());
      std::ranges::move(*read, std::back_inserter(fields));
      continue;
    }
    auto field = parse_header_field(value);
    if (!field) {
      // What is hidden may hold a secret where its name should be.
      const auto why = exposure == Exposure::hidden ? "is not NAME: VALUE" : field.error().message;
      return mcp::fail(mcp::ErrorKind::usage, "--header: " + why, field.error().hint);
    }
    if (exposure == Exposure::visible &&
        std::ranges::find(secret_fields, mcp::to_lower(field->name)) != secret_fields.end()) {
      return mcp::fail(mcp::ErrorKind::usage,
                       fmt::format("--header {}: secrets on the command line can be read by others",
                                   field->name),
                       "use --token-file or --token-env for a bearer token, --header @FILE for "
                       "anything else");
    }
    fields.push_back(std::move(*field));
  }
  return fields;
}

}  // namespace cli

#pragma once

#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>

namespace cli {

/// A member that is a string; empty where there is none.
std::string text_of(const nlohmann::json& object, const char* member);
/// "999 B", "12.3 KB", "4.0 MB" (powers of 1024).
std::string format_size(std::size_t bytes);
/// Bytes of base64 text (RFC 4648 section 4, padding optional, white space skipped); none where it
/// is not that.
std::optional<std::string> decode_base64(std::string_view text);

/// One content item of a tool result or a prompt message as text for people: text as it is, other
/// kinds in a line with type and size. Safe to print, ends in a line feed unless empty.
std::string content_text(const nlohmann::json& item);

}  // namespace cli

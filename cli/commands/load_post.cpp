#include "cli/commands/load_post.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <nlohmann/json.hpp>

#include "mcp/base/text.hpp"

namespace cli {
namespace {

/// The proto3 JSON mapping allows a 64-bit integer as a text and as a number.
std::uint64_t count_of(const nlohmann::json& value) {
  if (value.is_number_unsigned()) return value.get<std::uint64_t>();
  if (!value.is_string()) return 0;
  const auto& text = value.get_ref<const std::string&>();
  std::uint64_t count = 0;
  std::from_chars(text.data(), text.data() + text.size(), count);
  return count;
}

}  // namespace

LoadExport::Post::Post(mcp::Http& http, mcp::HttpRequest request, std::size_t items)
    : items_(items), exchange_(http.start(std::move(request), *this)) {}

void LoadExport::Post::on_data(std::string_view bytes) {
  body_ += bytes;
}

void LoadExport::Post::on_finished(mcp::Result<mcp::HttpTimings> outcome) {
  over_ = true;
  if (!outcome) {
    failure_ = outcome.error().message;
  } else if (status_ < 200 || status_ > 299) {
    failure_ = fmt::format("it answered with HTTP status {}", status_);
    if (!body_.empty()) failure_ += ": " + mcp::quoted(body_, 120);
  }
}

std::uint64_t LoadExport::Post::rejected() const {
  const auto answer = nlohmann::json::parse(body_, nullptr, false);
  if (!answer.is_object() || !answer.contains("partialSuccess")) return 0;
  const auto& part = answer["partialSuccess"];
  if (!part.is_object()) return 0;
  std::uint64_t rejected = 0;
  for (const char* name : {"rejectedSpans", "rejectedDataPoints"})
    if (part.contains(name)) rejected = std::max(rejected, count_of(part[name]));
  return std::min<std::uint64_t>(rejected, items_);
}

}  // namespace cli

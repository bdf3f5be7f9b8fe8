#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

#include "cli/render/document.hpp"
#include "mcp/base/error.hpp"

namespace cli {

enum class Colour { none, ansi };

struct RenderStyle {
  Colour colour = Colour::none;
  /// The exit status that goes with the documents together.
  int exit_status = 0;
};

/// A way of writing documents; the text ends in a line feed.
struct Format {
  std::string_view name;
  std::string (*render)(std::span<const Document> documents, const RenderStyle& style);
};

/// All formats, the one for people first (formats.cpp). Each is a file of its name.
std::span<const Format> formats();
/// `--output NAME`; errors are of kind usage.
mcp::Result<Format> find_format(std::string_view name);

std::string render_text(std::span<const Document> documents, const RenderStyle& style);
std::string render_json(std::span<const Document> documents, const RenderStyle& style);
std::string render_junit(std::span<const Document> documents, const RenderStyle& style);
std::string render_prometheus(std::span<const Document> documents, const RenderStyle& style);
std::string render_nagios(std::span<const Document> documents, const RenderStyle& style);
std::string render_github(std::span<const Document> documents, const RenderStyle& style);

/// Cuts a text for people at a line's end so that it stays within `limit` bytes, and says so.
std::string fit(std::string text, std::size_t limit);

}  // namespace cli

#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

#include "cli/render/drift/document.hpp"
#include "cli/render/format.hpp"
#include "mcp/base/error.hpp"
#include "mcp/schema/value.hpp"

namespace cli {

enum class SafeChanges { counted, listed };

struct DriftStyle {
  Colour colour = Colour::none;
  std::size_t width = 0;  // columns; 0: not a terminal
  SafeChanges safe = SafeChanges::counted;
};

/// A way of writing a diff; the text ends in a line feed.
struct DriftFormat {
  std::string_view name;
  std::string (*render)(const DriftDocument& document, const DriftStyle& style);
};

/// All formats of a diff, the one for people first (formats.cpp). Each is a file of its name.
std::span<const DriftFormat> drift_formats();
/// `--output NAME`; errors are of kind usage.
mcp::Result<DriftFormat> find_drift_format(std::string_view name);

std::string render_drift_text(const DriftDocument& document, const DriftStyle& style);
/// The members of the JSON, without schema_version; that of a fleet takes some of them.
mcp::schema::Value::Object drift_members(const DriftDocument& document);
std::string render_drift_json(const DriftDocument& document, const DriftStyle& style);
std::string render_drift_markdown(const DriftDocument& document, const DriftStyle& style);
std::string render_drift_sarif(const DriftDocument& document, const DriftStyle& style);
std::string render_drift_junit(const DriftDocument& document, const DriftStyle& style);
std::string render_drift_github(const DriftDocument& document, const DriftStyle& style);

}  // namespace cli

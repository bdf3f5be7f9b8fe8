#pragma once

#include <array>
#include <optional>
#include <string_view>

namespace mcp {

/// The protocol's published revisions, oldest first.
enum class Revision { v2024_11_05, v2025_03_26, v2025_06_18, v2025_11_25, v2026_07_28 };

/// legacy: an `initialize` handshake and sessions. modern: `_meta` on every request, no sessions
/// (2026-07-28 versioning, "Terminology").
enum class Era { legacy, modern };

inline constexpr std::array all_revisions = {Revision::v2024_11_05, Revision::v2025_03_26,
                                             Revision::v2025_06_18, Revision::v2025_11_25,
                                             Revision::v2026_07_28};
inline constexpr Revision latest_legacy = Revision::v2025_11_25;
inline constexpr Revision latest_modern = Revision::v2026_07_28;

std::string_view to_string(Revision revision);
std::string_view to_string(Era era);
std::optional<Revision> parse_revision(std::string_view text);
constexpr Era era_of(Revision revision) {
  return revision >= Revision::v2026_07_28 ? Era::modern : Era::legacy;
}

}  // namespace mcp

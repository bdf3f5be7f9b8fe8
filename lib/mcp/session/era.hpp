#pragma once

#include <optional>
#include <span>
#include <string>

#include "mcp/base/error.hpp"
#include "mcp/session/revision.hpp"

namespace mcp {

/// modern_error: the server is modern, and this error is the truth to tell. fatal: says nothing
/// about the era, and a second request would fail alike.
enum class EraJudgement { modern_error, fall_back_to_initialize, fatal };

/// Silence and a lost child mean a legacy server over stdio, and nothing over HTTP.
enum class Binding { stdio, http };

/// Judges a failure of server/discover by 2026-07-28 versioning, stdio and streamable-http,
/// "Backward Compatibility".
EraJudgement judge_discover_failure(const Error& error, Binding binding = Binding::http);

/// The newest legacy revision that the error's `data.supported` names: the one to offer in
/// `initialize`. None where the error names none.
std::optional<Revision> legacy_offer(const Error& error);

/// The newest revision of an era that a list of versions names.
std::optional<Revision> newest_of(Era era, std::span<const std::string> versions);

}  // namespace mcp

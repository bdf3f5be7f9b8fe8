#pragma once

#include <cstddef>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "mcp/base/error.hpp"
#include "mcp/base/json.hpp"

namespace cli {

/// One file of a skill: what its bytes must be.
struct SkillFile {
  std::string uri;
  std::string digest;  // "sha256:" and 64 lower-case hex digits
  std::size_t size = 0;
};

/// A skill's entry of skills/list or skills/get, checked (SEP-2640).
struct Skill {
  std::string uri;  // of its SKILL.md
  mcp::Json frontmatter;
  bool dynamic = false;  // its files cannot be verified
  std::vector<SkillFile> files;

  std::string name() const;
  /// The URI of its directory, with the slash at its end.
  std::string directory() const;
  /// Sum of the sizes.
  std::size_t total_size() const;
  /// The file with this URI, or with this path inside the directory; null where none is listed.
  const SkillFile* find(const std::string& path_or_uri) const;
};

/// Checks the entry's shape and the limits that are kept here (512 files, 16 MiB): what does not
/// pass must not be loaded. Errors are of kind protocol or limit and name the URI.
mcp::Result<Skill> read_skill(const nlohmann::json& entry);

/// Size, then digest (both are told as a mismatch that names the URI).
mcp::Result<void> verify_bytes(const SkillFile& file, std::string_view bytes);

/// The frontmatter inside SKILL.md must be the entry's, member by member.
mcp::Result<void> verify_frontmatter(const Skill& skill, std::string_view text);

}  // namespace cli

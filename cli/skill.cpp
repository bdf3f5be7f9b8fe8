#include "cli/skill.hpp"

#include <fmt/format.h>
#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "cli/content.hpp"
#include "cli/frontmatter.hpp"
#include "mcp/base/text.hpp"

namespace cli {
namespace {

using nlohmann::json;

// What a host must accept at least (SEP-2640 "Limits"); more is declined before anything is read.
constexpr std::size_t most_files = 512;
constexpr std::size_t most_bytes = 16UL * 1024 * 1024;
constexpr std::string_view main_file = "SKILL.md";
constexpr std::string_view digest_prefix = "sha256:";

mcp::Error skill_error(const std::string& uri, std::string_view why,
                       mcp::ErrorKind kind = mcp::ErrorKind::protocol) {
  return {kind, fmt::format("skill {}: {}", mcp::printable(uri), why), ""};
}

bool is_size(const json& value) {
  return value.is_number_unsigned() || (value.is_number_integer() && value >= 0);
}

bool is_digest(std::string_view text) {
  if (!text.starts_with(digest_prefix)) return false;
  text.remove_prefix(digest_prefix.size());
  return text.size() == 64 && text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

/// A path that stays inside: no empty, "." or ".." segment, encoded ones included.
bool stays_inside(std::string_view path) {
  if (path.empty()) return false;
  while (true) {
    const auto end = std::min(path.find('/'), path.size());
    std::string segment = mcp::to_lower(path.substr(0, end));
    for (auto at = segment.find("%2e"); at != std::string::npos; at = segment.find("%2e")) {
      segment.replace(at, 3, ".");
    }
    if (segment.empty() || segment == "." || segment == "..") return false;
    if (end == path.size()) return true;
    path.remove_prefix(end + 1);
  }
}

mcp::Result<void> add_file(Skill& skill, const json& entry) {
  SkillFile file{.uri = text_of(entry, "uri"), .digest = text_of(entry, "digest")};
  const std::string shown = mcp::printable(file.uri);
  const std::string directory = skill.directory();
  if (!file.uri.starts_with(directory) || !stays_inside(file.uri.substr(directory.size()))) {
    return std::unexpected(
        skill_error(skill.uri, fmt::format("the file \"{}\" is not inside its directory", shown)));
  }
  if (!is_digest(file.digest)) {
    return std::unexpected(skill_error(skill.uri, shown + " has no valid sha256 digest"));
  }
  if (!entry.contains("size") || !is_size(entry["size"])) {
    return std::unexpected(skill_error(skill.uri, shown + " has no valid size"));
  }
  if (skill.find(file.uri) != nullptr) {
    return std::unexpected(skill_error(skill.uri, shown + " is listed twice"));
  }
  file.size = entry["size"].get<std::size_t>();
  if (file.size > most_bytes) {
    return std::unexpected(
        skill_error(skill.uri, fmt::format("{} is larger than {}", shown, format_size(most_bytes)),
                    mcp::ErrorKind::limit));
  }
  skill.files.push_back(std::move(file));
  return {};
}

mcp::Result<void> add_files(Skill& skill, const json& resources) {
  if (resources.size() > most_files) {
    return std::unexpected(skill_error(
        skill.uri, fmt::format("it has {} files, more than {}", resources.size(), most_files),
        mcp::ErrorKind::limit));
  }
  for (const json& entry : resources) {
    if (auto added = add_file(skill, entry); !added) return added;
  }
  if (skill.find(skill.uri) == nullptr) {
    return std::unexpected(skill_error(skill.uri, "its own SKILL.md is not among its files"));
  }
  if (skill.total_size() > most_bytes) {
    return std::unexpected(
        skill_error(skill.uri,
                    fmt::format("its files are {} together, more than {}",
                                format_size(skill.total_size()), format_size(most_bytes)),
                    mcp::ErrorKind::limit));
  }
  return {};
}

std::string sha256(std::string_view bytes) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned int length = 0;
  EVP_Digest(bytes.data(), bytes.size(), digest.data(), &length, EVP_sha256(), nullptr);
  std::string text(digest_prefix);
  for (unsigned int i = 0; i < length; ++i) text += fmt::format("{:02x}", digest[i]);
  return text;
}

}  // namespace

std::string Skill::name() const {
  return text_of(*frontmatter, "name");
}

std::string Skill::directory() const {
  return uri.substr(0, uri.size() - main_file.size());
}

std::size_t Skill::total_size() const {
  std::size_t sum = 0;
  for (const SkillFile& file : files) sum += file.size;
  return sum;
}

const SkillFile* Skill::find(const std::string& path_or_uri) const {
  const std::string as_path = directory() + path_or_uri;
  const auto found = std::ranges::find_if(
      files, [&](const SkillFile& file) { return file.uri == path_or_uri || file.uri == as_path; });
  return found == files.end() ? nullptr : &*found;
}

mcp::Result<Skill> read_skill(const json& entry) {
  Skill skill{.uri = text_of(entry, "uri")};
  if (!skill.uri.ends_with("/SKILL.md")) {
    return std::unexpected(skill_error(skill.uri, "its URI does not end in /SKILL.md"));
  }
  if (!entry.contains("frontmatter") || !entry["frontmatter"].is_object()) {
    return std::unexpected(skill_error(skill.uri, "it has no frontmatter"));
  }
  skill.frontmatter = entry["frontmatter"];
  auto folder = skill.directory();
  folder.pop_back();
  folder.erase(0, folder.rfind('/') + 1);
  if (skill.name().empty() || folder != skill.name()) {
    return std::unexpected(skill_error(
        skill.uri,
        fmt::format("its name {} is not that of its folder", mcp::quoted(skill.name()))));
  }
  const json resources = entry.contains("resources") ? entry["resources"] : json();
  skill.dynamic = resources == "dynamic";
  if (skill.dynamic) return skill;
  if (!resources.is_array()) {
    return std::unexpected(skill_error(skill.uri, "it has no list of its files"));
  }
  if (auto added = add_files(skill, resources); !added) return std::unexpected(added.error());
  return skill;
}

mcp::Result<void> verify_bytes(const SkillFile& file, std::string_view bytes) {
  if (bytes.size() != file.size) {
    return std::unexpected(skill_error(
        file.uri,
        fmt::format("size mismatch: expected {} bytes, got {}", file.size, bytes.size())));
  }
  const std::string digest = sha256(bytes);
  if (digest == file.digest) return {};
  return std::unexpected(skill_error(
      file.uri, fmt::format("digest mismatch: expected {}, got {}", file.digest, digest)));
}

mcp::Result<void> verify_frontmatter(const Skill& skill, std::string_view text) {
  const auto inside = parse_frontmatter(text);
  if (!inside) return std::unexpected(skill_error(skill.uri, inside.error().message));
  const json& announced = *skill.frontmatter;
  if (*inside == announced) return {};
  for (const auto& [key, value] : announced.items()) {
    if (inside->contains(key) && (*inside)[key] == value) continue;
    return std::unexpected(skill_error(
        skill.uri, fmt::format("frontmatter mismatch: {} in SKILL.md is not what was announced",
                               mcp::quoted(key, 60))));
  }
  return std::unexpected(
      skill_error(skill.uri, "frontmatter mismatch: SKILL.md has more than was announced"));
}

}  // namespace cli

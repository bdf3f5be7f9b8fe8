#include "cli/skill.hpp"

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

using nlohmann::json;

namespace {

const std::string text = "---\nname: pdf\ndescription: Reads PDFs\n---\n# PDF\n";
// sha256sum of `text`
const std::string digest =
    "sha256:c62c244f7c4e7e1246764591af99e87c0fc5fcc56a240a42a7533621d7a3c790";

json entry() {
  return {{"uri", "skill://pdf/SKILL.md"},
          {"frontmatter", {{"name", "pdf"}, {"description", "Reads PDFs"}}},
          {"resources",
           {{{"uri", "skill://pdf/SKILL.md"}, {"digest", digest}, {"size", text.size()}},
            {{"uri", "skill://pdf/references/A.md"}, {"digest", digest}, {"size", 5}}}}};
}

std::string complaint(const json& changed) {
  const auto skill = cli::read_skill(changed);
  REQUIRE_FALSE(skill);
  return skill.error().message;
}

json with_file(const json& change) {
  json changed = entry();
  changed["resources"][1].update(change);
  return changed;
}

}  // namespace

TEST_CASE("skill: a valid entry gives its files, by path and by URI") {
  const auto skill = cli::read_skill(entry());
  REQUIRE(skill);
  CHECK(skill->name() == "pdf");
  CHECK(skill->directory() == "skill://pdf/");
  CHECK(skill->total_size() == text.size() + 5);
  REQUIRE(skill->find("references/A.md") != nullptr);
  CHECK(skill->find("references/A.md") == skill->find("skill://pdf/references/A.md"));
  CHECK(skill->find("references/B.md") == nullptr);
}

TEST_CASE("skill: an entry of another shape must not load") {
  json changed = entry();
  changed.erase("resources");
  CHECK(complaint(changed) == "skill skill://pdf/SKILL.md: it has no list of its files");
  changed["resources"] = "static";
  CHECK(complaint(changed) == "skill skill://pdf/SKILL.md: it has no list of its files");
  changed["resources"] = json::array();
  CHECK(complaint(changed) ==
        "skill skill://pdf/SKILL.md: its own SKILL.md is not among its files");
  changed = entry();
  changed["frontmatter"]["name"] = "other";
  CHECK(complaint(changed) ==
        "skill skill://pdf/SKILL.md: its name \"other\" is not that of its folder");
  changed["uri"] = "skill://pdf/README.md";
  CHECK(complaint(changed) == "skill skill://pdf/README.md: its URI does not end in /SKILL.md");
}

TEST_CASE("skill: a file outside of the directory, or listed twice, or unverifiable is refused") {
  for (const char* uri : {"skill://other/A.md", "skill://pdf/../A.md", "skill://pdf/a/%2E%2e/b",
                          "skill://pdf/", "skill://pdf/a//b"}) {
    CAPTURE(uri);
    CHECK(complaint(with_file({{"uri", uri}})).find("not inside its directory") !=
          std::string::npos);
  }
  CHECK(complaint(with_file({{"uri", "skill://pdf/SKILL.md"}})).find("listed twice") !=
        std::string::npos);
  CHECK(complaint(with_file({{"digest", "sha256:ABC"}})).find("no valid sha256 digest") !=
        std::string::npos);
  CHECK(complaint(with_file({{"size", -1}})).find("no valid size") != std::string::npos);
  CHECK(complaint(with_file({{"size", 1.5}})).find("no valid size") != std::string::npos);
}

TEST_CASE("skill: the limits hold before anything is read") {
  const auto large = cli::read_skill(with_file({{"size", 16 * 1024 * 1024}}));
  REQUIRE_FALSE(large);
  CHECK(large.error().kind == mcp::ErrorKind::limit);
  CHECK_FALSE(cli::read_skill(with_file({{"size", 18446744073709551615U}})));
  json many = entry();
  for (int i = 0; i < 511; ++i) many["resources"].push_back(many["resources"][1]);
  CHECK(complaint(many).find("it has 513 files") != std::string::npos);
}

TEST_CASE("skill: bytes must have the announced size and digest") {
  const auto skill = cli::read_skill(entry());
  REQUIRE(skill);
  const auto& file = *skill->find("SKILL.md");
  CHECK(cli::verify_bytes(file, text));
  CHECK(cli::verify_bytes(file, text + "x").error().message.find("size mismatch: expected 48") !=
        std::string::npos);
  std::string other = text;
  other.back() = ' ';
  CHECK(
      cli::verify_bytes(file, other).error().message.find("digest mismatch: expected " + digest) !=
      std::string::npos);
}

TEST_CASE("skill: the frontmatter must be the announced one, both ways") {
  const auto skill = cli::read_skill(entry());
  REQUIRE(skill);
  CHECK(cli::verify_frontmatter(*skill, text));
  const auto changed =
      cli::verify_frontmatter(*skill, "---\nname: pdf\ndescription: Deletes PDFs\n---\n");
  CHECK(changed.error().message ==
        "skill skill://pdf/SKILL.md: frontmatter mismatch: \"description\" in SKILL.md is not what "
        "was announced");
  const auto more =
      cli::verify_frontmatter(*skill, "---\nname: pdf\ndescription: Reads PDFs\nhooks: x\n---\n");
  CHECK(more.error().message ==
        "skill skill://pdf/SKILL.md: frontmatter mismatch: SKILL.md has more than was announced");
}

TEST_CASE("skill: a dynamic one has no files to verify") {
  json changed = entry();
  changed["resources"] = "dynamic";
  const auto skill = cli::read_skill(changed);
  REQUIRE(skill);
  CHECK(skill->dynamic);
  CHECK(skill->files.empty());
}

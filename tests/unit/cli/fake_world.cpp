#include "tests/unit/cli/fake_world.hpp"

#include <stdlib.h>

#include <fstream>

namespace {

std::filesystem::path make_directory() {
  std::string name = (std::filesystem::temp_directory_path() / "mcpctl-test-XXXXXX").string();
  if (::mkdtemp(name.data()) == nullptr) throw std::filesystem::filesystem_error("mkdtemp", {});
  return name;
}

}  // namespace

FakeWorld::FakeWorld()
    : directory(make_directory()), world{.in = in, .out = out, .err = err, .directory = directory} {
  world.environment = [this](const std::string& name) -> std::optional<std::string> {
    const auto found = variables.find(name);
    if (found == variables.end()) return std::nullopt;
    return found->second;
  };
  world.variable_names = [this] {
    std::vector<std::string> names;
    for (const auto& [name, value] : variables) names.push_back(name);
    return names;
  };
}

FakeWorld::~FakeWorld() {
  std::error_code ignored;
  std::filesystem::remove_all(directory, ignored);
}

std::string FakeWorld::file(const std::string& name, const std::string& text) const {
  const auto path = directory / name;
  std::filesystem::create_directories(path.parent_path());
  std::ofstream(path, std::ios::binary) << text;
  return path.string();
}

int FakeWorld::run(std::vector<std::string> arguments) {
  return cli::run_program(world, std::move(arguments));
}

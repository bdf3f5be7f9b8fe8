#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "scenarios/complaints.hpp"
#include "scenarios/yaml_tree.hpp"

namespace scenarios {

using Environment = std::function<std::optional<std::string>(const std::string& name)>;

/// Fills in `${NAME}` from the file's `vars` and from the command line, and `${env:NAME}`,
/// `${env:NAME:-default}` from the environment, in every text of a file. `$$` is a dollar sign.
/// Names that are known while agents run only (`${agent.id}`, `${iteration}`, `${random.…}`) stay
/// as they are. Values never become part of a message.
class Variables {
 public:
  explicit Variables(Environment environment) : environment_(std::move(environment)) {}

  /// Takes the mapping `vars` away from the file; the values may use the environment.
  void declare(YamlNode& file, Complaints& complaints);
  /// `--set NAME=VALUE`: the name must be declared.
  void set(const std::map<std::string, std::string>& values, Complaints& complaints);
  void fill_in(YamlNode& node, Complaints& complaints);

 private:
  struct Variable {
    std::optional<std::string> value;  // none: must be set
    bool quoted = false;
  };
  std::optional<std::string> expand(std::string_view text, Place place, Complaints& complaints);
  std::optional<std::string> look_up(std::string_view name, Place place, Complaints& complaints);
  std::optional<std::string> from_environment(std::string_view name, Place place,
                                              Complaints& complaints);
  void fill_in_scalar(YamlNode& node, Complaints& complaints);

  Environment environment_;
  std::map<std::string, Variable, std::less<>> variables_;
  std::size_t written_ = 0;  // bytes, of all texts
};

/// Whether `${name}` is filled in by a running agent only.
bool is_run_time_name(std::string_view name);

}  // namespace scenarios

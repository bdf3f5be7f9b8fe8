#include "probes/sidecar/surface.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "mcp/base/digest.hpp"
#include "mcp/base/text.hpp"

namespace probes::sidecar {
namespace {

constexpr std::size_t most_named = 20;
constexpr std::size_t longest_name = 100;

std::string canonical(const nlohmann::json& value) {
  // An object's members come in the order of their names.
  return value.dump(-1, ' ', true, nlohmann::json::error_handler_t::replace);
}

std::string name_of(const nlohmann::json& tool) {
  if (!tool.is_object()) return "(no object)";
  const auto name = tool.find("name");
  if (name == tool.end() || !name->is_string()) return "(no name)";
  return name->get<std::string>();
}

void name(std::vector<std::string>& names, char how, const std::string& which) {
  if (names.size() > most_named) return;
  names.push_back(names.size() == most_named ? "…" : how + mcp::excerpt(which, longest_name));
}

}  // namespace

void ToolDigests::add(const mcp::Json& tool) {
  auto& digests = by_name_[name_of(*tool)];
  auto digest = mcp::sha256_digest(canonical(*tool));
  digests.insert(std::ranges::upper_bound(digests, digest), std::move(digest));
  ++count_;
}

std::string ToolDigests::digest() const {
  std::string all;
  for (const auto& [name, digests] : by_name_) {
    for (const auto& each : digests) all += each;
  }
  return mcp::sha256_digest(all);
}

std::vector<std::string> ToolDigests::differences(const ToolDigests& first) const {
  std::vector<std::string> names;
  for (const auto& [which, digests] : by_name_) {
    const auto before = first.by_name_.find(which);
    if (before == first.by_name_.end()) {
      name(names, '+', which);
    } else if (before->second != digests) {
      name(names, '~', which);
    }
  }
  for (const auto& [which, digests] : first.by_name_) {
    if (!by_name_.contains(which)) name(names, '-', which);
  }
  return names;
}

void Surface::observe(const ToolDigests& tools, mcp::TimePoint now) {
  const auto digest = tools.digest();
  status_.tools = tools.count();
  if (digest == status_.digest) return;
  if (status_.first_digest.empty()) {
    first_ = tools;
    status_.first_digest = digest;
  } else {
    ++status_.changes;
    status_.changed_at = now;
  }
  status_.digest = digest;
  status_.differing = tools.differences(first_);
}

std::string Surface::difference() const {
  std::string text;
  for (const auto& each : status_.differing) text += (text.empty() ? "" : ", ") + each;
  return text;
}

}  // namespace probes::sidecar

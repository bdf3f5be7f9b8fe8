#pragma once

#include <string>
#include <vector>

namespace mcp {

struct Header {
  std::string name;
  std::string value;
  friend bool operator==(const Header&, const Header&) = default;
};
using HeaderList = std::vector<Header>;

}  // namespace mcp

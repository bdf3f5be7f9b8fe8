#include "probes/drift/catalogue.hpp"

namespace probes::drift {

std::vector<Rule> schema_rules() {
  return {};
}

}  // namespace probes::drift

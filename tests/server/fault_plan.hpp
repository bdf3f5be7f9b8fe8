#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "mcp/base/time.hpp"
#include "tests/server/fault.hpp"

namespace mcp::testserver {

/// The faults that strike one request.
class Strikes {
 public:
  bool none() const { return faults_.empty(); }
  const Fault* find(Fault::Kind kind) const {
    for (const auto* fault : faults_) {
      if (fault->kind == kind) return fault;
    }
    return nullptr;
  }
  const std::vector<const Fault*>& all() const { return faults_; }
  void add(const Fault& fault) { faults_.push_back(&fault); }

 private:
  std::vector<const Fault*> faults_;
};

/// Decides which faults strike which request. The same seed and the same requests give the same
/// strikes.
class FaultPlan {
 public:
  FaultPlan(std::vector<Fault> faults, std::uint64_t seed, TimePoint start);
  Strikes strike(std::string_view method, TimePoint now);
  bool empty() const { return entries_.empty(); }

 private:
  struct Entry {
    Fault fault;
    std::uint64_t seen = 0;  // requests that fit the method
    std::uint64_t random = 0;
  };
  static bool strikes(Entry& entry);

  std::vector<Entry> entries_;
  TimePoint start_;
};

}  // namespace mcp::testserver

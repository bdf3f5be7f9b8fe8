#pragma once

#include <cstddef>
#include <span>
#include <string_view>

#include "mcp/io/http.hpp"

namespace mcp {

struct CurlFailure;

struct LinkResult {
  enum class State { done, again, closed, failed };
  State state = State::again;
  std::size_t bytes = 0;
};

/// A connection that was made, as a pipe for bytes that never blocks. Destroying it closes it.
class Link {
 public:
  virtual ~Link() = default;
  /// To be watched; it stays the link's.
  virtual int descriptor() const = 0;
  virtual LinkResult send(std::string_view bytes) = 0;
  /// `again` only when nothing is left, in buffers of ours either.
  virtual LinkResult receive(std::span<char> space) = 0;
  /// Whether one `receive` that did not fill the space has taken all there is.
  virtual bool is_raw() const = 0;
  /// After `failed`: adds the code and what is known.
  virtual void explain(CurlFailure& failure) const = 0;
};

/// A new link, and what making it cost.
struct NewLink {
  std::unique_ptr<Link> link;
  HttpTimings timings;
};

}  // namespace mcp

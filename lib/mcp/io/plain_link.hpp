#pragma once

#include <string>
#include <utility>

#include "mcp/io/descriptor.hpp"
#include "mcp/io/link.hpp"

namespace mcp {

/// A link without TLS: the socket itself.
class PlainLink final : public Link {
 public:
  explicit PlainLink(Descriptor socket) : socket_(std::move(socket)) {}
  int descriptor() const override { return socket_.get(); }
  LinkResult send(std::string_view bytes) override;
  LinkResult receive(std::span<char> space) override;
  bool is_raw() const override { return true; }
  void explain(CurlFailure& failure) const override;

 private:
  LinkResult failed();

  Descriptor socket_;
  int os_error_ = 0;
};

}  // namespace mcp

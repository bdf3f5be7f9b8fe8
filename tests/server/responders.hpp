#pragma once

#include <list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "mcp/io/http_server.hpp"
#include "tests/server/fault.hpp"
#include "tests/server/inbound.hpp"
#include "tests/server/metrics.hpp"

namespace mcp::testserver {

/// Hands everything on; what it decorates is missing once a fault has taken it away.
class ForwardingResponder : public HttpResponder {
 public:
  explicit ForwardingResponder(ResponderPtr inner) : inner_(std::move(inner)) {}
  void respond(int status, const HeaderList& headers, std::string_view body) override {
    if (inner_ != nullptr) inner_->respond(status, headers, body);
  }
  void start(int status, const HeaderList& headers) override {
    if (inner_ != nullptr) inner_->start(status, headers);
  }
  void write(std::string_view bytes) override {
    if (inner_ != nullptr) inner_->write(bytes);
  }
  void finish() override {
    if (inner_ != nullptr) inner_->finish();
  }
  void take_over() override {
    if (inner_ != nullptr) inner_->take_over();
  }
  void close(Ending ending) override {
    if (inner_ != nullptr) inner_->close(ending);
  }
  void close_when_idle(Duration quiet) override {
    if (inner_ != nullptr) inner_->close_when_idle(quiet);
  }
  std::size_t unsent() const override { return inner_ == nullptr ? 0 : inner_->unsent(); }
  void on_drained(Task task) override {
    if (inner_ != nullptr) inner_->on_drained(std::move(task));
  }
  void on_closed(Task task) override {
    if (inner_ != nullptr) inner_->on_closed(std::move(task));
  }

 protected:
  ResponderPtr inner_;
};

/// Counts the answer under a label.
class CountedResponder : public ForwardingResponder {
 public:
  CountedResponder(Metrics& metrics, std::string_view label, ResponderPtr inner)
      : ForwardingResponder(std::move(inner)), metrics_(metrics), label_(method_label(label)) {}
  void respond(int status, const HeaderList& headers, std::string_view body) override {
    metrics_.answered(label_, status);
    inner_->respond(status, headers, body);
  }
  void start(int status, const HeaderList& headers) override {
    metrics_.answered(label_, status);
    inner_->start(status, headers);
  }

 private:
  Metrics& metrics_;
  std::string_view label_;
};

/// Connections that a fault keeps open although their request is over.
class Parking {
 public:
  void park(ResponderPtr responder);
  /// RST once everything that was written is on its way: it would take the rest along.
  void reset_when_sent(ResponderPtr responder);

 private:
  std::list<ResponderPtr> parked_;
};

/// Ends the answer after so many bytes of it, header included: stall, reset, close.
class CuttingResponder : public ForwardingResponder {
 public:
  CuttingResponder(Parking& parking, Fault::Kind how, std::size_t bytes, ResponderPtr inner);
  void respond(int status, const HeaderList& headers, std::string_view body) override;
  void start(int status, const HeaderList& headers) override;
  void write(std::string_view bytes) override;
  void finish() override;

 private:
  void emit(std::string_view bytes);
  void cut();

  Parking& parking_;
  Fault::Kind how_;
  std::size_t left_;
};

/// Ends body or stream early, but cleanly.
class TruncatingResponder : public ForwardingResponder {
 public:
  TruncatingResponder(std::optional<std::size_t> bytes, ResponderPtr inner)
      : ForwardingResponder(std::move(inner)), bytes_(bytes) {}
  void respond(int status, const HeaderList& headers, std::string_view body) override;
  void write(std::string_view bytes) override;
  void finish() override;

 private:
  std::optional<std::size_t> bytes_;  // of the body; none: half of the response message
  std::size_t written_ = 0;
  bool over_ = false;
};

/// Holds a stream back until its end.
class BufferingResponder : public ForwardingResponder {
 public:
  using ForwardingResponder::ForwardingResponder;
  void start(int status, const HeaderList& headers) override;
  void write(std::string_view bytes) override { held_ += bytes; }
  void finish() override;

 private:
  int status_ = 200;
  HeaderList headers_;
  std::string held_;
};

/// True for the text of a response, alone or inside an event.
bool holds_response(std::string_view text);

}  // namespace mcp::testserver

#include "probes/health/attempt.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "mcp/base/text.hpp"

namespace probes {
namespace {

using std::chrono::milliseconds;

/// The share of the time that stays for deleting the session after a failure.
mcp::Duration reserve_for_close(mcp::Duration available) {
  return std::clamp<mcp::Duration>(available / 10, milliseconds(20), milliseconds(500));
}

/// Which phase an error belongs to when no connection was reported before it.
PhaseName phase_before_connection(const mcp::Error& error) {
  switch (error.kind) {
    case mcp::ErrorKind::resolve:
      return PhaseName::resolve;
    case mcp::ErrorKind::tls:
      return PhaseName::tls;
    case mcp::ErrorKind::connect:
      return PhaseName::connect;
    default:
      break;
  }
  if (error.phase == "resolve") return PhaseName::resolve;
  if (error.phase == "connect") return PhaseName::connect;
  if (error.phase == "tls") return PhaseName::tls;
  return PhaseName::handshake;
}

std::string plural(std::size_t count, std::string_view noun) {
  return fmt::format("{} {}{}", count, noun, count == 1 ? "" : "s");
}

bool declares_tools(const mcp::Peer& peer) {
  return peer.capabilities->is_object() && peer.capabilities->contains("tools");
}

}  // namespace

Attempt::Attempt(ServerAccess& access, const ProbeOptions& options, mcp::TimePoint deadline)
    : access_(access),
      options_(options),
      start_(access.now()),
      deadline_(deadline),
      work_deadline_(deadline - reserve_for_close(deadline - start_)),
      server_(access.make_server(options.depth == Depth::tcp ? ServerAccess::Security::plain_tcp
                                                             : ServerAccess::Security::as_told)) {}

Observation Attempt::run() {
  plan_phases();
  if (options_.depth <= Depth::tls) {
    connect_only();
  } else {
    shake_hands();
    if (goes_to(Depth::tools)) list_tools();
    if (goes_to(Depth::call)) call_tool();
    seen_.http = server_->notes().http;
    close();
  }
  const auto& notes = server_->notes();
  seen_.warnings = notes.warnings;
  seen_.transport = server_->transport();
  seen_.total = access_.now() - start_;
  return std::move(seen_);
}

void Attempt::plan_phases() {
  const auto add = [this](PhaseName name) { seen_.phases.push_back({.name = name}); };
  if (server_->transport() == mcp::TransportKind::stdio) {
    add(PhaseName::spawn);
  } else {
    add(PhaseName::resolve);
    add(PhaseName::connect);
    if (server_->is_https()) add(PhaseName::tls);
  }
  if (options_.depth >= Depth::handshake) add(PhaseName::handshake);
  if (options_.depth >= Depth::tools) add(PhaseName::tools);
  if (options_.depth >= Depth::call) add(PhaseName::call);
  if (options_.depth >= Depth::handshake) add(PhaseName::close);
}

void Attempt::connect_only() {
  const auto begin = access_.now();
  auto timings = server_->connect_only(deadline_);
  if (timings) {
    seen_.connection = std::move(*timings);
    note_connection(access_.now() - begin, nullptr);
  } else {
    note_connection(access_.now() - begin, &timings.error());
  }
}

void Attempt::shake_hands() {
  const auto begin = access_.now();
  auto peer = server_->open(work_deadline_);
  auto spent = access_.now() - begin;
  const auto& notes = server_->notes();
  if (seen_.find(PhaseName::spawn) != nullptr) {
    const auto spawned = notes.transport_open.value_or(begin) - begin;
    if (notes.transport_open) {
      phase(PhaseName::spawn) = {PhaseName::spawn, PhaseStatus::ok, spawned, {}};
      spent -= spawned;
    } else if (!peer) {
      return fail(PhaseName::spawn, spent, peer.error());
    }
  } else {
    seen_.connection = notes.connection;
    if (!notes.connection && !peer) return note_connection(spent, &peer.error());
    note_connection(spent, nullptr);
    if (const auto& made = seen_.connection) spent -= made->resolve + made->connect + made->tls;
  }
  spent = std::max(spent, mcp::Duration::zero());
  if (!peer) return fail(PhaseName::handshake, spent, peer.error());
  const auto era = to_string(peer->era());
  phase(PhaseName::handshake) = {PhaseName::handshake, PhaseStatus::ok, spent,
                                 fmt::format("{}, {} era, {}", to_string(server_->transport()), era,
                                             to_string(peer->revision))};
  seen_.peer = std::move(*peer);
}

void Attempt::note_connection(mcp::Duration spent, const mcp::Error* failure) {
  const bool with_tls = seen_.find(PhaseName::tls) != nullptr;
  if (failure != nullptr) {
    auto where = phase_before_connection(*failure);
    if (where == PhaseName::handshake && seen_.find(where) == nullptr) where = PhaseName::connect;
    if (where == PhaseName::tls && !with_tls) where = PhaseName::connect;
    // What came before has worked, but only the whole was measured.
    for (auto& each : seen_.phases)
      if (each.name < where) each.status = PhaseStatus::ok;
    return fail(where, spent, *failure);
  }
  if (!seen_.connection) return;
  const auto& made = *seen_.connection;
  phase(PhaseName::resolve) = {PhaseName::resolve, PhaseStatus::ok, made.resolve, {}};
  phase(PhaseName::connect) = {PhaseName::connect, PhaseStatus::ok, made.connect,
                               mcp::printable(made.peer_address)};
  if (with_tls)
    phase(PhaseName::tls) = {PhaseName::tls, PhaseStatus::ok, made.tls,
                             mcp::printable(made.tls_subject)};
}

void Attempt::list_tools() {
  // Only negotiated capabilities may be used (2025-11-25 lifecycle, "Operation").
  if (!declares_tools(*seen_.peer)) {
    phase(PhaseName::tools).detail = "not offered by the server";
    return;
  }
  const auto begin = access_.now();
  auto listing = server_->list_tools(work_deadline_);
  const auto spent = access_.now() - begin;
  if (!listing) return fail(PhaseName::tools, spent, listing.error());
  phase(PhaseName::tools) = {
      PhaseName::tools, PhaseStatus::ok, spent,
      plural(listing->items.size(), "tool") + ", " + plural(listing->pages, "page")};
  seen_.tools = std::move(*listing);
}

void Attempt::call_tool() {
  const auto& call = *options_.call;
  const auto begin = access_.now();
  auto result = server_->call_tool(call.tool, call.arguments, work_deadline_);
  const auto spent = access_.now() - begin;
  if (!result) return fail(PhaseName::call, spent, result.error());
  phase(PhaseName::call) = {PhaseName::call, PhaseStatus::ok, spent, mcp::printable(call.tool)};
  seen_.call_result = std::move(*result);
}

void Attempt::close() {
  const bool is_child = server_->notes().transport_open.has_value() &&
                        server_->transport() == mcp::TransportKind::stdio;
  const bool holds_something = is_child || server_->holds_session();
  const auto begin = access_.now();
  auto closed = server_->close(deadline_);
  if (!seen_.peer && !holds_something) return;
  auto& phase_of_close = phase(PhaseName::close);
  phase_of_close.time = access_.now() - begin;
  phase_of_close.status = closed ? PhaseStatus::ok : PhaseStatus::failed;
  if (!closed) {
    seen_.residue = Residue::left;
    seen_.close_problem = closed.error().message;
    phase_of_close.detail = closed.error().message;
  } else if (seen_.failure && seen_.failure->kind == mcp::ErrorKind::session_lost) {
    phase_of_close.detail = "the session was gone";
  } else if (holds_something) {
    seen_.residue = Residue::removed;
    phase_of_close.detail = is_child ? "child ended" : "session deleted";
  } else {
    phase_of_close.detail = "nothing to clean up";
  }
}

Phase& Attempt::phase(PhaseName name) {
  return *std::ranges::find(seen_.phases, name, &Phase::name);
}

void Attempt::fail(PhaseName name, mcp::Duration time, const mcp::Error& error) {
  phase(name) = {name, PhaseStatus::failed, time, error.message};
  seen_.failed = name;
  seen_.failure = error;
}

}  // namespace probes

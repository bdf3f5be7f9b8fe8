#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "scenarios/recording.hpp"
#include "scenarios/timeline.hpp"

/// The counters of a results file, by name: what writes them and what reads them use one table.
namespace scenarios {

template <typename Owner>
struct Counter {
  std::string_view name;
  std::uint64_t Owner::* member;
};

inline constexpr std::array totals_counters = {
    Counter<Totals>{"answered_in_time", &Totals::answered_in_time},
    Counter<Totals>{"sessions_opened", &Totals::sessions_opened},
    Counter<Totals>{"sessions_closed", &Totals::sessions_closed},
    Counter<Totals>{"sessions_reinitialised", &Totals::sessions_reinitialised},
    Counter<Totals>{"answered_after_loss", &Totals::answered_after_loss},
    Counter<Totals>{"connections_made", &Totals::connections_made},
    Counter<Totals>{"reconnects", &Totals::reconnects},
    Counter<Totals>{"server_requests", &Totals::server_requests},
    Counter<Totals>{"late", &Totals::late},
};

inline constexpr std::array slot_counters = {
    Counter<Slot>{"intended", &Slot::intended},
    Counter<Slot>{"started", &Slot::started},
    Counter<Slot>{"answered", &Slot::answered},
    Counter<Slot>{"ended", &Slot::ended},
    Counter<Slot>{"late", &Slot::late},
    Counter<Slot>{"sessions_opened", &Slot::sessions_opened},
    Counter<Slot>{"sessions_closed", &Slot::sessions_closed},
    Counter<Slot>{"sessions_lost", &Slot::sessions_lost},
    Counter<Slot>{"sessions_reinitialised", &Slot::sessions_reinitialised},
    Counter<Slot>{"connections_made", &Slot::connections_made},
    Counter<Slot>{"reconnects", &Slot::reconnects},
    Counter<Slot>{"connections_cut", &Slot::connections_cut},
    Counter<Slot>{"streams_cut", &Slot::streams_cut},
    Counter<Slot>{"server_requests", &Slot::server_requests},
    Counter<Slot>{"cpu_micros", &Slot::cpu_micros},
    Counter<Slot>{"cpu_permille", &Slot::cpu_permille},
};

}  // namespace scenarios

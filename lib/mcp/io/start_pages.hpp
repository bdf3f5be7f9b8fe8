#pragma once

namespace mcp {

/// Gives back what only the start needed of the program's and its libraries' code and constants:
/// the kernel maps some 64 KiB around each place that was touched, and counts them as memory of the
/// process for as long as it lives. Pages that are used again come back from the page cache, so
/// this is for a program that now stays small for long. Linux only; elsewhere it does nothing.
void release_start_pages();

}  // namespace mcp

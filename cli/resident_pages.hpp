#pragma once

namespace cli {

/// Lets go of the pages of the program and its libraries that are as they are in their files: what
/// is needed on comes back at once from the page cache, and what only starting needed (linking,
/// options) no longer counts as memory in use. Does nothing where the kernel does not say which.
void release_unchanged_pages();

/// Gives back what the heap keeps of a peak that is over.
void release_free_heap();

}  // namespace cli

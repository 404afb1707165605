// Heap: which malloc this program has. Those that serve are linked with jemalloc (decision 0017),
// readers, tests and sanitized builds with the system's.
#pragma once

// What a flood took goes back to the system within seconds, also of a program that rests: a thread
// of the allocator sees to it. Where the allocator is another, nothing is done.
// Returns 0, or the errno of an allocator that could not.
int heap_tend(void);

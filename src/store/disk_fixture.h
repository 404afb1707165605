// Dying on purpose: the test program's own fsync, rename, link and unlink (disk_test.c) end the
// process instead of doing their n-th call. For children of tests.
#pragma once
#include <stddef.h>

#define DISK_FIXTURE_DEAD 42 // exit status

void disk_test_die_at(size_t n);

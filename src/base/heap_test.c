#include "base/heap.h"

#include "base/test.h"

TEST("heap: asking any allocator to give back what is not used does no harm, twice neither")
{
    EXPECT(heap_tend() == 0);
    EXPECT(heap_tend() == 0);
}

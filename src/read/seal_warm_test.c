#include "read/seal_warm.h"

#include "base/test.h"

TEST("seal_warm: what it checks holds")
{
    EXPECT(seal_warm());
}

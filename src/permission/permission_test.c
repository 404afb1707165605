#include "permission/permission.h"

#include "base/test.h"

TEST("permission: a stranger may verify and nothing else")
{
    PermissionActor stranger = permission_actor(PERMISSION_STRANGER);
    for (int act = 0; act < PERMISSION_ACT_COUNT; act++)
        EXPECT(permission_may(&stranger, (PermissionAct)act) == (act == PERMISSION_VERIFY));
    EXPECT(permission_check(cx, &stranger, PERMISSION_READ_INVOICES) == ERR_DENIED);
    EXPECT(slice_find(err_text(cx), SLICE("read_invoices")) != SLICE_NONE);
    EXPECT_OK(permission_check(cx, &stranger, PERMISSION_VERIFY));
}

TEST("permission: over TCP tries are counted, on the folder's socket they are not")
{
    PermissionActor loopback = permission_actor(PERMISSION_LOOPBACK);
    PermissionActor local = permission_actor(PERMISSION_LOCAL);
    EXPECT(!permission_may(&loopback, PERMISSION_VERIFY_UNCOUNTED));
    EXPECT(permission_may(&loopback, PERMISSION_HAND_IN));
    EXPECT(slice_equal(local.name, SLICE("local")) && slice_equal(local.tenant, SLICE("local")));
    for (int act = 0; act < PERMISSION_ACT_COUNT; act++)
        EXPECT(permission_may(&local, (PermissionAct)act));
}

TEST("permission: what is in no table is forbidden")
{
    PermissionActor odd = {.kind = PERMISSION_KIND_COUNT};
    PermissionActor local = permission_actor(PERMISSION_LOCAL);
    EXPECT(!permission_may(&odd, PERMISSION_VERIFY));
    EXPECT(!permission_may(&local, PERMISSION_ACT_COUNT));
}

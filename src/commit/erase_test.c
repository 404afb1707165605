#include "commit/erase.h"

#include "commit/commit_fixture.h"

TEST("erase: four reasons, and no other")
{
    (void)cx;
    EXPECT(erase_is_reason(SLICE("court_order")) && erase_is_reason(SLICE("personal_data")));
    EXPECT(erase_is_reason(SLICE("retention_over")) && erase_is_reason(SLICE("wrong_upload")));
    EXPECT(!erase_is_reason(SLICE("")) && !erase_is_reason(SLICE("wrong")));
}

TEST("erase: what is not there, and a reason that is none, are refused")
{
    Store *store = fixture_store(cx, "none");
    static const char id[COMMIT_ID_SIZE] = "no such document";
    Erasure erasure = {
        .tenant = SLICE("local"), .document = {id, sizeof id}, .reason = SLICE("wrong_upload")};
    EXPECT(erase_may(cx, store_writer(store), 1, &erasure) == ERR_MISSING);
    erasure.reason = SLICE("because");
    EXPECT(erase_may(cx, store_writer(store), 1, &erasure) == ERR_INPUT);
    store_close(store);
}

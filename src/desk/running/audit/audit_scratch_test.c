#include "desk/running/audit/audit_scratch.h"

#include "base/test.h"

TEST("audit_scratch: grows, keeps what was written, and finds by key")
{
    AuditScratch scratch = {}, bag = {};
    EXPECT_OK(audit_scratch_open(cx, test_folder(), sizeof(uint64_t), &scratch));
    for (uint64_t i = 0; i < 200'000; i += 7) {
        void *record = NULL;
        EXPECT_OK(audit_scratch_at(cx, &scratch, i, &record));
        *(uint64_t *)record = i + 1;
    }
    for (uint64_t i = 0; i < 199'990; i++) {
        const uint64_t *record = audit_scratch_find(&scratch, i);
        EXPECT(record != NULL && *record == (i % 7 == 0 ? i + 1 : 0));
    }
    EXPECT(audit_scratch_find(&scratch, 200'000) == NULL);
    audit_scratch_close(&scratch);
    audit_scratch_close(&scratch);

    EXPECT_OK(audit_scratch_open(cx, test_folder(), sizeof(AuditBagRow), &bag));
    for (uint64_t i = 0; i < 1000; i++) {
        AuditBagRow row = {.value = 1000 - i};
        row.key[0] = (uint8_t)(i * 37 % 251);
        EXPECT_OK(audit_scratch_bag_add(cx, &bag, &row));
    }
    audit_scratch_bag_sort(&bag);
    uint8_t key[16] = {250};
    AuditBagRow *found = audit_scratch_bag_find(&bag, key);
    EXPECT(found != NULL && found->key[0] == 250 && found[0].value < found[1].value);
    key[0] = 251;
    EXPECT(audit_scratch_bag_find(&bag, key) == NULL);
    audit_scratch_close(&bag);
    EXPECT(audit_scratch_open(cx, "/nowhere/at/all", 8, &bag) == ERR_STORE);
}

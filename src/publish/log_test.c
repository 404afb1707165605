#include "publish/log.h"

#include "publish/record_fixture.h"

TEST("log: its name is made once and kept; keys follow from the folder's log key")
{
    Store *store = fixture_store(cx, "named");
    Store *reading = NULL;
    const StoreOptions options = {.folder = store_folder(store),
                                  .key_file = cx_printf(cx, "%s.key", store_folder(store)).data};
    Log *log = NULL, *again = NULL;
    EXPECT_OK(store_open(cx, &options, &reading));
    EXPECT(log_open(cx, reading, SLICE(""), &log) == ERR_MISSING);
    static const char *const bad[] = {"a b", "a+b", "a\nb", "\xFF"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        EXPECT(log_open(cx, store, slice_of(bad[i]), &log) == ERR_INPUT);
    char name[NOTE_NAME_MAX];
    memset(name, 'n', sizeof name);
    EXPECT(log_open(cx, store, (Slice){name, sizeof name}, &log) == ERR_INPUT);
    EXPECT_OK(log_open(cx, store, SLICE(""), &log));
    EXPECT(slice_starts(log_origin(log), SLICE("fapiao.local/")) && log_origin(log).size == 29);
    EXPECT(log_open(cx, store, SLICE("other.example"), &again) == ERR_CONFLICT);
    EXPECT_OK(log_open(cx, reading, log_origin(log), &again));
    for (size_t i = 0; i < LOG_KEYS; i++) {
        EXPECT(memcmp(log_keys(log)[i].id, log_keys(again)[i].id, NOTE_ID_SIZE) == 0);
        EXPECT(slice_equal(log_keys(log)[i].name, log_origin(log)));
    }
    EXPECT(log_keys(log)[0].type == NOTE_KEY_ED25519 && log_keys(log)[1].type == NOTE_KEY_SM2);
    log_close(again);
    log_close(log);
    store_close(reading);
    Store *other = fixture_store(cx, "other");
    EXPECT_OK(log_open(cx, other, SLICE("fapiao.example/会计"), &log));
    EXPECT(slice_equal(log_origin(log), SLICE("fapiao.example/会计")));
    log_close(log);
    log_close(NULL);
    store_close(other);
    store_close(store);
}

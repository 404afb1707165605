#include "desk/people/notify/notify_seal.h"

#include "base/test.h"

TEST("notify_seal: what was sealed in one place opens in no other, nor in another folder")
{
    Store *stores[2] = {};
    for (int i = 0; i < 2; i++) {
        const StoreOptions options = {.folder = cx_printf(cx, "%s/s%d", test_folder(), i).data,
                                      .create = true,
                                      .write = true};
        EXPECT_OK(store_open(cx, &options, &stores[i]));
    }
    const FieldPlace place = {"notify_outbox", "to_sealed", SLICE("t"), SLICE("01")};
    const FieldPlace others[] = {{"notify_outbox", "to_sealed", SLICE("u"), SLICE("01")},
                                 {"notify_outbox", "to_sealed", SLICE("t"), SLICE("02")},
                                 {"notify_outbox", "body_sealed", SLICE("t"), SLICE("01")},
                                 {"notify_setting", "to_sealed", SLICE("t"), SLICE("01")}};
    Slice sealed, plain;
    EXPECT_OK(notify_seal_put(cx, stores[0], &place, SLICE("a@b.example"), &sealed));
    EXPECT(slice_find(sealed, SLICE("b.example")) == SLICE_NONE);
    EXPECT_OK(notify_seal_take(cx, stores[0], &place, sealed, &plain));
    EXPECT(slice_equal(plain, SLICE("a@b.example")));
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++)
        EXPECT(notify_seal_take(cx, stores[0], &others[i], sealed, &plain) == ERR_CORRUPT);
    EXPECT(notify_seal_take(cx, stores[1], &place, sealed, &plain) == ERR_CORRUPT);
    const NotifySealText text = {SLICE("a@b.example"), SLICE("subject"), SLICE("two\nlines")};
    NotifySealed message;
    NotifySealText back;
    EXPECT_OK(notify_seal_message(cx, stores[0], SLICE("t"), SLICE("01"), &text, &message));
    EXPECT_OK(notify_seal_open(cx, stores[0], SLICE("t"), SLICE("01"), &message, &back));
    EXPECT(slice_equal(back.to, text.to) && slice_equal(back.subject, text.subject) &&
           slice_equal(back.text, text.text));
    EXPECT(notify_seal_open(cx, stores[0], SLICE("t"), SLICE("02"), &message, &back) ==
           ERR_CORRUPT);
    message.body = SLICE(""); // it was sent
    EXPECT_OK(notify_seal_open(cx, stores[0], SLICE("t"), SLICE("01"), &message, &back));
    EXPECT(back.subject.size == 0 && back.text.size == 0);
    store_close(stores[0]);
    store_close(stores[1]);
}

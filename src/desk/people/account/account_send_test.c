#include "desk/people/account/account_send.h"

#include "base/base64.h"
#include "commit/commit_fixture.h"
#include "commit/commit_wait.h"
#include "desk/people/notify/notify.h"

typedef struct Sending {
    Store *store;
    AccountMessage message;
} Sending;
static Err send(Cx *cx, Db *db, void *self)
{
    const Sending *sending = self;
    return account_send(cx, db, sending->store, &sending->message);
}

TEST(
    "account send: each occasion has its message, with the secret, and the link where there is one")
{
    static const struct {
        AccountOccasion occasion;
        AccountChannel channel;
        const char *to, *secret;
        bool link;
    } cases[] = {{ACCOUNT_CONFIRM_MAIL, ACCOUNT_MAIL, "a@example.org", "SECRET", true},
                 {ACCOUNT_CONFIRM_PHONE, ACCOUNT_SMS, "+8613912345678", "123456", false},
                 {ACCOUNT_KNOWN_MAIL, ACCOUNT_MAIL, "a@example.org", "", false},
                 {ACCOUNT_RESET_LINK, ACCOUNT_MAIL, "a@example.org", "SECRET", true},
                 {ACCOUNT_RESET_CODE, ACCOUNT_SMS, "+8613912345678", "123456", false}};
    Store *store = fixture_store(cx, "sent");
    Committer *committer = NULL;
    EXPECT_OK(commit_open(cx, store, &(CommitOptions){}, &committer));
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        for (int english = 0; english < 2; english++) {
            Sending sending = {store,
                               {.channel = cases[i].channel,
                                .occasion = cases[i].occasion,
                                .to = slice_of(cases[i].to),
                                .name = SLICE("王小明"),
                                .language = english ? SLICE("en") : SLICE("zh"),
                                .secret = slice_of(cases[i].secret),
                                .site = SLICE("https://f.example")}};
            EXPECT_OK(commit_wait_work(cx, committer, send, &sending));
            Db *db = NULL;
            NotifyRow *rows = NULL, row;
            size_t count = 0;
            EXPECT_OK(store_take(cx, store, &db));
            EXPECT_OK(notify_list(cx, store, db, NULL, SLICE(""), SLICE(""), 1, &rows, &count));
            EXPECT(count == 1);
            Slice id = base64_hex(cx, (Slice){(const char *)rows[0].id, COMMIT_ID_SIZE});
            EXPECT_OK(notify_find(cx, store, db, id, &row));
            store_give(store, db);
            EXPECT(slice_equal(row.to, slice_of(cases[i].to)));
            EXPECT(slice_find(row.text, slice_of(cases[i].secret)) != SLICE_NONE);
            Slice link = SLICE("https://f.example/");
            EXPECT((slice_find(row.text, link) != SLICE_NONE) == cases[i].link);
        }
    }
    commit_close(committer);
    store_close(store);
}

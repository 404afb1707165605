#include "desk/people/account/account_ticket.h"

#include "commit/commit_wait.h"
#include "desk/people/account/account_fixture.h"

typedef struct Doing {
    AccountTicket ticket;
    Slice sealed;
    uint64_t now_ms;
} Doing;
static Err put(Cx *cx, Db *db, void *self)
{
    const Doing *doing = self;
    return account_ticket_put(cx, db, &doing->ticket, doing->sealed);
}
static Err use(Cx *cx, Db *db, void *self)
{
    const Doing *doing = self;
    return account_ticket_use(cx, db, &doing->ticket, doing->now_ms);
}
static Err take_try(Cx *cx, Db *db, void *self)
{
    const Doing *doing = self;
    return account_ticket_try(cx, db, &doing->ticket);
}

static Token make(Cx *cx, AccountFixture *f, const char *kind, Doing *doing)
{
    Token token = token_new(cx);
    *doing = (Doing){.ticket = {.kind = kind,
                                .account = SLICE("0123456789abcdef"),
                                .content = SLICE("a@b"),
                                .created_ms = f->world.ms,
                                .expires_ms = f->world.ms + 1'000,
                                .hash = token.digest},
                     .now_ms = f->world.ms};
    EXPECT_OK(account_ticket_seal(cx, f->store, &doing->ticket, &doing->sealed));
    EXPECT_OK(commit_wait_work(cx, f->committer, put, doing));
    return token;
}

static Err find(Cx *cx, AccountFixture *f, const char *kind, const Token *token, Slice *content)
{
    Db *db = NULL;
    AccountTicket ticket = {};
    EXPECT_OK(store_take(cx, f->store, &db));
    Err err =
        account_ticket_find(cx, f->store, db, kind, slice_of(token->text), f->world.ms, &ticket);
    store_give(f->store, db);
    *content = ticket.content;
    return err;
}

TEST("account ticket: works once, for its kind, until its time is over")
{
    AccountFixture f;
    Doing doing;
    Slice content;
    account_fixture_open(cx, &f);
    Token token = make(cx, &f, "mail", &doing);
    EXPECT(find(cx, &f, "reset", &token, &content) == ERR_MISSING);
    EXPECT_OK(find(cx, &f, "mail", &token, &content));
    EXPECT(slice_equal(content, SLICE("a@b")));
    EXPECT_OK(commit_wait_work(cx, f.committer, use, &doing));
    EXPECT(commit_wait_work(cx, f.committer, use, &doing) == ERR_MISSING);
    EXPECT(find(cx, &f, "mail", &token, &content) == ERR_MISSING);
    token = make(cx, &f, "mail", &doing);
    f.world.ms += 999;
    EXPECT_OK(find(cx, &f, "mail", &token, &content));
    f.world.ms += 1;
    EXPECT(find(cx, &f, "mail", &token, &content) == ERR_MISSING);
    account_fixture_close(cx, &f);
}

TEST("account ticket: a new one ends the one before, of its kind alone")
{
    AccountFixture f;
    Doing doing;
    Slice content;
    account_fixture_open(cx, &f);
    Token first = make(cx, &f, "mail", &doing), other = make(cx, &f, "reset", &doing);
    Token second = make(cx, &f, "mail", &doing);
    EXPECT(find(cx, &f, "mail", &first, &content) == ERR_MISSING);
    EXPECT_OK(find(cx, &f, "mail", &second, &content));
    EXPECT_OK(find(cx, &f, "reset", &other, &content));
    account_fixture_close(cx, &f);
}

TEST("account ticket: has five tries, and keeps neither secret nor content open")
{
    AccountFixture f;
    Doing doing;
    Slice content;
    account_fixture_open(cx, &f);
    Token token = make(cx, &f, "mail", &doing);
    const char *seen = "SELECT COUNT(*) FROM ticket WHERE instr(content, CAST('a@b' AS BLOB)) > 0";
    EXPECT(account_fixture_number(cx, &f, seen) == 0);
    for (int i = 0; i < 5; i++)
        EXPECT_OK(commit_wait_work(cx, f.committer, take_try, &doing));
    EXPECT(commit_wait_work(cx, f.committer, take_try, &doing) == ERR_MISSING);
    EXPECT(find(cx, &f, "mail", &token, &content) == ERR_MISSING);
    account_fixture_close(cx, &f);
}

static Err put_many(Cx *cx, Db *db, void *self)
{
    const Doing *doing = self;
    return account_ticket_put_one_of(cx, db, &doing->ticket, doing->sealed, 3);
}

TEST(
    "account ticket: of nobody's many are live at once; the oldest and those whose time is over go")
{
    AccountFixture f;
    Token tokens[5];
    Slice content;
    account_fixture_open(cx, &f);
    for (int i = 0; i < 5; i++) {
        tokens[i] = token_new(cx);
        Doing doing = {.ticket = {.kind = "oidc",
                                  .account = SLICE(""),
                                  .content = SLICE("{}"),
                                  .created_ms = f.world.ms,
                                  .expires_ms = f.world.ms + 1'000,
                                  .hash = tokens[i].digest}};
        EXPECT_OK(account_ticket_seal(cx, f.store, &doing.ticket, &doing.sealed));
        EXPECT_OK(commit_wait_work(cx, f.committer, put_many, &doing));
        // The last one comes when the time of all but the fourth is over.
        f.world.ms += i == 2 ? 500 : i == 3 ? 600 : 1;
        if (i == 3) {
            EXPECT(find(cx, &f, "oidc", &tokens[0], &content) == ERR_MISSING);
            EXPECT(account_fixture_number(cx, &f, "SELECT count(*) FROM ticket") == 3);
            EXPECT_OK(find(cx, &f, "oidc", &tokens[3], &content));
        }
    }
    EXPECT(account_fixture_number(cx, &f, "SELECT count(*) FROM ticket") == 2);
    EXPECT_OK(find(cx, &f, "oidc", &tokens[3], &content));
    EXPECT_OK(find(cx, &f, "oidc", &tokens[4], &content));
    account_fixture_close(cx, &f);
}

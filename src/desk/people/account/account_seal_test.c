#include "desk/people/account/account_seal.h"

#include "base/test.h"
#include "commit/commit_fixture.h"

static const AccountField PROFILE = {"account", "profile"}, SEED = {"account", "seed"};

TEST("account seal: opens where it was sealed and nowhere else")
{
    Store *store = fixture_store(cx, "sealed");
    Slice sealed, plain;
    EXPECT_OK(account_seal(cx, store, PROFILE, SLICE("a"), SLICE("13912345678"), &sealed));
    EXPECT(slice_find(sealed, SLICE("13912345678")) == SLICE_NONE);
    EXPECT_OK(account_seal_open(cx, store, PROFILE, SLICE("a"), sealed, &plain));
    EXPECT(slice_equal(plain, SLICE("13912345678")));
    EXPECT(account_seal_open(cx, store, PROFILE, SLICE("b"), sealed, &plain) == ERR_CORRUPT);
    EXPECT(account_seal_open(cx, store, SEED, SLICE("a"), sealed, &plain) == ERR_CORRUPT);
    EXPECT_OK(account_seal_open(cx, store, SEED, SLICE("a"), SLICE(""), &plain));
    EXPECT(plain.size == 0);
    store_close(store);
}

TEST("account seal: a blind index is the same for the same text of the same kind, in one folder")
{
    Store *store = fixture_store(cx, "tagged"), *other = fixture_store(cx, "other");
    Slice a, b, c, d;
    EXPECT_OK(account_seal_tag(cx, store, "mail", SLICE("a@b"), &a));
    EXPECT_OK(account_seal_tag(cx, store, "mail", SLICE("a@b"), &b));
    EXPECT_OK(account_seal_tag(cx, store, "login", SLICE("a@b"), &c));
    EXPECT_OK(account_seal_tag(cx, other, "mail", SLICE("a@b"), &d));
    EXPECT(a.size >= 16 && slice_equal(a, b) && !slice_equal(a, c) && !slice_equal(a, d));
    store_close(store);
    store_close(other);
}

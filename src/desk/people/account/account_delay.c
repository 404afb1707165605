#include "desk/people/account/account_delay.h"

#include <stdlib.h>

#include "desk/people/account/account_parts.h"

#define FREE_FAILURES ((uint64_t)3)
#define FIRST_MS      ((uint64_t)1'000)
#define SLOTS         ((size_t)1 << 16)
#define WAYS          ((size_t)4) // places that one name may lie in

struct AccountDelay {
    uint64_t tag; // 0 = empty
    uint64_t failures, failed_ms;
};

AccountDelay *account_delay_open(void)
{
    AccountDelay *delays = calloc(SLOTS, sizeof *delays); // owned: until account_delay_close
    if (delays == NULL) abort();
    return delays;
}

void account_delay_close(AccountDelay *delays)
{
    free(delays);
}

uint64_t account_delay_of(uint64_t failures)
{
    if (failures <= FREE_FAILURES) return 0;
    uint64_t doubled = failures - FREE_FAILURES - 1;
    uint64_t ms = doubled > 16 ? LIMIT_LOGIN_DELAY_MS : FIRST_MS << doubled;
    return ms < LIMIT_LOGIN_DELAY_MS ? ms : LIMIT_LOGIN_DELAY_MS;
}

// "192.0.2.7" -> "192.0.2"; "2001:db8:1:2::3" -> "2001:db8:1"; anything else as it is.
static Slice block_of(Slice address)
{
    bool v6 = slice_find(address, SLICE(":")) != SLICE_NONE;
    char mark = v6 ? ':' : '.';
    size_t marks = 0;
    for (size_t i = 0; i < address.size; i++)
        if (address.data[i] == mark && ++marks == 3) return slice_sub(address, 0, i);
    return address;
}

static uint64_t tag_of(Cx *cx, const Accounts *accounts, Slice name, Slice address)
{
    Slice block = block_of(address);
    Slice both = cx_printf(cx, SLICE_FMT "\n" SLICE_FMT, SLICE_ARG(name), SLICE_ARG(block));
    Digest digest = store_tag(accounts->store, SLICE("people/delay/v1"), both);
    uint64_t tag = 0;
    memcpy(&tag, digest.bytes, sizeof tag);
    return tag == 0 ? 1 : tag;
}

// Where it lies, or the place that is given up for it: an empty one, else the one that failed
// longest ago.
static AccountDelay *place_of(AccountDelay *delays, uint64_t tag)
{
    AccountDelay *set = &delays[tag % (SLOTS / WAYS) * WAYS], *best = set;
    for (size_t i = 0; i < WAYS; i++) {
        if (set[i].tag == tag) return &set[i];
        if (set[i].failed_ms < best->failed_ms) best = &set[i];
    }
    return best;
}

uint64_t account_delay_left(Cx *cx, Accounts *accounts, Slice name, Slice address)
{
    uint64_t now_ms = cx_now_ms(cx), tag = tag_of(cx, accounts, name, address), until = 0;
    (void)pthread_mutex_lock(&accounts->mutex);
    const AccountDelay *delay = place_of(accounts->delays, tag);
    if (delay->tag == tag) until = delay->failed_ms + account_delay_of(delay->failures);
    (void)pthread_mutex_unlock(&accounts->mutex);
    return until > now_ms ? until - now_ms : 0;
}

void account_delay_note(Cx *cx, Accounts *accounts, Slice name, Slice address, bool right)
{
    uint64_t now_ms = cx_now_ms(cx), tag = tag_of(cx, accounts, name, address);
    (void)pthread_mutex_lock(&accounts->mutex);
    AccountDelay *delay = place_of(accounts->delays, tag);
    if (right) {
        if (delay->tag == tag) *delay = (AccountDelay){};
    } else {
        if (delay->tag != tag) *delay = (AccountDelay){.tag = tag};
        delay->failures++;
        delay->failed_ms = now_ms;
    }
    (void)pthread_mutex_unlock(&accounts->mutex);
}

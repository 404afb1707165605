#include "desk/people/account/account_code.h"

#include "crypto/totp.h"
#include "desk/people/account/account_delay.h"
#include "desk/people/account/account_parts.h"

Digest account_code_tag(const Store *store, Slice account, Slice code)
{
    return account_ticket_code(store, "recovery", account, code);
}

uint64_t account_code_delay(const AccountRow *row, uint64_t now_ms)
{
    uint64_t until = row->failed_ms + account_delay_of(row->failures);
    return until > now_ms ? until - now_ms : 0;
}

// A try is counted before it is known whether it is right: many at once are no more than one by
// one.
typedef struct Trying {
    Slice account;
    const AccountTicket *ticket;
    uint64_t now_ms;
} Trying;

static Err count_try(Cx *cx, Db *db, void *self)
{
    const Trying *trying = self;
    if (trying->ticket != NULL) TRY(account_ticket_try(cx, db, trying->ticket));
    return db_run(cx, db,
                  "UPDATE account SET failures = failures + 1, failed_ms = $3 WHERE tenant = $1 "
                  "AND id = $2",
                  DB_VALUES(OURS, db_blob(trying->account), db_int((int64_t)trying->now_ms)), NULL);
}

static Err wrong(Cx *cx)
{
    return err_set(cx, ERR_INPUT, "code: is wrong");
}

static bool is_totp(Slice code)
{
    return code.size == TOTP_DIGITS && slice_digits(code);
}

Err account_code_check(Cx *cx, Accounts *accounts, const AccountRow *row,
                       const AccountTicket *ticket, Slice code, AccountCode *ret_code)
{
    Trying trying = {account_row_id(row), ticket, cx_now_ms(cx)};
    AccountCode result = {.now_ms = trying.now_ms};
    code = slice_trim(code);
    TRY(commit_wait_work(cx, accounts->options.committer, count_try, &trying));
    memcpy(result.account, row->id, ACCOUNT_ID_SIZE);
    if (row->seed.size != TOTP_SEED_SIZE || code.size > LIMIT_CODE_BYTES) return wrong(cx);
    if (is_totp(code)) {
        TotpSeed seed;
        memcpy(seed.bytes, row->seed.data, TOTP_SEED_SIZE);
        bool fits = totp_match(cx, &seed, code, row->seed_step, &result.step);
        explicit_bzero(&seed, sizeof seed);
        if (!fits) return wrong(cx);
    } else {
        result.tag = account_code_tag(accounts->store, account_row_id(row), code);
    }
    *ret_code = result;
    return ERR_OK;
}

Err account_code_use(Cx *cx, Db *db, const AccountCode *code)
{
    DbValue account = db_blob((Slice){(const char *)code->account, ACCOUNT_ID_SIZE});
    uint64_t changed = 0;
    if (code->step > 0)
        TRY(db_run(cx, db,
                   "UPDATE account SET seed_step = $3, failures = 0, failed_ms = 0 WHERE "
                   "tenant = $1 AND id = $2 AND seed_step < $3",
                   DB_VALUES(OURS, account, db_int((int64_t)code->step)), &changed));
    else
        TRY(db_run(cx, db,
                   "UPDATE recovery_code SET used_ms = $4 WHERE tenant = $1 AND account = $2 AND "
                   "tag = $3 AND used_ms = 0",
                   DB_VALUES(OURS, account, db_blob(digest_slice(&code->tag)),
                             db_int((int64_t)code->now_ms)),
                   &changed));
    if (changed != 1) return wrong(cx);
    if (code->step > 0) return ERR_OK;
    return db_run(cx, db,
                  "UPDATE account SET failures = 0, failed_ms = 0 WHERE tenant = $1 AND id = $2",
                  DB_VALUES(OURS, account), NULL);
}

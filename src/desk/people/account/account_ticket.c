#include "desk/people/account/account_ticket.h"

#include <assert.h>

#include "desk/people/account/account_parts.h"

static const AccountField CONTENT = {"ticket", "content"};

Err account_ticket_seal(Cx *cx, const Store *store, const AccountTicket *ticket, Slice *ret_sealed)
{
    return account_seal(cx, store, CONTENT, digest_slice(&ticket->hash), ticket->content,
                        ret_sealed);
}

Err account_ticket_drop(Cx *cx, Db *db, const char *kind, Slice account)
{
    if (kind == NULL)
        return db_run(cx, db, "DELETE FROM ticket WHERE tenant = $1 AND account = $2",
                      DB_VALUES(OURS, db_blob(account)), NULL);
    return db_run(cx, db, "DELETE FROM ticket WHERE tenant = $1 AND account = $2 AND kind = $3",
                  DB_VALUES(OURS, db_blob(account), db_text(slice_of(kind))), NULL);
}

static Err add(Cx *cx, Db *db, const AccountTicket *ticket, Slice sealed)
{
    return db_run(cx, db,
                  "INSERT INTO ticket (tenant, hash, kind, account, content, created_ms, "
                  "expires_ms, tries, used_ms) VALUES ($1, $2, $3, $4, $5, $6, $7, 0, 0)",
                  DB_VALUES(OURS, db_blob(digest_slice(&ticket->hash)),
                            db_text(slice_of(ticket->kind)), db_blob(ticket->account),
                            db_blob(sealed), db_int((int64_t)ticket->created_ms),
                            db_int((int64_t)ticket->expires_ms)),
                  NULL);
}

Err account_ticket_put(Cx *cx, Db *db, const AccountTicket *ticket, Slice sealed)
{
    TRY(account_ticket_drop(cx, db, ticket->kind, ticket->account));
    return add(cx, db, ticket, sealed);
}

Err account_ticket_put_one_of(Cx *cx, Db *db, const AccountTicket *ticket, Slice sealed, int most)
{
    DbValue nobody = db_blob(SLICE("")), kind = db_text(slice_of(ticket->kind));
    TRY(db_run(cx, db,
               "DELETE FROM ticket WHERE tenant = $1 AND account = $2 AND kind = $3 AND "
               "expires_ms <= $4",
               DB_VALUES(OURS, nobody, kind, db_int((int64_t)ticket->created_ms)), NULL));
    TRY(db_run(cx, db,
               "DELETE FROM ticket WHERE tenant = $1 AND hash IN (SELECT hash FROM ticket "
               "WHERE tenant = $1 AND account = $2 AND kind = $3 ORDER BY created_ms DESC, hash "
               "LIMIT 1000000 OFFSET $4)",
               DB_VALUES(OURS, nobody, kind, db_int(most - 1)), NULL));
    return add(cx, db, ticket, sealed);
}

static Err take(Cx *cx, const Store *store, const char *kind, DbRows *rows, uint64_t now_ms,
                AccountTicket *ret_ticket)
{
    bool row = false;
    TRY(db_next(cx, rows, &row));
    AccountTicket ticket = {.kind = kind};
    bool good = row && db_col_blob(rows, 0).size == DIGEST_SIZE;
    if (good) {
        memcpy(ticket.hash.bytes, db_col_blob(rows, 0).data, DIGEST_SIZE);
        ticket.created_ms = (uint64_t)db_col_int(rows, 3);
        ticket.expires_ms = (uint64_t)db_col_int(rows, 4);
        ticket.tries = (uint64_t)db_col_int(rows, 5);
        good = now_ms < ticket.expires_ms && ticket.tries < LIMIT_TICKET_TRIES;
    }
    if (!good) return err_set(cx, ERR_MISSING, "it was used, or its time is over");
    TRY(cx_copy(cx, db_col_blob(rows, 1), &ticket.account));
    TRY(account_seal_open(cx, store, CONTENT, digest_slice(&ticket.hash), db_col_blob(rows, 2),
                          &ticket.content));
    *ret_ticket = ticket;
    return ERR_OK;
}

#define COLUMNS "SELECT hash, account, content, created_ms, expires_ms, tries FROM ticket "

Err account_ticket_find(Cx *cx, const Store *store, Db *db, const char *kind, Slice token,
                        uint64_t now_ms, AccountTicket *ret_ticket)
{
    Digest hash = {};
    if (!token_digest(slice_trim(token), &hash))
        return err_set(cx, ERR_MISSING, "it was used, or its time is over");
    AUTO_ROWS DbRows *rows = NULL;
    TRY(db_query(cx, db, COLUMNS "WHERE tenant = $1 AND hash = $2 AND kind = $3 AND used_ms = 0",
                 DB_VALUES(OURS, db_blob(digest_slice(&hash)), db_text(slice_of(kind))), &rows));
    return take(cx, store, kind, rows, now_ms, ret_ticket);
}

Err account_ticket_of(Cx *cx, const Store *store, Db *db, const char *kind, Slice account,
                      uint64_t now_ms, AccountTicket *ret_ticket)
{
    AUTO_ROWS DbRows *rows = NULL;
    TRY(db_query(cx, db, COLUMNS "WHERE tenant = $1 AND account = $2 AND kind = $3 AND used_ms = 0",
                 DB_VALUES(OURS, db_blob(account), db_text(slice_of(kind))), &rows));
    return take(cx, store, kind, rows, now_ms, ret_ticket);
}

Digest account_ticket_code(const Store *store, const char *kind, Slice account, Slice code)
{
    Digest key = account_seal_code_key(store);
    char about[64];
    size_t head = strlen(kind) + 1;
    assert(head + account.size <= sizeof about);
    memcpy(about, kind, head); // with its NUL
    if (account.size > 0) memcpy(about + head, account.data, account.size);
    return token_keyed(digest_slice(&key), (Slice){about, head + account.size}, code);
}

Err account_ticket_use(Cx *cx, Db *db, const AccountTicket *ticket, uint64_t now_ms)
{
    uint64_t changed = 0;
    TRY(db_run(
        cx, db, "UPDATE ticket SET used_ms = $3 WHERE tenant = $1 AND hash = $2 AND used_ms = 0",
        DB_VALUES(OURS, db_blob(digest_slice(&ticket->hash)), db_int((int64_t)now_ms)), &changed));
    return changed == 1 ? ERR_OK : err_set(cx, ERR_MISSING, "it was used, or its time is over");
}

Err account_ticket_try(Cx *cx, Db *db, const AccountTicket *ticket)
{
    uint64_t changed = 0;
    TRY(db_run(
        cx, db,
        "UPDATE ticket SET tries = tries + 1 WHERE tenant = $1 AND hash = $2 AND used_ms = 0 "
        "AND tries < $3",
        DB_VALUES(OURS, db_blob(digest_slice(&ticket->hash)), db_int(LIMIT_TICKET_TRIES)),
        &changed));
    return changed == 1 ? ERR_OK : err_set(cx, ERR_MISSING, "it was used, or its time is over");
}

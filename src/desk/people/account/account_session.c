#include "desk/people/account/account_session.h"

#include "desk/people/account/account_parts.h"
#include "desk/people/account/account_slot.h"
#include "format/json/json_in.h"
#include "format/json/json_out.h"

static const AccountField ORIGIN = {"session", "origin"};
#define AGENT_MAX ((size_t)256)
#define HOUR_MS   ((uint64_t)3'600'000)
#define MINUTE_MS ((uint64_t)60'000)

AccountSlot *account_session_slots_open(void)
{
    return account_slot_open();
}

void account_session_slots_close(AccountSlot *slots)
{
    account_slot_close(slots);
}

// ---- who asks ----

static Err over(Cx *cx)
{
    return err_set(cx, ERR_DENIED, "the session is over");
}

static Err load(Cx *cx, Db *db, const Digest *hash, AccountSlot *slot)
{
    AUTO_ROWS DbRows *rows = NULL;
    bool row = false;
    TRY(db_query(cx, db,
                 "SELECT s.account, s.organisation, s.factors, s.created_ms, s.seen_ms, a.state, "
                 "a.password_ms, s.confirmed_ms FROM session s JOIN account a ON a.tenant = "
                 "s.tenant AND a.id = "
                 "s.account WHERE s.tenant = $1 AND s.hash = $2",
                 DB_VALUES(OURS, db_blob(digest_slice(hash))), &rows));
    TRY(db_next(cx, rows, &row));
    Slice organisation = row ? db_col_text(rows, 1) : SLICE("");
    if (!row || db_col_blob(rows, 0).size != ACCOUNT_ID_SIZE || organisation.size > TENANT_SIZE ||
        !slice_equal(db_col_text(rows, 5), SLICE("active")))
        return over(cx);
    slot->hash = *hash;
    memcpy(slot->account, db_col_blob(rows, 0).data, ACCOUNT_ID_SIZE);
    memcpy(slot->tenant, organisation.data, organisation.size);
    slot->tenant_size = organisation.size;
    slot->strong = db_col_int(rows, 2) >= 2;
    slot->created_ms = (uint64_t)db_col_int(rows, 3);
    slot->seen_ms = slot->written_ms = (uint64_t)db_col_int(rows, 4);
    slot->password_ms = (uint64_t)db_col_int(rows, 6);
    slot->confirmed_ms = (uint64_t)db_col_int(rows, 7);
    slot->acts = ACTS_ALL;
    return account_slot_roles(cx, db, slot);
}

static Err note_seen(Cx *cx, Db *db, void *self)
{
    const AccountLate *late = self;
    return db_run(cx, db,
                  "UPDATE session SET seen_ms = $3 WHERE tenant = $1 AND hash = $2 AND seen_ms < "
                  "$3",
                  DB_VALUES(OURS, db_blob(digest_slice(&late->hash)), db_int((int64_t)late->ms)),
                  NULL);
}

Err account_session_actor(Cx *cx, Accounts *accounts, Slice token, Slice address,
                          PermissionActor *ret_actor)
{
    Digest hash = {};
    AccountSlot slot = {};
    if (!token_digest(token, &hash)) return over(cx);
    if (!account_slot_find(accounts, &hash, &slot)) {
        AUTO_DB AccountDb reader = {};
        uint64_t seen = account_slot_now(accounts);
        TRY(account_db(cx, accounts, &reader));
        TRY(load(cx, reader.db, &hash, &slot));
        slot.seen = seen;
    }
    // An API token that lies among the slots is no session, whatever cookie it comes as.
    if (slot.expires_ms != 0) return over(cx);
    uint64_t now_ms = cx_now_ms(cx);
    AccountPolicy policy = account_policy_now(cx, accounts);
    if (now_ms >= slot.created_ms + policy.absolute_hours * HOUR_MS ||
        now_ms >= slot.seen_ms + policy.idle_minutes * MINUTE_MS)
        return over(cx);
    account_slot_seen(cx, accounts, &slot, now_ms, note_seen);
    account_slot_actor(cx, &slot, &policy, now_ms, address, ret_actor);
    return ERR_OK;
}

// ---- a new one ----

static Err first_organisation(Cx *cx, Db *db, Slice account, Slice *ret_tenant)
{
    AUTO_ROWS DbRows *rows = NULL;
    bool row = false;
    TRY(db_query(cx, db,
                 "SELECT m.tenant FROM member m JOIN organisation o ON o.tenant = m.tenant "
                 "WHERE m.account = $1 AND m.tenant <> '' AND o.state = 'active' "
                 "ORDER BY m.since_ms, m.tenant LIMIT 1",
                 DB_VALUES(db_blob(account)), &rows));
    TRY(db_next(cx, rows, &row));
    *ret_tenant = SLICE("");
    return row ? cx_copy(cx, db_col_text(rows, 0), ret_tenant) : ERR_OK;
}

Err account_session_make(Cx *cx, Accounts *accounts, Slice account, int factors,
                         const AccountOrigin *origin, AccountSessionNew *ret_new)
{
    AUTO_DB AccountDb reader = {};
    AccountPolicy policy = account_policy_now(cx, accounts);
    uint64_t now_ms = cx_now_ms(cx), most_ms = policy.absolute_hours * HOUR_MS;
    AccountSessionNew new = {.token = token_new(cx),
                             .factors = factors,
                             .now_ms = now_ms,
                             .confirmed_ms = now_ms,
                             .oldest_ms = now_ms > most_ms ? now_ms - most_ms : 0};
    memcpy(new.account, account.data, ACCOUNT_ID_SIZE);
    uuid7_make(cx, new.id);
    JsonOut out = json_out_open(cx, LIMIT_FIELD_BYTES);
    Slice json;
    json_out_object(&out);
    json_out_pair(&out, "address", origin->address);
    json_out_pair(&out, "agent", slice_sub(origin->agent, 0, AGENT_MAX));
    json_out_end_object(&out);
    TRY(json_out_done(cx, &out, &json));
    TRY(account_seal(cx, accounts->store, ORIGIN, (Slice){(const char *)new.id, ACCOUNT_ID_SIZE},
                     json, &new.origin));
    TRY(account_db(cx, accounts, &reader));
    TRY(first_organisation(cx, reader.db, account, &new.organisation));
    *ret_new = new;
    return ERR_OK;
}

static Err make_room(Cx *cx, Db *db, const AccountSessionNew *new)
{
    DbValue account = db_blob((Slice){(const char *)new->account, ACCOUNT_ID_SIZE});
    TRY(db_run(cx, db, "DELETE FROM session WHERE tenant = $1 AND account = $2 AND created_ms < $3",
               DB_VALUES(OURS, account, db_int((int64_t) new->oldest_ms)), NULL));
    return db_run(cx, db,
                  "DELETE FROM session WHERE tenant = $1 AND hash IN (SELECT hash FROM session "
                  "WHERE tenant = $1 AND account = $2 ORDER BY seen_ms DESC, hash LIMIT 1000000 "
                  "OFFSET $3)",
                  DB_VALUES(OURS, account, db_int(LIMIT_SESSIONS - 1)), NULL);
}

Err account_session_put(Cx *cx, Db *db, const AccountSessionNew *new)
{
    Slice account = {(const char *)new->account, ACCOUNT_ID_SIZE};
    TRY(make_room(cx, db, new));
    account_touch(db, account);
    return db_run(cx, db,
                  "INSERT INTO session (tenant, hash, id, account, organisation, factors, "
                  "created_ms, seen_ms, origin, confirmed_ms) VALUES ($1, $2, $3, $4, $5, $6, $7, "
                  "$7, $8, $9)",
                  DB_VALUES(OURS, db_blob(digest_slice(&new->token.digest)),
                            db_blob((Slice){(const char *)new->id, ACCOUNT_ID_SIZE}),
                            db_blob(account), db_text(new->organisation), db_int(new->factors),
                            db_int((int64_t) new->now_ms), db_blob(new->origin),
                            db_int((int64_t) new->confirmed_ms)),
                  NULL);
}

Err account_session_swap(Cx *cx, Db *db, const AccountSwap *swap)
{
    uint64_t changed = 0;
    Slice organisation = swap->organisation == NULL ? SLICE("") : *swap->organisation;
    TRY(db_run(cx, db,
               "UPDATE session SET hash = $3, factors = CASE WHEN $4 = 0 THEN factors ELSE $4 END, "
               "organisation = CASE WHEN $5 = 0 THEN organisation ELSE $6 END, "
               "confirmed_ms = CASE WHEN $8 = 0 THEN confirmed_ms ELSE $8 END "
               "WHERE tenant = $1 AND hash = $2 AND account = $7",
               DB_VALUES(OURS, db_blob(digest_slice(&swap->old)), db_blob(digest_slice(&swap->new)),
                         db_int(swap->factors), db_int(swap->organisation != NULL),
                         db_text(organisation), db_blob(swap->account),
                         db_int((int64_t)swap->confirmed_ms)),
               &changed));
    if (changed != 1) return over(cx);
    account_touch(db, swap->account);
    return ERR_OK;
}

Err account_session_drop(Cx *cx, Db *db, Slice account, const Digest *keep)
{
    Slice kept = keep == NULL ? SLICE("") : digest_slice(keep);
    account_touch(db, account);
    return db_run(cx, db, "DELETE FROM session WHERE tenant = $1 AND account = $2 AND hash <> $3",
                  DB_VALUES(OURS, db_blob(account), db_blob(kept)), NULL);
}

// ---- one's own ----

static Err take_row(Cx *cx, const Store *store, const DbRows *rows, const Digest *current,
                    AccountSessionRow *row)
{
    Slice id = db_col_blob(rows, 1), json;
    row->current = slice_equal(db_col_blob(rows, 0), digest_slice(current));
    row->id = account_row_hex(cx, id);
    TRY(cx_copy(cx, db_col_text(rows, 2), &row->organisation));
    row->factors = (int)db_col_int(rows, 3);
    row->created_ms = (uint64_t)db_col_int(rows, 4);
    row->seen_ms = (uint64_t)db_col_int(rows, 5);
    TRY(account_seal_open(cx, store, ORIGIN, id, db_col_blob(rows, 6), &json));
    JsonIn *in = NULL;
    TRY(json_in_open(cx, json, &in));
    row->address = json_in_string(json_in_get(json_in_root(in), "address"));
    row->agent = json_in_string(json_in_get(json_in_root(in), "agent"));
    json_in_close(in);
    return ERR_OK;
}

Err account_session_list(Cx *cx, Accounts *accounts, const PermissionActor *actor, Slice token,
                         AccountSessionRow **ret_rows, size_t *ret_count)
{
    Slice account;
    Digest current = {};
    TRY(account_self_id(cx, actor, &account));
    (void)token_digest(token, &current);
    AUTO_DB AccountDb reader = {};
    TRY(account_db(cx, accounts, &reader));
    AccountSessionRow *list = arena_alloc(&cx->arena, LIMIT_SESSIONS * sizeof *list);
    size_t count = 0;
    AUTO_ROWS DbRows *rows = NULL;
    TRY(db_query(cx, reader.db,
                 "SELECT hash, id, organisation, factors, created_ms, seen_ms, origin FROM session "
                 "WHERE tenant = $1 AND account = $2 ORDER BY created_ms DESC, id DESC",
                 DB_VALUES(OURS, db_blob(account)), &rows));
    for (bool row = true; count < LIMIT_SESSIONS;) {
        TRY(db_next(cx, rows, &row));
        if (!row) break;
        TRY(take_row(cx, accounts->store, rows, &current, &list[count++]));
    }
    *ret_rows = list;
    *ret_count = count;
    return ERR_OK;
}

typedef struct Revoking {
    Slice account, id;
    Digest hash; // of the one that ends, or the one that stays
} Revoking;

static Err revoke(Cx *cx, Db *db, void *self)
{
    const Revoking *revoking = self;
    uint64_t changed = 0;
    TRY(db_run(cx, db, "DELETE FROM session WHERE tenant = $1 AND account = $2 AND id = $3",
               DB_VALUES(OURS, db_blob(revoking->account), db_blob(revoking->id)), &changed));
    if (changed == 0) return err_set(cx, ERR_MISSING, "there is no such session");
    account_touch(db, revoking->account);
    return ERR_OK;
}

Err account_session_revoke(Cx *cx, Accounts *accounts, const PermissionActor *actor, Slice id)
{
    Revoking revoking = {};
    uint8_t bytes[ACCOUNT_ID_SIZE];
    TRY(account_self_id(cx, actor, &revoking.account));
    TRY(account_row_unhex(cx, id, bytes));
    revoking.id = (Slice){(const char *)bytes, sizeof bytes};
    const AccountNote note = {
        .actor = actor, .act = "session.revoke", .kind = "session", .object = id};
    return account_write(cx, accounts, revoke, &revoking, &note);
}

static Err revoke_others(Cx *cx, Db *db, void *self)
{
    const Revoking *revoking = self;
    return account_session_drop(cx, db, revoking->account, &revoking->hash);
}

Err account_session_revoke_others(Cx *cx, Accounts *accounts, const PermissionActor *actor,
                                  Slice token)
{
    Revoking revoking = {};
    TRY(account_self_id(cx, actor, &revoking.account));
    (void)token_digest(token, &revoking.hash);
    const AccountNote note = {.actor = actor, .act = "session.revoke_others"};
    return account_write(cx, accounts, revoke_others, &revoking, &note);
}

static Err end(Cx *cx, Db *db, void *self)
{
    const Revoking *revoking = self;
    account_touch(db, revoking->account);
    return db_run(cx, db, "DELETE FROM session WHERE tenant = $1 AND hash = $2",
                  DB_VALUES(OURS, db_blob(digest_slice(&revoking->hash))), NULL);
}

Err account_session_end(Cx *cx, Accounts *accounts, const PermissionActor *actor, Slice token)
{
    Revoking revoking = {};
    TRY(account_self_id(cx, actor, &revoking.account));
    if (!token_digest(token, &revoking.hash)) return over(cx);
    const AccountNote note = {.actor = actor, .act = "session.end", .halted = true};
    return account_write(cx, accounts, end, &revoking, &note);
}

// ---- another organisation ----

static Err may_choose(Cx *cx, Db *db, const PermissionActor *actor, Slice account,
                      Slice organisation)
{
    AUTO_ROWS DbRows *rows = NULL;
    bool row = false;
    TRY(db_query(cx, db,
                 "SELECT (SELECT COUNT(*) FROM member m WHERE m.tenant = o.tenant AND m.account = "
                 "$2) FROM organisation o WHERE o.tenant = $1 AND o.state = 'active'",
                 DB_VALUES(db_text(organisation), db_blob(account)), &rows));
    TRY(db_next(cx, rows, &row));
    bool member = row && db_col_int(rows, 0) > 0;
    if (member || (row && permission_may(actor, PERMISSION_CHOOSE_ORGANISATION))) return ERR_OK;
    // The same whether there is one or not.
    return err_set(cx, ERR_DENIED, "organisation: is none that you may work in");
}

static Err swap_work(Cx *cx, Db *db, void *self)
{
    const AccountSwap *swap = self;
    return account_session_swap(cx, db, swap);
}

Err account_session_choose(Cx *cx, Accounts *accounts, const PermissionActor *actor, Slice token,
                           Slice organisation, Token *ret_token)
{
    AccountSwap swap = {.organisation = &organisation};
    TRY(account_self_id(cx, actor, &swap.account));
    if (!token_digest(token, &swap.old)) return over(cx);
    {
        AUTO_DB AccountDb reader = {};
        TRY(account_db(cx, accounts, &reader));
        TRY(may_choose(cx, reader.db, actor, swap.account, organisation));
    }
    Token new = token_new(cx);
    swap.new = new.digest;
    const AccountNote note = {.actor = actor,
                              .act = "session.choose",
                              .before = account_note_of(cx, "organisation", actor->tenant),
                              .after = account_note_of(cx, "organisation", organisation)};
    TRY(account_write(cx, accounts, swap_work, &swap, &note));
    *ret_token = new;
    return ERR_OK;
}

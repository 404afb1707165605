#include "desk/people/account/account_slot.h"

#include <stdlib.h>

#define SLOTS     ((size_t)1 << 14)
#define MINUTE_MS ((uint64_t)60'000)
#define DAY_MS    ((uint64_t)86'400'000)

AccountSlot *account_slot_open(void)
{
    AccountSlot *slots = calloc(SLOTS, sizeof *slots); // owned: until account_slot_close
    if (slots == NULL) abort();
    return slots;
}

void account_slot_close(AccountSlot *slots)
{
    free(slots);
}

static AccountSlot *place_of(Accounts *accounts, const Digest *hash)
{
    uint32_t number = 0;
    memcpy(&number, hash->bytes, sizeof number);
    return &accounts->slots[number % SLOTS];
}

uint64_t account_slot_now(const Accounts *accounts)
{
    const Changes *changes = store_changes(accounts->store);
    return changes == NULL ? 0 : changes_now(changes);
}

bool account_slot_find(Accounts *accounts, const Digest *hash, AccountSlot *ret_slot)
{
    const Changes *changes = store_changes(accounts->store);
    if (changes == NULL) return false;
    (void)pthread_mutex_lock(&accounts->mutex);
    AccountSlot slot = *place_of(accounts, hash);
    (void)pthread_mutex_unlock(&accounts->mutex);
    if (!slot.used || !digest_equal(&slot.hash, hash)) return false;
    ChangesMark mark =
        changes_mark(SLICE(""), (Slice){(const char *)slot.account, ACCOUNT_ID_SIZE});
    if (!changes_fresh(changes, mark, slot.seen)) return false;
    *ret_slot = slot;
    return true;
}

Err account_slot_roles(Cx *cx, Db *db, AccountSlot *slot)
{
    AUTO_ROWS DbRows *rows = NULL;
    TRY(db_query(cx, db,
                 "SELECT m.tenant, m.roles FROM member m JOIN organisation o ON o.tenant = "
                 "m.tenant WHERE m.account = $1 AND m.tenant IN ('', $2) AND o.state = 'active'",
                 DB_VALUES(db_blob((Slice){(const char *)slot->account, ACCOUNT_ID_SIZE}),
                           db_text((Slice){slot->tenant, slot->tenant_size})),
                 &rows));
    slot->roles = 0;
    for (bool row = true;;) {
        TRY(db_next(cx, rows, &row));
        if (!row) return ERR_OK;
        // A platform's role in a row of an organisation, or the other way round, counts nothing.
        bool platform = db_col_text(rows, 0).size == 0;
        slot->roles |=
            (uint32_t)db_col_int(rows, 1) & (platform ? ROLES_PLATFORM : ROLES_ORGANISATION);
    }
}

static void on_written(void *self, Err err)
{
    AccountLate *late = self;
    Accounts *accounts = late->accounts;
    (void)err; // the next request notes it again
    free(late);
    (void)pthread_mutex_lock(&accounts->mutex);
    if (--accounts->late == 0) (void)pthread_cond_broadcast(&accounts->idle);
    (void)pthread_mutex_unlock(&accounts->mutex);
}

static Err write_late(Cx *cx, Db *db, void *self)
{
    const AccountLate *late = self;
    return late->work(cx, db, self);
}

static void write_behind(Cx *cx, Accounts *accounts, const AccountSlot *slot, CommitWork *work)
{
    AccountLate *late = malloc(sizeof *late); // owned: by on_written
    if (late == NULL) abort();
    *late = (AccountLate){accounts, work, slot->hash, slot->seen_ms};
    (void)pthread_mutex_lock(&accounts->mutex);
    accounts->late++;
    (void)pthread_mutex_unlock(&accounts->mutex);
    Err err = commit_work(cx, accounts->options.committer, write_late, on_written, late);
    if (err != ERR_OK) on_written(late, err);
}

void account_slot_seen(Cx *cx, Accounts *accounts, AccountSlot *slot, uint64_t now_ms,
                       CommitWork *work)
{
    bool behind = now_ms >= slot->written_ms + MINUTE_MS;
    if (now_ms > slot->seen_ms) slot->seen_ms = now_ms;
    if (behind) slot->written_ms = now_ms;
    slot->used = true;
    (void)pthread_mutex_lock(&accounts->mutex);
    AccountSlot *place = place_of(accounts, &slot->hash);
    // Another thread may have kept it meanwhile and written it, too; a write too many is harmless.
    *place = *slot;
    (void)pthread_mutex_unlock(&accounts->mutex);
    if (behind) write_behind(cx, accounts, slot, work);
}

void account_slot_actor(Cx *cx, const AccountSlot *slot, const AccountPolicy *policy,
                        uint64_t now_ms, Slice address, PermissionActor *ret_actor)
{
    const uint64_t before = ACT_BIT(PERMISSION_OWN_ACCOUNT) | ACT_BIT(PERMISSION_VERIFY);
    PermissionActor actor = {.kind = PERMISSION_ACCOUNT,
                             .address = address,
                             .roles = slot->roles,
                             .acts = slot->acts,
                             .strong = slot->strong,
                             .fresh = now_ms < slot->confirmed_ms + ACCOUNT_CONFIRM_MS};
    char *tenant = arena_alloc(&cx->arena, slot->tenant_size + 1);
    memcpy(tenant, slot->tenant, slot->tenant_size);
    actor.tenant = (Slice){tenant, slot->tenant_size};
    memcpy(actor.account, slot->account, ACCOUNT_ID_SIZE);
    actor.name = account_row_actor_name(cx, (Slice){(const char *)slot->account, ACCOUNT_ID_SIZE});
    // Until the password is changed, or the second factor shown, there is one's own account only.
    bool old =
        policy->rotation_days > 0 && now_ms >= slot->password_ms + policy->rotation_days * DAY_MS;
    bool weak = !slot->strong && (slot->roles & policy->factor_roles) != 0;
    if (old || weak || slot->roles == 0) actor.acts &= before;
    // Whoever is in no organisation still has their account.
    if (slot->roles == 0) actor.roles = ROLE_BIT(ROLE_PERSON);
    *ret_actor = actor;
}

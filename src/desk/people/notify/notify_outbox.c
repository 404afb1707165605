#include "desk/people/notify/notify_outbox.h"

#include "commit/commit_wait.h"
#include "commit/uuid7.h"
#include "desk/people/notify/notify_seal.h"

NotifyWalk notify_outbox_all(void)
{
    return (NotifyWalk){.first = "SELECT tenant FROM notify_outbox ORDER BY tenant LIMIT 1",
                        .next = "SELECT tenant FROM notify_outbox WHERE tenant > $1 "
                                "ORDER BY tenant LIMIT 1"};
}

static NotifyWalk walk_unsent(void)
{
    return (NotifyWalk){.first =
                            "SELECT tenant FROM notify_outbox WHERE state IN ('waiting', 'failed') "
                            "ORDER BY tenant LIMIT 1",
                        .next = "SELECT tenant FROM notify_outbox WHERE tenant > $1 AND "
                                "state IN ('waiting', 'failed') ORDER BY tenant LIMIT 1"};
}

Err notify_outbox_step(Cx *cx, Db *db, NotifyWalk *walk, bool *ret_there)
{
    AUTO_ROWS DbRows *rows = NULL;
    TRY(db_query(cx, db, walk->begun ? walk->next : walk->first, DB_VALUES(db_text(walk->tenant)),
                 &rows));
    TRY(db_next(cx, rows, ret_there));
    walk->begun = true;
    return *ret_there ? cx_copy(cx, db_col_text(rows, 0), &walk->tenant) : ERR_OK;
}

static Err take_due(Cx *cx, const Store *store, const DbRows *rows, Slice tenant, NotifyDue *due)
{
    Slice id = db_col_blob(rows, 0);
    NotifySealText text = {.to = SLICE(""), .subject = SLICE(""), .text = SLICE("")};
    *due = (NotifyDue){.tenant = tenant,
                       .tries = db_col_int(rows, 3),
                       .next_ms = (uint64_t)db_col_int(rows, 4),
                       .created_ms = (uint64_t)db_col_int(rows, 5)};
    if (id.size != COMMIT_ID_SIZE) return err_set(cx, ERR_CORRUPT, "a message's id is damaged");
    memcpy(due->id, id.data, COMMIT_ID_SIZE);
    // One that was tampered with is told of in its row; it does not stop the others.
    const NotifySealed sealed = {db_col_blob(rows, 1), db_col_blob(rows, 2)};
    due->broken = notify_seal_open(cx, store, tenant, id, &sealed, &text);
    due->to = text.to;
    due->subject = text.subject;
    due->text = text.text;
    return due->broken == ERR_CORRUPT ? ERR_OK : due->broken;
}

static Err due_of(Cx *cx, const Store *store, Db *db, Slice tenant, const char *channel,
                  size_t limit, NotifyDue *list, size_t *count)
{
    AUTO_ROWS DbRows *rows = NULL;
    TRY(db_query(cx, db,
                 "SELECT id, to_sealed, body_sealed, tries, next_ms, created_ms FROM notify_outbox "
                 "WHERE tenant = $1 AND channel = $2 AND state IN ('waiting', 'failed') "
                 "ORDER BY next_ms LIMIT $3",
                 DB_VALUES(db_text(tenant), db_text(slice_of(channel)), db_int((int64_t)limit)),
                 &rows));
    bool row = true;
    for (size_t taken = 0; taken < limit; taken++) {
        TRY(db_next(cx, rows, &row));
        if (!row) break;
        TRY(take_due(cx, store, rows, tenant, &list[(*count)++]));
    }
    return ERR_OK;
}

Err notify_outbox_due(Cx *cx, Store *store, Db *db, const char *channel, size_t limit,
                      NotifyDue **ret_due, size_t *ret_count)
{
    NotifyDue *list = NULL;
    size_t count = 0, room = 0;
    NotifyWalk walk = walk_unsent();
    for (bool there = true;;) {
        TRY(notify_outbox_step(cx, db, &walk, &there));
        if (!there) break;
        if (count + limit > room) {
            room = 2 * room + limit;
            NotifyDue *larger = arena_try_array(&cx->arena, room, sizeof *larger);
            if (larger == NULL) break; // the others' turn comes
            if (count > 0) memcpy(larger, list, count * sizeof *list);
            list = larger;
        }
        TRY(due_of(cx, store, db, walk.tenant, channel, limit, list, &count));
    }
    *ret_due = list;
    *ret_count = count;
    return ERR_OK;
}

static Err note_work(Cx *cx, Db *db, void *self)
{
    const NotifyOutcome *outcome = self;
    DbValue tenant = db_text(outcome->tenant), id = db_blob(uuid7_slice(outcome->id));
    if (strcmp(outcome->state, "sent") == 0)
        return db_run(cx, db,
                      "UPDATE notify_outbox SET state = 'sent', sent_ms = $3, body_sealed = $4, "
                      "tries = tries + 1, error = '' WHERE tenant = $1 AND id = $2",
                      DB_VALUES(tenant, id, db_int((int64_t)outcome->now_ms), db_blob(SLICE(""))),
                      NULL);
    return db_run(cx, db,
                  "UPDATE notify_outbox SET state = $3, next_ms = $4, error = $5, "
                  "tries = tries + $6 WHERE tenant = $1 AND id = $2 AND "
                  "state IN ('waiting', 'failed')",
                  DB_VALUES(tenant, id, db_text(slice_of(outcome->state)),
                            db_int((int64_t)outcome->next_ms), db_text(outcome->error),
                            db_int(outcome->counted)),
                  NULL);
}

Err notify_outbox_note(Cx *cx, Committer *committer, const NotifyOutcome *outcome)
{
    return commit_wait_work(cx, committer, note_work, (void *)(uintptr_t)outcome);
}

Err notify_outbox_hasten(Cx *cx, Db *db)
{
    return db_run(cx, db,
                  "UPDATE notify_outbox SET next_ms = 0 WHERE state IN ('waiting', 'failed')", NULL,
                  0, NULL);
}

static Err prune_work(Cx *cx, Db *db, void *self)
{
    const uint64_t *before_ms = self;
    // The first six bytes of an id are its milliseconds (RFC 9562).
    uint8_t id[COMMIT_ID_SIZE] = {};
    for (int i = 0; i < 6; i++)
        id[i] = (uint8_t)(*before_ms >> (40 - 8 * i));
    // Rare, and over all tenants: it may walk.
    return db_run(cx, db,
                  "DELETE FROM notify_outbox WHERE state IN ('sent', 'given_up') AND id < $1",
                  DB_VALUES(db_blob(uuid7_slice(id))), NULL);
}

Err notify_outbox_prune(Cx *cx, Committer *committer, uint64_t before_ms)
{
    return commit_wait_work(cx, committer, prune_work, &before_ms);
}

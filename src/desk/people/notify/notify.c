#include "desk/people/notify/notify.h"

#include "base/base64.h"
#include "base/date.h"
#include "base/limits.h"
#include "commit/commit_wait.h"
#include "commit/uuid7.h"
#include "desk/people/notify/notify_channels.h"
#include "desk/people/notify/notify_seal.h"
#include "desk/people/notify/notify_template.h"

static Slice id_slice(const uint8_t *id)
{
    return (Slice){(const char *)id, COMMIT_ID_SIZE};
}

static FieldPlace place_of(Slice tenant, Slice id)
{
    return (FieldPlace){
        .table = "notify_outbox", .column = "to_sealed", .tenant = tenant, .row = id};
}

// ---- putting ----

static Err seal_both(Cx *cx, const Store *store, Slice tenant, Slice id, Slice to, Slice body,
                     Slice *ret_to, Slice *ret_body)
{
    FieldPlace place = place_of(tenant, id);
    TRY(notify_seal_put(cx, store, &place, to, ret_to));
    place.column = "body_sealed";
    return notify_seal_put(cx, store, &place, body, ret_body);
}

Err notify_put(Cx *cx, Store *store, Db *db, const NotifyMessage *message, uint8_t *ret_id)
{
    const NotifyChannel *channel = notify_channels_find(slice_of(message->channel));
    if (channel == NULL)
        return err_set(cx, ERR_INPUT, "there is no channel '%s'", message->channel);
    TRY(channel->check(cx, message->to));
    Slice subject, text, to, body;
    TRY(notify_template_print(cx, message, &subject, &text));
    Slice plain = cx_printf(cx, SLICE_FMT "\n" SLICE_FMT, SLICE_ARG(subject), SLICE_ARG(text));
    uint8_t id[COMMIT_ID_SIZE];
    uuid7_make(cx, id);
    TRY(seal_both(cx, store, message->tenant, id_slice(id), message->to, plain, &to, &body));
    DbValue now = db_int((int64_t)cx_now_ms(cx));
    TRY(db_run(cx, db,
               "INSERT INTO notify_outbox (tenant, id, channel, to_sealed, body_sealed, template, "
               "language, state, tries, next_ms, created_ms, sent_ms, error) "
               "VALUES ($1, $2, $3, $4, $5, $6, $7, 'waiting', 0, $8, $8, 0, '')",
               DB_VALUES(db_text(message->tenant), db_blob(id_slice(id)),
                         db_text(slice_of(channel->name)), db_blob(to), db_blob(body),
                         db_text(slice_of(message->template)),
                         db_text(slice_of(notify_template_language(message->language))), now),
               NULL));
    db_touch(db, SLICE(""), NOTIFY_ABOUT);
    if (ret_id != NULL) memcpy(ret_id, id, sizeof id);
    return ERR_OK;
}

typedef struct Putting {
    Store *store;
    NotifyMessage message;
    uint8_t *ret_id;
} Putting;

static Err put_work(Cx *cx, Db *db, void *self)
{
    const Putting *putting = self;
    return notify_put(cx, putting->store, db, &putting->message, putting->ret_id);
}

Err notify_test_message(Cx *cx, Store *store, Committer *committer, Slice tenant, Slice channel,
                        Slice to, Slice language, uint8_t *ret_id)
{
    const char *name = NULL;
    TRY(cx_cstr(cx, channel, &name));
    Putting putting = {.store = store,
                       .message = {.tenant = tenant,
                                   .channel = name,
                                   .to = to,
                                   .template = "test",
                                   .language = language,
                                   .values = {{"time", date_rfc3339(cx, cx_now_ms(cx))}}},
                       .ret_id = ret_id};
    return commit_wait_work(cx, committer, put_work, &putting);
}

// ---- tenants that have messages, one after the other ----

typedef struct Walk {
    const char *first, *next; // SQL
    Slice tenant;
    bool begun;
} Walk;

static Walk walk_all(void)
{
    return (Walk){.first = "SELECT tenant FROM notify_outbox ORDER BY tenant LIMIT 1",
                  .next = "SELECT tenant FROM notify_outbox WHERE tenant > $1 "
                          "ORDER BY tenant LIMIT 1"};
}

static Walk walk_unsent(void)
{
    return (Walk){.first = "SELECT tenant FROM notify_outbox WHERE state IN ('waiting', 'failed') "
                           "ORDER BY tenant LIMIT 1",
                  .next = "SELECT tenant FROM notify_outbox WHERE tenant > $1 AND "
                          "state IN ('waiting', 'failed') ORDER BY tenant LIMIT 1"};
}

static Err step(Cx *cx, Db *db, Walk *walk, bool *ret_there)
{
    AUTO_ROWS DbRows *rows = NULL;
    TRY(db_query(cx, db, walk->begun ? walk->next : walk->first, DB_VALUES(db_text(walk->tenant)),
                 &rows));
    TRY(db_next(cx, rows, ret_there));
    walk->begun = true;
    return *ret_there ? cx_copy(cx, db_col_text(rows, 0), &walk->tenant) : ERR_OK;
}

// ---- looking ----

// Columns of every SELECT here, in this order.
#define COLUMNS                                                                                    \
    "tenant, id, channel, to_sealed, body_sealed, template, language, state, tries, next_ms, "     \
    "created_ms, sent_ms, error "

static Err take_sealed(Cx *cx, const Store *store, Slice tenant, const uint8_t *id, Slice to,
                       Slice body, Slice *ret_to, Slice *ret_body)
{
    FieldPlace place = place_of(tenant, id_slice(id));
    TRY(notify_seal_take(cx, store, &place, to, ret_to));
    *ret_body = SLICE("");
    if (body.size == 0) return ERR_OK;
    place.column = "body_sealed";
    return notify_seal_take(cx, store, &place, body, ret_body);
}

static void cut_body(Slice body, Slice *ret_subject, Slice *ret_text)
{
    bool done = false;
    *ret_text = body;
    (void)slice_cut(ret_text, '\n', &done, ret_subject);
}

// Without the reason of one that waits for settings.
static Err take_row(Cx *cx, const Store *store, const DbRows *rows, NotifyRow *row)
{
    struct {
        int column;
        Slice *place;
    } const texts[] = {{0, &row->tenant},   {2, &row->channel}, {5, &row->template},
                       {6, &row->language}, {7, &row->state},   {12, &row->error}};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        TRY(cx_copy(cx, db_col_text(rows, texts[i].column), texts[i].place));
    row->error_zh = row->error;
    Slice id = db_col_blob(rows, 1), body;
    if (id.size != COMMIT_ID_SIZE) return err_set(cx, ERR_CORRUPT, "a message's id is damaged");
    memcpy(row->id, id.data, COMMIT_ID_SIZE);
    row->tries = db_col_int(rows, 8);
    row->next_ms = (uint64_t)db_col_int(rows, 9);
    row->created_ms = (uint64_t)db_col_int(rows, 10);
    row->sent_ms = (uint64_t)db_col_int(rows, 11);
    TRY(take_sealed(cx, store, row->tenant, row->id, db_col_blob(rows, 3), db_col_blob(rows, 4),
                    &row->to, &body));
    cut_body(body, &row->subject, &row->text);
    return ERR_OK;
}

// What is not configured is the reason, as long as it is so: it is looked up, not stored.
static void add_reason(const NotifySettings *settings, NotifyRow *row)
{
    const NotifyChannel *channel = notify_channels_find(row->channel);
    if (channel == NULL || notify_channels_ready(channel, settings)) return;
    if (!slice_equal(row->state, SLICE("waiting")) && !slice_equal(row->state, SLICE("failed")))
        return;
    row->error = slice_of(channel->missing_en);
    row->error_zh = slice_of(channel->missing_zh);
}

static Err find_in(Cx *cx, Store *store, Db *db, Slice tenant, const uint8_t *id,
                   NotifyRow *ret_row, bool *ret_there)
{
    AUTO_ROWS DbRows *rows = NULL;
    TRY(db_query(cx, db, "SELECT " COLUMNS "FROM notify_outbox WHERE tenant = $1 AND id = $2",
                 DB_VALUES(db_text(tenant), db_blob(id_slice(id))), &rows));
    TRY(db_next(cx, rows, ret_there));
    return *ret_there ? take_row(cx, store, rows, ret_row) : ERR_OK;
}

Err notify_find(Cx *cx, Store *store, Db *db, Slice id, NotifyRow *ret_row)
{
    uint8_t bytes[COMMIT_ID_SIZE];
    NotifySettings settings;
    Walk walk = walk_all();
    TRY(base64_unhex(cx, id, bytes, sizeof bytes));
    TRY(notify_setting_read(cx, store, db, &settings));
    for (bool more = true, there = false;;) {
        TRY(step(cx, db, &walk, &more));
        if (!more)
            return err_set(cx, ERR_MISSING, "there is no message '" SLICE_FMT "'", SLICE_ARG(id));
        TRY(find_in(cx, store, db, walk.tenant, bytes, ret_row, &there));
        if (there) break;
    }
    add_reason(&settings, ret_row);
    return ERR_OK;
}

static bool is_state(Slice state)
{
    static const Slice states[] = {SLICE("waiting"), SLICE("failed"), SLICE("sent"),
                                   SLICE("given_up")};
    for (size_t i = 0; i < sizeof states / sizeof states[0]; i++)
        if (slice_equal(state, states[i])) return true;
    return false;
}

typedef struct Page {
    Store *store;
    Slice state, before; // before: an id
    NotifyRow *rows;     // newest first
    size_t count, limit;
} Page;

// Among those that are there already, by id: of two tenants' rows the newer one first. What falls
// off the end was older than a whole page.
static void put_in(Page *page, const NotifyRow *row)
{
    size_t at = page->count;
    while (at > 0 && memcmp(page->rows[at - 1].id, row->id, COMMIT_ID_SIZE) < 0)
        at--;
    if (at == page->limit) return;
    if (page->count < page->limit) page->count++;
    memmove(&page->rows[at + 1], &page->rows[at], (page->count - 1 - at) * sizeof *page->rows);
    page->rows[at] = *row;
}

static Err list_in(Cx *cx, Db *db, Slice tenant, Page *page)
{
    const char *sql = page->state.size == 0
                          ? "SELECT " COLUMNS "FROM notify_outbox WHERE tenant = $1 AND id < $2 "
                            "ORDER BY id DESC LIMIT $3"
                          : "SELECT " COLUMNS "FROM notify_outbox WHERE tenant = $1 AND id < $2 "
                            "AND state = $4 ORDER BY id DESC LIMIT $3";
    AUTO_ROWS DbRows *rows = NULL;
    TRY(db_query(cx, db, sql,
                 DB_VALUES(db_text(tenant), db_blob(page->before), db_int((int64_t)page->limit),
                           db_text(page->state)),
                 &rows));
    for (bool row = true;;) {
        NotifyRow one;
        TRY(db_next(cx, rows, &row));
        if (!row) return ERR_OK;
        TRY(take_row(cx, page->store, rows, &one));
        one.subject = one.text = SLICE("");
        put_in(page, &one);
    }
}

static Err list_all(Cx *cx, Db *db, Page *page)
{
    Walk walk = walk_all();
    for (bool more = true;;) {
        TRY(step(cx, db, &walk, &more));
        if (!more) return ERR_OK;
        TRY(list_in(cx, db, walk.tenant, page));
    }
}

Err notify_list(Cx *cx, Store *store, Db *db, const Slice *tenant, Slice state, Slice before,
                size_t limit, NotifyRow **ret_rows, size_t *ret_count)
{
    uint8_t from[COMMIT_ID_SIZE];
    NotifySettings settings;
    memset(from, 0xFF, sizeof from);
    if (state.size > 0 && !is_state(state))
        return err_set(cx, ERR_INPUT, "'" SLICE_FMT "' is no state of a message", SLICE_ARG(state));
    if (before.size > 0) TRY(base64_unhex(cx, before, from, sizeof from));
    if (limit > LIMIT_NOTIFY_PAGE) limit = LIMIT_NOTIFY_PAGE;
    Page page = {.store = store, .state = state, .before = id_slice(from), .limit = limit};
    page.rows = arena_alloc(&cx->arena, (limit + 1) * sizeof *page.rows);
    TRY(notify_setting_read(cx, store, db, &settings));
    TRY(tenant == NULL ? list_all(cx, db, &page) : list_in(cx, db, *tenant, &page));
    for (size_t i = 0; i < page.count; i++)
        add_reason(&settings, &page.rows[i]);
    *ret_rows = page.rows;
    *ret_count = page.count;
    return ERR_OK;
}

// ---- what is due ----

static Err take_due(Cx *cx, const Store *store, const DbRows *rows, Slice tenant, NotifyDue *due)
{
    Slice id = db_col_blob(rows, 0), to = db_col_blob(rows, 1), body;
    *due = (NotifyDue){.tenant = tenant,
                       .to = SLICE(""),
                       .subject = SLICE(""),
                       .text = SLICE(""),
                       .tries = db_col_int(rows, 3),
                       .next_ms = (uint64_t)db_col_int(rows, 4),
                       .created_ms = (uint64_t)db_col_int(rows, 5)};
    if (id.size != COMMIT_ID_SIZE) return err_set(cx, ERR_CORRUPT, "a message's id is damaged");
    memcpy(due->id, id.data, COMMIT_ID_SIZE);
    // One that was tampered with is told of in its row; it does not stop the others.
    due->broken =
        take_sealed(cx, store, tenant, due->id, to, db_col_blob(rows, 2), &due->to, &body);
    if (due->broken == ERR_OK) cut_body(body, &due->subject, &due->text);
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

Err notify_due(Cx *cx, Store *store, Db *db, const char *channel, size_t limit, NotifyDue **ret_due,
               size_t *ret_count)
{
    NotifyDue *list = NULL;
    size_t count = 0, room = 0;
    Walk walk = walk_unsent();
    for (bool there = true;;) {
        TRY(step(cx, db, &walk, &there));
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

// ---- what became of them ----

static Err note_work(Cx *cx, Db *db, void *self)
{
    const NotifyOutcome *outcome = self;
    DbValue tenant = db_text(outcome->tenant), id = db_blob(id_slice(outcome->id));
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

Err notify_note(Cx *cx, Committer *committer, const NotifyOutcome *outcome)
{
    return commit_wait_work(cx, committer, note_work, (void *)(uintptr_t)outcome);
}

static Err retry_in(Cx *cx, Db *db, Slice tenant, const uint8_t *id, bool *ret_there)
{
    AUTO_ROWS DbRows *rows = NULL;
    DbValue of = db_text(tenant), which = db_blob(id_slice(id));
    uint64_t changed = 0;
    TRY(db_query(cx, db, "SELECT 1 FROM notify_outbox WHERE tenant = $1 AND id = $2",
                 DB_VALUES(of, which), &rows));
    TRY(db_next(cx, rows, ret_there));
    if (!*ret_there) return ERR_OK;
    TRY(db_run(cx, db,
               "UPDATE notify_outbox SET state = 'waiting', tries = 0, next_ms = 0 "
               "WHERE tenant = $1 AND id = $2 AND state <> 'sent'",
               DB_VALUES(of, which), &changed));
    if (changed > 0) return ERR_OK;
    return err_set(cx, ERR_CONFLICT, "message '" SLICE_FMT "' was sent",
                   SLICE_ARG(base64_hex(cx, id_slice(id))));
}

static Err retry_work(Cx *cx, Db *db, void *self)
{
    const uint8_t *id = self;
    Walk walk = walk_all();
    for (bool more = true, there = false; !there;) {
        TRY(step(cx, db, &walk, &more));
        if (!more)
            return err_set(cx, ERR_MISSING, "there is no message '" SLICE_FMT "'",
                           SLICE_ARG(base64_hex(cx, id_slice(id))));
        TRY(retry_in(cx, db, walk.tenant, id, &there));
    }
    db_touch(db, SLICE(""), NOTIFY_ABOUT);
    return ERR_OK;
}

Err notify_retry(Cx *cx, Committer *committer, Slice id)
{
    uint8_t bytes[COMMIT_ID_SIZE];
    TRY(base64_unhex(cx, id, bytes, sizeof bytes));
    return commit_wait_work(cx, committer, retry_work, bytes);
}

Err notify_hasten(Cx *cx, Db *db)
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
                  DB_VALUES(db_blob(id_slice(id))), NULL);
}

Err notify_prune(Cx *cx, Committer *committer, uint64_t before_ms)
{
    return commit_wait_work(cx, committer, prune_work, &before_ms);
}

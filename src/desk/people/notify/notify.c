#include "desk/people/notify/notify.h"

#include "base/base64.h"
#include "base/date.h"
#include "base/limits.h"
#include "commit/commit_wait.h"
#include "commit/uuid7.h"
#include "desk/people/notify/notify_channels.h"
#include "desk/people/notify/notify_seal.h"
#include "desk/people/notify/notify_template.h"

// ---- putting ----

Err notify_put(Cx *cx, Store *store, Db *db, const NotifyMessage *message, uint8_t *ret_id)
{
    const NotifyChannel *channel = notify_channels_find(slice_of(message->channel));
    if (channel == NULL)
        return err_set(cx, ERR_INPUT, "there is no channel '%s'", message->channel);
    TRY(channel->check(cx, message->to));
    NotifySealText text = {.to = message->to};
    NotifySealed sealed;
    TRY(notify_template_print(cx, message, &text.subject, &text.text));
    uint8_t id[COMMIT_ID_SIZE];
    uuid7_make(cx, id);
    TRY(notify_seal_message(cx, store, message->tenant, uuid7_slice(id), &text, &sealed));
    DbValue now = db_int((int64_t)cx_now_ms(cx));
    TRY(db_run(cx, db,
               "INSERT INTO notify_outbox (tenant, id, channel, to_sealed, body_sealed, template, "
               "language, state, tries, next_ms, created_ms, sent_ms, error) "
               "VALUES ($1, $2, $3, $4, $5, $6, $7, 'waiting', 0, $8, $8, 0, '')",
               DB_VALUES(db_text(message->tenant), db_blob(uuid7_slice(id)),
                         db_text(slice_of(channel->name)), db_blob(sealed.to), db_blob(sealed.body),
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

// ---- looking ----

// Columns of every SELECT here, in this order.
#define COLUMNS                                                                                    \
    "tenant, id, channel, to_sealed, body_sealed, template, language, state, tries, next_ms, "     \
    "created_ms, sent_ms, error "

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
    Slice id = db_col_blob(rows, 1);
    const NotifySealed sealed = {db_col_blob(rows, 3), db_col_blob(rows, 4)};
    NotifySealText text;
    if (id.size != COMMIT_ID_SIZE) return err_set(cx, ERR_CORRUPT, "a message's id is damaged");
    memcpy(row->id, id.data, COMMIT_ID_SIZE);
    row->tries = db_col_int(rows, 8);
    row->next_ms = (uint64_t)db_col_int(rows, 9);
    row->created_ms = (uint64_t)db_col_int(rows, 10);
    row->sent_ms = (uint64_t)db_col_int(rows, 11);
    TRY(notify_seal_open(cx, store, row->tenant, id, &sealed, &text));
    row->to = text.to;
    row->subject = text.subject;
    row->text = text.text;
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
                 DB_VALUES(db_text(tenant), db_blob(uuid7_slice(id))), &rows));
    TRY(db_next(cx, rows, ret_there));
    return *ret_there ? take_row(cx, store, rows, ret_row) : ERR_OK;
}

Err notify_find(Cx *cx, Store *store, Db *db, Slice id, NotifyRow *ret_row)
{
    uint8_t bytes[COMMIT_ID_SIZE];
    NotifySettings settings;
    NotifyWalk walk = notify_outbox_all();
    TRY(base64_unhex(cx, id, bytes, sizeof bytes));
    TRY(notify_setting_read(cx, store, db, &settings));
    for (bool more = true, there = false;;) {
        TRY(notify_outbox_step(cx, db, &walk, &more));
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
    NotifyWalk walk = notify_outbox_all();
    for (bool more = true;;) {
        TRY(notify_outbox_step(cx, db, &walk, &more));
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
    Page page = {.store = store, .state = state, .before = uuid7_slice(from), .limit = limit};
    page.rows = arena_alloc(&cx->arena, (limit + 1) * sizeof *page.rows);
    TRY(notify_setting_read(cx, store, db, &settings));
    TRY(tenant == NULL ? list_all(cx, db, &page) : list_in(cx, db, *tenant, &page));
    for (size_t i = 0; i < page.count; i++)
        add_reason(&settings, &page.rows[i]);
    *ret_rows = page.rows;
    *ret_count = page.count;
    return ERR_OK;
}

static Err retry_in(Cx *cx, Db *db, Slice tenant, const uint8_t *id, bool *ret_there)
{
    AUTO_ROWS DbRows *rows = NULL;
    DbValue of = db_text(tenant), which = db_blob(uuid7_slice(id));
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
                   SLICE_ARG(base64_hex(cx, uuid7_slice(id))));
}

static Err retry_work(Cx *cx, Db *db, void *self)
{
    const uint8_t *id = self;
    NotifyWalk walk = notify_outbox_all();
    for (bool more = true, there = false; !there;) {
        TRY(notify_outbox_step(cx, db, &walk, &more));
        if (!more)
            return err_set(cx, ERR_MISSING, "there is no message '" SLICE_FMT "'",
                           SLICE_ARG(base64_hex(cx, uuid7_slice(id))));
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

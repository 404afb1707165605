#include "commit/audited.h"

#include "base/base64.h"
#include "base/date.h"
#include "base/limits.h"
#include "base/utf8.h"

#define PARTS 1000

Slice audited_result(Err err)
{
    if (err == ERR_OK) return SLICE("done");
    return err == ERR_STORE || err == ERR_CORRUPT ? SLICE("failed") : SLICE("refused");
}

Slice audited_subject(Cx *cx, uint64_t time_ms, int part)
{
    const Date date = date_in_china(time_ms);
    return cx_printf(cx, "audit-%03d-%04d%02d", part, date.year, date.month);
}

Err audited_copy(Cx *cx, const AuditNote *note, AuditNote *ret_note)
{
    AuditNote copy = {};
    TRY(cx_copy(cx, note->tenant, &copy.tenant));
    TRY(cx_copy(cx, note->actor, &copy.actor));
    TRY(cx_copy(cx, note->source, &copy.source));
    TRY(cx_copy(cx, note->address, &copy.address));
    TRY(cx_copy(cx, note->act, &copy.act));
    TRY(cx_copy(cx, note->object_kind, &copy.object_kind));
    TRY(cx_copy(cx, note->object, &copy.object));
    TRY(cx_copy(cx, note->before, &copy.before));
    TRY(cx_copy(cx, note->after, &copy.after));
    TRY(cx_copy(cx, note->result, &copy.result));
    *ret_note = copy;
    return ERR_OK;
}

// What strangers ask for comes in here too: it is cut, and what is no text becomes '?'.
static Slice clean(Cx *cx, Slice text)
{
    size_t room = text.size < LIMIT_AUDIT_NAME_BYTES ? text.size : LIMIT_AUDIT_NAME_BYTES;
    char *bytes = arena_alloc(&cx->arena, room);
    size_t size = 0;
    while (text.size > 0) {
        size_t n = utf8_head(text, NULL);
        if (size + (n == 0 ? 1 : n) > room) break;
        if (n == 0 || (n == 1 && ((uint8_t)text.data[0] < 0x20 || text.data[0] == 0x7F)))
            bytes[size++] = '?';
        else
            memcpy(bytes + size, text.data, n), size += n;
        text = slice_sub(text, n == 0 ? 1 : n, text.size);
    }
    return (Slice){bytes, size};
}

static Slice value(Cx *cx, Slice text)
{
    if (text.size <= LIMIT_AUDIT_VALUE_BYTES && utf8_is_clean(text)) return text;
    const Digest digest = digest_of(DIGEST_SHA256, text);
    return cx_printf(cx, "{\"bytes\":\"%zu\",\"sha256\":\"" SLICE_FMT "\"}", text.size,
                     SLICE_ARG(base64_hex(cx, digest_slice(&digest))));
}

static Err has_events(Cx *cx, Db *db, Slice tenant, Slice subject, bool *ret_has)
{
    AUTO_ROWS DbRows *rows = NULL;
    TRY(db_query(cx, db, "SELECT 1 FROM event WHERE tenant = $1 AND subject = $2 LIMIT 1",
                 DB_VALUES(db_text(tenant), db_blob(subject)), &rows));
    return db_next(cx, rows, ret_has);
}

// The chain of the month that can still be written: one whose key was erased is closed for ever.
static Err find_chain(Cx *cx, EventLog *log, Db *db, Slice tenant, uint64_t time_ms,
                      AeadKey *ret_key, Slice *ret_subject)
{
    for (int part = 0; part < PARTS; part++) {
        *ret_subject = audited_subject(cx, time_ms, part);
        Err err = store_key_find(cx, log->store, db, tenant, *ret_subject, ret_key);
        if (err != ERR_MISSING) return err;
        bool erased = false;
        TRY(has_events(cx, db, tenant, *ret_subject, &erased));
        if (!erased) return store_key_make(cx, log->store, db, tenant, *ret_subject, ret_key);
    }
    return err_set(cx, ERR_LIMIT, "the audit log of this month was erased %d times", PARTS);
}

Err audited_append(Cx *cx, EventLog *log, Db *db, uint64_t time_ms, const AuditNote *note, Err err,
                   EventMark *ret_mark)
{
    AeadKey key;
    Slice subject;
    TRY(find_chain(cx, log, db, note->tenant, time_ms, &key, &subject));
    Slice result = slice_empty(note->result) || err != ERR_OK ? audited_result(err) : note->result;
    const Event event = {
        .type = EVENT_AUDITED,
        .tenant = note->tenant,
        .actor = clean(cx, note->actor),
        .source = clean(cx, note->source),
        .subject = subject,
        .key = &key,
        .time_ms = time_ms,
        .body = {.act = clean(cx, note->act),
                 .address = clean(cx, note->address),
                 .after = value(cx, note->after),
                 .before = value(cx, note->before),
                 .object = clean(cx, note->object),
                 .object_kind = clean(cx, note->object_kind),
                 .result = clean(cx, result)},
    };
    return event_log_append(cx, log, db, &event, ret_mark);
}

#include <stdio.h>

#include "base/date.h"
#include "desk/running/completeness/completeness.h"

// Of one refusal, whatever stands in its row: nothing of it lies in the arena, there may be many.
static void add_refused(DigestStream *stream, const DbRows *rows)
{
    Slice id = db_col_blob(rows, 0);
    char text[64];
    for (size_t i = 0; i < id.size; i++) {
        (void)snprintf(text, sizeof text, "%02x", (unsigned char)id.data[i]);
        digest_stream_add(stream, slice_of(text));
    }
    for (int i = 1; i <= 2; i++) {
        digest_stream_add(stream, SLICE(" "));
        digest_stream_add(stream, db_col_text(rows, i));
    }
    (void)snprintf(text, sizeof text, " %lld %lld\n", (long long)db_col_int(rows, 3),
                   (long long)db_col_int(rows, 4));
    digest_stream_add(stream, slice_of(text));
}

static Err add_all_refused(Cx *cx, DbRows *rows, DigestStream *stream)
{
    for (bool row = true;;) {
        TRY(db_next(cx, rows, &row));
        if (!row) return ERR_OK;
        add_refused(stream, rows);
    }
}

Err completeness_refused(Cx *cx, Db *db, Slice tenant, Slice day, Digest *ret_digest)
{
    Date date;
    TRY(date_parse(cx, day, &date));
    const int32_t days = date_days(date);
    AUTO_ROWS DbRows *rows = NULL;
    TRY(db_query(cx, db,
                 "SELECT id, source, reason, size, time_ms FROM refusal WHERE tenant = $1 "
                 "AND time_ms >= $2 AND time_ms < $3 ORDER BY time_ms, id",
                 DB_VALUES(db_text(tenant), db_int((int64_t)date_begins_in_china(days)),
                           db_int((int64_t)date_begins_in_china(days + 1))),
                 &rows));
    DigestStream *stream = digest_stream_open(DIGEST_SHA256);
    Err err = add_all_refused(cx, rows, stream);
    *ret_digest = digest_stream_close(stream);
    return err;
}

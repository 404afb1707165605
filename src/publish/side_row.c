#include "publish/side_row.h"

#include "base/date.h"

static void put(uint8_t bytes[static 8], uint64_t number)
{
    for (int i = 0; i < 8; i++)
        bytes[i] = (uint8_t)(number >> (56 - 8 * i));
}

Digest side_row_seal(const Log *log, const SideRowCheckpoint *row, uint64_t follows)
{
    uint8_t size[8], time_ms[8], before[8];
    put(size, row->size);
    put(time_ms, row->time_ms);
    put(before, follows);
    const Slice parts[] = {SLICE("fapiao/checkpoint-row/v1\n"),
                           {(const char *)size, sizeof size},
                           row->root,
                           {(const char *)time_ms, sizeof time_ms},
                           {(const char *)before, sizeof before}};
    return log_mac(log, parts, sizeof parts / sizeof parts[0]);
}

Err side_row_checkpoint(Cx *cx, Db *db, const Log *log, const SideRowCheckpoint *row)
{
    AUTO_ROWS DbRows *rows = NULL;
    bool there = false;
    TRY(db_query(cx, db,
                 "SELECT size FROM checkpoint WHERE tenant = '' AND size < $1 "
                 "ORDER BY size DESC LIMIT 1",
                 DB_VALUES(db_int((int64_t)row->size)), &rows));
    TRY(db_next(cx, rows, &there));
    uint64_t follows = there ? (uint64_t)db_col_int(rows, 0) : 0;
    Digest seal = side_row_seal(log, row, follows);
    return db_run(cx, db,
                  "INSERT INTO checkpoint (tenant, size, root, note, time_ms, follows, seal) "
                  "VALUES ('', $1, $2, $3, $4, $5, $6)",
                  DB_VALUES(db_int((int64_t)row->size), db_blob(row->root), db_blob(row->note),
                            db_int((int64_t)row->time_ms), db_int((int64_t)follows),
                            db_blob(digest_slice(&seal))),
                  NULL);
}

Err side_row_statement(Cx *cx, Db *db, const SideRowStatement *row)
{
    Date date;
    TRY(date_parse(cx, row->day, &date));
    TRY(db_run(cx, db,
               "INSERT INTO statement (tenant, day, size, note, time_ms) "
               "VALUES ($1, $2, $3, $4, $5)",
               DB_VALUES(db_text(row->tenant), db_text(row->day), db_int((int64_t)row->size),
                         db_blob(row->note), db_int((int64_t)row->time_ms)),
               NULL));
    int64_t day = date.year * 10'000 + date.month * 100 + date.day;
    return db_run(cx, db,
                  "INSERT INTO counter (tenant, name, next_value) VALUES ($1, 'statement', $2) "
                  "ON CONFLICT (tenant, name) DO UPDATE SET next_value = excluded.next_value "
                  "WHERE counter.next_value < excluded.next_value",
                  DB_VALUES(db_text(row->tenant), db_int(day)), NULL);
}

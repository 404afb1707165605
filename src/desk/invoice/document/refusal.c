#include "desk/invoice/document/refusal.h"

#include <stdlib.h>

#include "commit/uuid7.h"

#define NAME_SIZE 64 // bytes, of a tenant or a source

typedef struct Refusal {
    uint8_t id[COMMIT_ID_SIZE];
    char tenant[NAME_SIZE], source[NAME_SIZE];
    size_t tenant_size, source_size;
    Reason reason;
    uint64_t size;
} Refusal;

// Dated when it is written, however long it waited: a day may have been signed meanwhile, and what
// was refused on it is in that statement, row by row.
static Err write(Cx *cx, Db *db, void *self)
{
    const Refusal *refusal = self;
    return db_run(cx, db,
                  "INSERT INTO refusal (tenant, id, source, reason, size, time_ms) "
                  "VALUES ($1, $2, $3, $4, $5, $6)",
                  DB_VALUES(db_text((Slice){refusal->tenant, refusal->tenant_size}),
                            db_blob((Slice){(const char *)refusal->id, COMMIT_ID_SIZE}),
                            db_text((Slice){refusal->source, refusal->source_size}),
                            db_text(slice_of(reason_row(refusal->reason)->code)),
                            db_int((int64_t)refusal->size), db_int((int64_t)cx_now_ms(cx))),
                  NULL);
}

static void written(void *self, Err err)
{
    (void)err; // the file was refused all the same
    free(self);
}

static size_t copy_name(char *to, Slice name)
{
    size_t size = name.size < NAME_SIZE ? name.size : NAME_SIZE;
    memcpy(to, name.data, size);
    return size;
}

void refusal_note(Cx *cx, Committer *committer, Slice tenant, Slice source, Reason reason,
                  uint64_t size)
{
    if (committer == NULL) return;
    Refusal *refusal = calloc(1, sizeof *refusal); // owned: until it is written
    if (refusal == NULL) return;
    uuid7_make(cx, refusal->id);
    refusal->tenant_size = copy_name(refusal->tenant, tenant);
    refusal->source_size = copy_name(refusal->source, source);
    refusal->reason = reason;
    refusal->size = size < INT64_MAX ? size : INT64_MAX;
    if (commit_work(cx, committer, write, written, refusal) != ERR_OK) free(refusal);
}

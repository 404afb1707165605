// Uploads: documents that arrive in chunks, kept in DIR/uploads until they are whole, over
// interruptions and restarts, for a day.
//
// A chunk is durable before it is acknowledged. Nothing lies there in the clear: every piece is
// sealed under a key of the folder and of this upload, at its place.
//
//   DIR/uploads/<name>        what has arrived
//   DIR/uploads/<name>.done   the reference that it became
//
// A name is a keyed tag of organisation and id: an upload is there for its own organisation alone,
// and for any other there is no such id.
#pragma once
#include "flow/flow.h"

#define UPLOADS_ID_SIZE 32                   // hexadecimal digits
#define UPLOADS_LIFE_MS UINT64_C(86'400'000) // after its last chunk
#define UPLOADS_IDLE_MS UINT64_C(3'600'000)  // then it makes way when all places are taken

typedef struct Uploads Uploads;

typedef struct UploadsState {
    uint64_t length, offset; // bytes: announced, arrived
    Slice file_name, idempotency;
    Slice reference; // "" until it was handed in
    uint64_t expires_ms;
} UploadsState;

Err uploads_open(Cx *cx, Store *store, const char *folder, Uploads **ret_uploads);
void uploads_close(Uploads *uploads); // takes NULL
// `wanted`: length, file_name, idempotency. ERR_LIMIT when it is too large or the disk is full,
// ERR_CONFLICT while LIMIT_UPLOADS others are under way.
Err uploads_create(Cx *cx, Uploads *uploads, Slice tenant, const UploadsState *wanted,
                   Slice *ret_id);
// ERR_MISSING when there is no such upload (any more).
Err uploads_find(Cx *cx, Uploads *uploads, Slice tenant, Slice id, UploadsState *ret_state);
// ERR_CONFLICT when `offset` is not where it stands, ERR_LIMIT past its length.
Err uploads_append(Cx *cx, Uploads *uploads, Slice tenant, Slice id, uint64_t offset, Slice bytes,
                   UploadsState *ret_state);
// All that has arrived.
Err uploads_bytes(Cx *cx, Uploads *uploads, Slice tenant, Slice id, Slice *ret_bytes);
// It was handed in: the chunks go, the reference stays for a day.
Err uploads_finish(Cx *cx, Uploads *uploads, Slice tenant, Slice id, Slice reference);
Err uploads_remove(Cx *cx, Uploads *uploads, Slice tenant, Slice id);
// Removes what has not grown for a day; done by uploads_open and uploads_create, too.
void uploads_expire(Cx *cx, Uploads *uploads);

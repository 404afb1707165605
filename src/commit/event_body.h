// Event body: what an event says, as canonical bytes (RFC 8785, restricted: one object, strings
// only, ASCII keys in sorted order, absent when empty) and back.
//
//   {"actor":"local","document":"0193…","event":"received","file_name":"a.pdf",…,"v":"1"}
//
// Ids and digests are lower-case hexadecimal. docs/formats/store.md lists which event says what.
#pragma once
#include "base/cx.h"

#define EVENT_BODY_VERSION SLICE("1")

// Every key, sorted: F(name).
#define EVENT_BODY_FIELDS(F)                                                                       \
    F(act) /* audited: what was done; act … result are of the audit log alone */                 \
    F(actor)                                                                                       \
    F(address) /* where the request came from */                                                   \
    F(after)                                                                                       \
    F(asked) /* erased: who asked for it; who confirmed it is the actor */                         \
    F(basis)                                                                                       \
    F(before)                                                                                      \
    F(container)   /* of a file that came in a zip: the zip's document */                          \
    F(decided)     /* erased: when it was decided, in ms since 1970 */                             \
    F(differs)     /* key fields that contradict `other`, with commas */                           \
    F(document)    /* the document that the event came from */                                     \
    F(entries)     /* unpacked: how many documents came out */                                     \
    F(entry)       /* which entry of the container, from 0 */                                      \
    F(event)       /* received accepted carrier conflict quarantined released */                   \
    F(file_name)   /* as told */                                                                   \
    F(idempotency) /* SHA-256 of the caller's key */                                               \
    F(media)                                                                                       \
    F(object) /* what it was done to: no name of a person */                                       \
    F(object_kind)                                                                                 \
    F(ordinal) /* which invoice of the document, from 0 */                                         \
    F(origin)  /* erased: the source of the document */                                            \
    F(other)   /* the invoice that says otherwise under the same number */                         \
    F(reader)  /* its version */                                                                   \
    F(reading)                                                                                     \
    F(reading_sha256) /* of the reading's canonical bytes */                                       \
    F(reading_sm3)                                                                                 \
    F(reason)   /* a Reason code */                                                                \
    F(received) /* erased: when the document came, in ms since 1970 */                             \
    F(reference)                                                                                   \
    F(relation)      /* new carrier variant */                                                     \
    F(result)        /* done refused failed */                                                     \
    F(rows)          /* bound: digest SP row LF, each */                                           \
    F(same_as)       /* reference of the first document with these bytes */                        \
    F(sha256)        /* of the original bytes */                                                   \
    F(size)          /* of the original bytes */                                                   \
    F(skipped)       /* unpacked: how many files were left out */                                  \
    F(skipped_names) /* theirs, each with LF, as many as there is room for */                      \
    F(sm3)                                                                                         \
    F(source)                                                                                      \
    F(state) /* erased: what had become of the document */                                         \
    F(subject)                                                                                     \
    F(tenant)                                                                                      \
    F(time) /* RFC 3339 */                                                                         \
    F(v)

#define EVENT_BODY_FIELD(name) Slice name;
typedef struct EventBody {
    EVENT_BODY_FIELDS(EVENT_BODY_FIELD)
} EventBody;

// Values must be UTF-8. ERR_LIMIT.
Err event_body_print(Cx *cx, const EventBody *body, Slice *ret_canonical);
// ERR_CORRUPT when the bytes are not what event_body_print writes.
Err event_body_parse(Cx *cx, Slice canonical, EventBody *ret_body);

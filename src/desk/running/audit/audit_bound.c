// The check of bound rows: people, their roles, settings and the like may change, but each row says
// what the newest event that names it has bound, and each seal is that of its row.
//
// In a folder that was never written by a program that binds there is nothing to compare with, nor
// in a mirror's, which has the log and none of the people.
#include "base/base64.h"
#include "base/limits.h"
#include "commit/row_bind.h"
#include "desk/running/audit/audit_check.h"

// What stands for a row, by its place. Open addressing; grows twofold.
typedef struct Place {
    Slice place; // of data NULL: free
    Digest digest;
    bool gone, seen;
} Place;
typedef struct Places {
    Place *all;
    size_t count, room; // a power of two
} Places;

#define ROOM_MIN ((size_t)1024)

static size_t slot_of(const Places *places, Slice place)
{
    const Digest digest = digest_of(DIGEST_SHA256, place);
    size_t at = 0;
    memcpy(&at, digest.bytes, sizeof at);
    for (at &= places->room - 1; places->all[at].place.data != NULL;)
        if (slice_equal(places->all[at].place, place))
            break;
        else
            at = (at + 1) & (places->room - 1);
    return at;
}

static Err places_open(Cx *cx, size_t room, Places *ret_places)
{
    Place *all = arena_try_array(&cx->arena, room, sizeof *all);
    if (all == NULL) return err_set(cx, ERR_LIMIT, "%zu rows do not fit", room);
    memset(all, 0, room * sizeof *all);
    *ret_places = (Places){.all = all, .room = room};
    return ERR_OK;
}

static Err grow(Cx *cx, Places *places)
{
    if (places->count * 2 < places->room) return ERR_OK;
    Places wider;
    TRY(places_open(cx, 2 * places->room, &wider));
    for (size_t i = 0; i < places->room; i++)
        if (places->all[i].place.data != NULL)
            wider.all[slot_of(&wider, places->all[i].place)] = places->all[i];
    wider.count = places->count;
    *places = wider;
    return ERR_OK;
}

static Err put(Cx *cx, Places *places, Slice place, Slice digest)
{
    TRY(grow(cx, places));
    Place *to = &places->all[slot_of(places, place)];
    if (to->place.data == NULL) {
        TRY(cx_copy(cx, place, &to->place));
        places->count++;
    }
    to->gone = digest.size != DIGEST_SIZE;
    if (!to->gone) memcpy(to->digest.bytes, digest.data, DIGEST_SIZE);
    return ERR_OK;
}

static Place *find(const Places *places, Slice place)
{
    Place *found = &places->all[slot_of(places, place)];
    return found->place.data == NULL ? NULL : found;
}

typedef struct Bound {
    Cx *keep; // whose arena holds the places
    Places firm, seals;
    bool has_chain, has_firm, has_seals;
} Bound;

// ---- what the log says ----

static Err digest_at(Cx *cx, Slice text, Slice *ret_digest)
{
    *ret_digest = SLICE("");
    if (slice_equal(text, SLICE("-"))) return ERR_OK;
    uint8_t *bytes = arena_alloc(&cx->arena, DIGEST_SIZE);
    TRY(base64_unhex(cx, text, bytes, DIGEST_SIZE));
    *ret_digest = (Slice){(const char *)bytes, DIGEST_SIZE};
    return ERR_OK;
}

static bool is_known_as(const Places *places, Slice place, Slice digest)
{
    const Place *known = find(places, place);
    if (known == NULL || known->gone) return digest.size == 0;
    return slice_equal(digest_slice(&known->digest), digest);
}

// now SP before SP place LF, each.
static Err take_line(Cx *cx, Audit *audit, Bound *bound, uint64_t sequence, Slice line)
{
    Slice parts[2], rest = line, now, before;
    for (size_t i = 0; i < 2; i++) {
        size_t space = slice_find(rest, SLICE(" "));
        if (space == SLICE_NONE) return err_set(cx, ERR_CORRUPT, "a line of a bound event is none");
        parts[i] = slice_sub(rest, 0, space);
        rest = slice_sub(rest, space + 1, SIZE_MAX);
    }
    TRY(digest_at(cx, parts[0], &now));
    if (!slice_equal(parts[1], SLICE("*"))) {
        TRY(digest_at(cx, parts[1], &before));
        if (!is_known_as(&bound->firm, rest, before))
            audit_find_add(&audit->findings, AUDIT_ROW, rest,
                           cx_printf(cx, "another one stood there before event %llu",
                                     (unsigned long long)sequence));
    }
    return put(bound->keep, &bound->firm, rest, now);
}

static Err take_event(Cx *cx, Audit *audit, const AeadKey *key, const DbRows *rows, Bound *bound)
{
    Slice canonical, line;
    EventBody body;
    TRY(event_log_open(cx, key, db_col_blob(rows, 1), db_col_blob(rows, 2), &canonical));
    TRY(event_body_parse(cx, canonical, &body));
    if (slice_equal(body.reason, ROW_BIND_ANEW))
        TRY(places_open(bound->keep, ROOM_MIN, &bound->firm));
    bool done = false;
    while (slice_cut(&body.rows, '\n', &done, &line))
        if (line.size > 0) TRY(take_line(cx, audit, bound, (uint64_t)db_col_int(rows, 0), line));
    return ERR_OK;
}

// An event that does not open is said here: the rows that it bound will not be what is known of
// them, and without contents no other check opens it.
static Err read_chain(Cx *cx, Audit *audit, int version, Bound *bound)
{
    Slice subject = row_bind_subject(cx, version);
    AeadKey key;
    Err err = store_key_find(cx, audit->store, audit->db, SLICE(""), subject, &key);
    if (err == ERR_MISSING) return ERR_OK; // said by the check of rows, where there are events
    AUTO_ROWS DbRows *rows = NULL;
    TRY(db_query(
        cx, audit->db,
        "SELECT sequence, leaf_hash, content FROM event WHERE tenant = '' AND subject = $1 "
        "ORDER BY follows",
        DB_VALUES(db_blob(subject)), &rows));
    for (bool row = true;;) {
        TRY(db_next(cx, rows, &row));
        if (!row) return ERR_OK;
        bound->has_chain = true;
        Cx own;
        cx_init(&own, cx->world, LIMIT_JOB_ARENA);
        Err opened = err == ERR_OK ? take_event(&own, audit, &key, rows, bound) : err;
        if (opened != ERR_OK && opened != ERR_LIMIT)
            audit_find_add(&audit->findings, AUDIT_EVENT_CONTENT,
                           audit_find_event(&own, (uint64_t)db_col_int(rows, 0)),
                           SLICE("what it bound can't be read"));
        cx_done(&own);
        if (opened == ERR_LIMIT) return err_set(cx, ERR_LIMIT, "a bound event does not fit");
    }
}

// Seals are kept by tenant LF place.
static Slice sealed_place(Cx *cx, Slice tenant, Slice place)
{
    return cx_printf(cx, SLICE_FMT "\n" SLICE_FMT, SLICE_ARG(tenant), SLICE_ARG(place));
}

static Err read_seals(Cx *cx, const Audit *audit, Bound *bound)
{
    AUTO_ROWS DbRows *rows = NULL;
    TRY(db_query(cx, audit->db, "SELECT place, seal, tenant FROM row_seal", NULL, 0, &rows));
    for (bool row = true;; bound->has_seals = true) {
        TRY(db_next(cx, rows, &row));
        if (!row) return ERR_OK;
        Slice seal = db_col_blob(rows, 1);
        static const uint8_t none[DIGEST_SIZE] = {};
        if (seal.size != DIGEST_SIZE) seal = (Slice){(const char *)none, sizeof none};
        Cx own;
        cx_init(&own, cx->world, LIMIT_JOB_ARENA);
        Slice place = sealed_place(&own, db_col_text(rows, 2), db_col_text(rows, 0));
        Err err = put(bound->keep, &bound->seals, place, seal);
        cx_done(&own);
        TRY(err);
    }
}

// ---- what the rows say ----

static void bad(Audit *audit, AuditKind kind, Slice place, const char *why)
{
    size_t tenant = slice_find(place, SLICE("\n"));
    if (tenant != SLICE_NONE) place = slice_sub(place, tenant + 1, SIZE_MAX);
    audit_find_add(&audit->findings, kind, place, slice_of(why));
}

static void compare(Audit *audit, Places *places, Slice place, const Digest *digest,
                    const char *what)
{
    Place *known = find(places, place);
    if (known == NULL || known->gone)
        bad(audit, AUDIT_ROW_STRAY, place, what);
    else if (!digest_equal(&known->digest, digest))
        bad(audit, AUDIT_ROW, place, what);
    if (known != NULL) known->seen = true;
}

static Err check_table(Cx *cx, Audit *audit, size_t table, Bound *bound, uint64_t *things)
{
    AUTO_ROWS DbRows *rows = NULL;
    TRY(db_query_text(cx, audit->db, bound_select(cx, table), NULL, 0, &rows));
    for (bool more = true;; ++*things) {
        TRY(db_next(cx, rows, &more));
        if (!more) return ERR_OK;
        Cx own;
        cx_init(&own, cx->world, LIMIT_JOB_ARENA);
        BoundRow row;
        Err err = bound_read(&own, audit->store, rows, table, &row);
        if (err == ERR_OK && bound_is_firm(table)) bound->has_firm = true;
        if (err == ERR_OK && bound_is_firm(table) && bound->has_chain)
            compare(audit, &bound->firm, row.place, &row.firm, "its event");
        if (err == ERR_OK && bound_is_loose(table) && bound->has_seals)
            compare(audit, &bound->seals, sealed_place(&own, row.tenant, row.place), &row.whole,
                    "its seal");
        if (err != ERR_OK) err = err_set(cx, err, "%s", own.err_text);
        cx_done(&own);
        TRY(err);
    }
}

static void say_gone(Audit *audit, const Places *places, const char *what)
{
    for (size_t i = 0; i < places->room; i++) {
        const Place *place = &places->all[i];
        if (place->place.data != NULL && !place->gone && !place->seen)
            bad(audit, AUDIT_ROW_GONE, place->place, what);
    }
}

Err audit_bound(Cx *cx, Audit *audit, uint64_t *ret_things)
{
    if (audit->options->quick) return ERR_OK;
    Bound bound = {.keep = cx};
    TRY(places_open(cx, ROOM_MIN, &bound.firm));
    TRY(places_open(cx, ROOM_MIN, &bound.seals));
    for (int version = 1; version <= BOUND_VERSION; version++)
        TRY(read_chain(cx, audit, version, &bound));
    TRY(read_seals(cx, audit, &bound));
    for (size_t i = 0; i < BOUND_TABLE_COUNT; i++)
        TRY(check_table(cx, audit, i, &bound, ret_things));
    if (bound.has_firm) say_gone(audit, &bound.firm, "an event binds it");
    if (bound.has_seals) say_gone(audit, &bound.seals, "there is a seal of it");
    return ERR_OK;
}

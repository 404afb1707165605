#include "desk/people/gate/gate.h"

#include <pthread.h>
#include <stdlib.h>

#include "base/limits.h"
#include "commit/commit_wait.h"

#define OURS  db_text(SLICE("")) // of the installation
#define ABOUT SLICE("address_rule")

typedef struct Known {
    PeerBlock block;
    bool allow;
} Known;

struct Gate {
    Store *store;
    Committer *committer;
    pthread_mutex_t lock; // of what is known
    bool known;
    uint64_t seen;
    Known rules[LIMIT_GATE_RULES];
    size_t count;
};

Gate *gate_open(Store *store, Committer *committer)
{
    Gate *gate = calloc(1, sizeof *gate); // owned: until gate_close
    if (gate == NULL) abort();
    gate->store = store;
    gate->committer = committer;
    (void)pthread_mutex_init(&gate->lock, NULL);
    return gate;
}

void gate_close(Gate *gate)
{
    if (gate == NULL) return;
    (void)pthread_mutex_destroy(&gate->lock);
    free(gate);
}

static Err read_rules(Cx *cx, Db *db, GateRule **ret_rules, size_t *ret_count)
{
    GateRule *rules = arena_alloc(&cx->arena, LIMIT_GATE_RULES * sizeof *rules);
    size_t count = 0;
    AUTO_ROWS DbRows *rows = NULL;
    TRY(db_query(cx, db,
                 "SELECT block, effect, note, created_ms FROM address_rule WHERE tenant = $1 "
                 "ORDER BY block",
                 DB_VALUES(OURS), &rows));
    for (bool row = true; count < LIMIT_GATE_RULES; count++) {
        TRY(db_next(cx, rows, &row));
        if (!row) break;
        GateRule *rule = &rules[count];
        if (!peer_block_parse(db_col_text(rows, 0), &rule->block))
            return err_set(cx, ERR_CORRUPT, "an address rule is no block of addresses");
        rule->allow = slice_equal(db_col_text(rows, 1), SLICE("allow"));
        TRY(cx_copy(cx, db_col_text(rows, 2), &rule->note));
        rule->created_ms = (uint64_t)db_col_int(rows, 3);
    }
    *ret_rules = rules;
    *ret_count = count;
    return ERR_OK;
}

static bool admits(const Known *rules, size_t count, const Peer *peer)
{
    const Known *nearest = NULL;
    bool some_allowed = false;
    for (size_t i = 0; i < count; i++) {
        some_allowed |= rules[i].allow;
        if (!peer_block_has(&rules[i].block, peer)) continue;
        if (nearest == NULL || rules[i].block.bits > nearest->block.bits) nearest = &rules[i];
    }
    return nearest == NULL ? !some_allowed : nearest->allow;
}

static void know(const GateRule *rules, size_t count, Known *ret_known)
{
    for (size_t i = 0; i < count; i++)
        ret_known[i] = (Known){rules[i].block, rules[i].allow};
}

// With the lock held.
static Err refresh(Cx *cx, Gate *gate)
{
    const Changes *changes = store_changes(gate->store);
    ChangesMark mark = changes_mark(SLICE(""), ABOUT);
    if (changes != NULL && gate->known && changes_fresh(changes, mark, gate->seen)) return ERR_OK;
    Db *db = NULL;
    GateRule *rules = NULL;
    uint64_t seen = changes == NULL ? 0 : changes_now(changes);
    gate->known = false;
    TRY(store_take(cx, gate->store, &db));
    Err err = read_rules(cx, db, &rules, &gate->count);
    store_give(gate->store, db);
    if (err != ERR_OK) return err;
    know(rules, gate->count, gate->rules);
    gate->seen = seen;
    gate->known = true;
    return ERR_OK;
}

bool gate_admits(Cx *cx, Gate *gate, const Peer *peer)
{
    (void)pthread_mutex_lock(&gate->lock);
    bool good = refresh(cx, gate) == ERR_OK && admits(gate->rules, gate->count, peer);
    (void)pthread_mutex_unlock(&gate->lock);
    return good;
}

Err gate_list(Cx *cx, Gate *gate, const PermissionActor *actor, GateRule **ret_rules,
              size_t *ret_count)
{
    Db *db = NULL;
    TRY(permission_check(cx, actor, PERMISSION_MANAGE_SECURITY));
    TRY(store_take(cx, gate->store, &db));
    Err err = read_rules(cx, db, ret_rules, ret_count);
    store_give(gate->store, db);
    return err;
}

// A change on its way to the writer: a rule that comes, or goes.
typedef struct Change {
    PeerBlock block;
    Slice name, note;
    bool adds, allow, counted; // counted: the actor has an address
    Peer peer;
} Change;

static Err check(Cx *cx, Db *db, const Change *change)
{
    GateRule *rules = NULL;
    size_t count = 0;
    Known known[LIMIT_GATE_RULES];
    TRY(read_rules(cx, db, &rules, &count));
    know(rules, count, known);
    if (change->counted && !admits(known, count, &change->peer))
        return err_set(cx, ERR_DENIED, "your own address would be kept out");
    return ERR_OK;
}

static Err add_row(Cx *cx, Db *db, const Change *change)
{
    AUTO_ROWS DbRows *rows = NULL;
    bool row = false;
    TRY(db_query(cx, db,
                 "SELECT COUNT(*), COALESCE(SUM(block = $2), 0) FROM address_rule "
                 "WHERE tenant = $1",
                 DB_VALUES(OURS, db_text(change->name)), &rows));
    TRY(db_next(cx, rows, &row));
    if (row && db_col_int(rows, 1) > 0)
        return err_set(cx, ERR_CONFLICT, "there is a rule for " SLICE_FMT " already",
                       SLICE_ARG(change->name));
    if (row && db_col_int(rows, 0) >= (int64_t)LIMIT_GATE_RULES)
        return err_set(cx, ERR_LIMIT, "more than %zu address rules", LIMIT_GATE_RULES);
    return db_run(cx, db,
                  "INSERT INTO address_rule (tenant, block, effect, note, created_ms) "
                  "VALUES ($1, $2, $3, $4, $5)",
                  DB_VALUES(OURS, db_text(change->name),
                            db_text(change->allow ? SLICE("allow") : SLICE("deny")),
                            db_text(change->note), db_int((int64_t)cx_now_ms(cx))),
                  NULL);
}

static Err write(Cx *cx, Db *db, void *self)
{
    const Change *change = self;
    uint64_t changed = 0;
    db_touch(db, SLICE(""), ABOUT);
    if (change->adds) {
        TRY(add_row(cx, db, change));
    } else {
        TRY(db_run(cx, db, "DELETE FROM address_rule WHERE tenant = $1 AND block = $2",
                   DB_VALUES(OURS, db_text(change->name)), &changed));
        if (changed == 0)
            return err_set(cx, ERR_MISSING, "there is no rule for " SLICE_FMT,
                           SLICE_ARG(change->name));
    }
    return check(cx, db, change);
}

static Err run(Cx *cx, Gate *gate, const PermissionActor *actor, Change *change)
{
    TRY(permission_check(cx, actor, PERMISSION_MANAGE_SECURITY));
    change->name = peer_block_print(cx, &change->block);
    change->counted = peer_parse(actor->address, &change->peer);
    Slice value = cx_printf(cx, "{\"block\":\"" SLICE_FMT "\",\"effect\":\"%s\"}",
                            SLICE_ARG(change->name), change->allow ? "allow" : "deny");
    AuditNote note = {.tenant = SLICE(""),
                      .actor = actor->name,
                      .source = actor->address.size > 0 ? SLICE("http") : SLICE("cli"),
                      .address = actor->address,
                      .act =
                          change->adds ? SLICE("address_rule.add") : SLICE("address_rule.remove"),
                      .object_kind = SLICE("address_rule"),
                      .object = change->name,
                      .after = change->adds ? value : SLICE("")};
    return commit_wait_audited(cx, gate->committer, write, change, &note);
}

Err gate_add(Cx *cx, Gate *gate, const PermissionActor *actor, Slice block, bool allow, Slice note)
{
    Change change = {.adds = true, .allow = allow, .note = note};
    if (!peer_block_parse(slice_trim(block), &change.block))
        return err_set(cx, ERR_INPUT,
                       "block: '" SLICE_FMT "' is no address and no block (203.0.113.0/24)",
                       SLICE_ARG(block));
    if (note.size > LIMIT_GATE_NOTE_BYTES)
        return err_set(cx, ERR_INPUT, "note: over %zu bytes", LIMIT_GATE_NOTE_BYTES);
    return run(cx, gate, actor, &change);
}

Err gate_remove(Cx *cx, Gate *gate, const PermissionActor *actor, Slice block)
{
    Change change = {.adds = false};
    if (!peer_block_parse(slice_trim(block), &change.block))
        return err_set(cx, ERR_MISSING, "there is no rule for '" SLICE_FMT "'", SLICE_ARG(block));
    return run(cx, gate, actor, &change);
}

#include "commit/group.h"

#include "base/limits.h"
#include "commit/audited.h"
#include "commit/erase.h"
#include "commit/group_digest.h"
#include "commit/row_bind.h"

#define PLACE_FROM 8 // commands in a group

// The transaction again from its start: what a work did that is alone in it is taken back.
static Err start_again(Group *group, Db *db, Cx *cx)
{
    db_rollback(db);
    event_log_forget(&group->log);
    event_log_begin(&group->log);
    TRY(db_begin(cx, db));
    if (group->bound) return ERR_OK;
    return row_bind_standing(cx, &group->log, db, cx_now_ms(cx), group->closed);
}

static Err undo(Group *group, Db *db, Cx *cx, uint64_t first, size_t leaves)
{
    TRY(db_run(cx, db, "ROLLBACK TO work", NULL, 0, NULL));
    event_log_forget(&group->log);
    group->log.first_sequence = first;
    group->log.leaf_count = leaves;
    return ERR_OK;
}

// A savepoint of its own: a work that says no takes back what it did, not its neighbours. With none
// the transaction is savepoint enough: a rebuild in one would hold every page that it writes over
// in memory, and walk through them all at each statement.
static Err run_work(Group *group, Db *db, Command *command, bool sole)
{
    Cx *cx = &command->cx;
    TRY(event_log_flush(cx, &group->log, db));
    if (!sole) TRY(db_run(cx, db, "SAVEPOINT work", NULL, 0, NULL));
    uint64_t first = group->log.first_sequence;
    size_t leaves = group->log.leaf_count;
    command->err = command->work(cx, db, command->self);
    if (command->err == ERR_OK && command->erasure != NULL)
        command->err = erase_run(cx, &group->log, db, cx_now_ms(cx), command->erasure);
    if (command->err != ERR_OK) {
        char text[sizeof cx->err_text];
        memcpy(text, cx->err_text, sizeof text);
        TRY(sole ? start_again(group, db, cx) : undo(group, db, cx, first, leaves));
        memcpy(cx->err_text, text, sizeof text);
    }
    return sole ? ERR_OK : db_run(cx, db, "RELEASE work", NULL, 0, NULL);
}

static Err run_audited(Group *group, Db *db, Command *command, bool sole)
{
    Cx *cx = &command->cx;
    command->audited = (EventMark){};
    *command->note = command->came;
    if (command->work != NULL) TRY(run_work(group, db, command, sole));
    char text[sizeof cx->err_text];
    memcpy(text, cx->err_text, sizeof text);
    TRY(audited_append(cx, &group->log, db, cx_now_ms(cx), command->note, command->err,
                       &command->audited));
    memcpy(cx->err_text, text, sizeof text);
    return ERR_OK;
}

// Dated with the moment at which its transaction is written: a day is closed by a transaction, too
// (closing.h), and what comes behind that one is of a later day.
static Err run_receive(Group *group, Db *db, uint64_t time_ms, Command *command)
{
    TRY(receive_renew(&command->cx, group->store, time_ms, &command->receiving));
    return receive_run(&command->cx, &group->log, &group->known, db, time_ms, &command->receiving);
}

static Err run_one(Group *group, Db *db, Command *command, bool sole)
{
    Cx *cx = &command->cx;
    uint64_t time_ms = cx_now_ms(cx);
    command->err = ERR_OK;
    switch (command->kind) {
    case COMMAND_RECEIVE:
        return run_receive(group, db, time_ms, command);
    case COMMAND_DECIDE:
        return decide_run(cx, &group->log, db, time_ms, &command->deciding);
    case COMMAND_WORK:
        return run_work(group, db, command, sole);
    case COMMAND_AUDITED:
        return run_audited(group, db, command, sole);
    }
    return ERR_OK;
}

static void fail_all(Command *commands, Err err, const char *text)
{
    for (Command *command = commands; command != NULL; command = command->next)
        command->err = err_set(&command->cx, err, "%s", text);
}

// Whether a command that has run lies in the database. A work leaves no mark: nobody can say.
static Err is_there(Db *db, Command *command, bool *ret_there)
{
    Cx *cx = &command->cx;
    *ret_there = true;
    if (command->kind == COMMAND_RECEIVE && command->receiving.mark.sequence > 0)
        return event_log_has(cx, db, command->receiving.tenant, &command->receiving.mark,
                             ret_there);
    if (command->kind == COMMAND_DECIDE && command->deciding.mark.sequence > 0)
        return event_log_has(cx, db, command->deciding.tenant, &command->deciding.mark, ret_there);
    if (command->kind == COMMAND_AUDITED && command->audited.sequence > 0)
        return event_log_has(cx, db, command->note->tenant, &command->audited, ret_there);
    if (command->kind == COMMAND_WORK) *ret_there = false;
    return ERR_OK;
}

static uint64_t sequence_of(const Command *command)
{
    switch (command->kind) {
    case COMMAND_RECEIVE:
        return command->receiving.mark.sequence;
    case COMMAND_DECIDE:
        return command->deciding.mark.sequence;
    case COMMAND_AUDITED:
        return command->audited.sequence;
    case COMMAND_WORK:
        return 0;
    }
    return 0;
}

// Nobody is promised an entry of the audit log.
static bool wants_promise(const Command *command)
{
    return command->err == ERR_OK && command->kind != COMMAND_AUDITED && sequence_of(command) > 0;
}

// The transaction is durable. A promise that can't be made is none: the acceptance stands, and a
// checkpoint covers it soon.
static void promise_all(Group *group, Command *commands)
{
    EventLog *log = &group->log;
    if (log->leaf_count == 0) return;
    group->next_sequence = log->first_sequence + log->leaf_count;
    const CommitOptions *options = group->options;
    if (options == NULL || options->key_count == 0) return;
    const Command *first = commands;
    while (first != NULL && !wants_promise(first))
        first = first->next;
    if (first == NULL) return;
    Cx *cx = &commands->cx;
    Promise *promise = NULL;
    if (promise_make(cx, options->origin, log->first_sequence - 1, cx_now_ms(cx), log->leaves,
                     log->leaf_count, options->keys, options->signers, options->key_count,
                     &promise) != ERR_OK)
        return;
    for (Command *command = commands; command != NULL; command = command->next)
        if (wants_promise(command)) command->promise = promise_hold(promise);
    promise_drop(promise);
}

// An error from COMMIT means unknown, not no. The old connection may hold half of it in memory; a
// new one says what lies on disk.
static void resolve(Group *group, Command *commands, Err err)
{
    Cx *cx = &commands->cx;
    char text[sizeof cx->err_text];
    memcpy(text, cx->err_text, sizeof text);
    bool broken = db_broken(store_writer(group->store));
    db_rollback(store_writer(group->store));
    event_log_forget(&group->log);
    if (broken || store_reopen_writer(cx, group->store) != ERR_OK) {
        group->stopped = true;
        fail_all(commands, ERR_STORE, text);
        return;
    }
    bool any = false;
    for (Command *command = commands; command != NULL; command = command->next) {
        bool there = false;
        if (is_there(store_writer(group->store), command, &there) != ERR_OK)
            command->err = err_set(&command->cx, ERR_STORE, "%s", text);
        else if (!there)
            command->err = err_set(&command->cx, err, "%s", text);
        else
            any = any || sequence_of(command) > 0;
    }
    if (any) promise_all(group, commands);
}

// The rows of a few are written sooner than another thread wakes up.
static bool is_large(const Command *commands)
{
    size_t count = 0;
    for (; commands != NULL && count < PLACE_FROM; commands = commands->next)
        count++;
    return count == PLACE_FROM;
}

// Bytes that are certainly new go first: the disk writes them while we write the rows.
static Err place_all(Group *group, Db *db, Command *commands)
{
    Cx *cx = &commands->cx;
    const uint64_t now_ms = cx_now_ms(cx);
    size_t count = 0;
    for (const Command *command = commands; command != NULL; command = command->next)
        count += command->kind == COMMAND_RECEIVE;
    Receiving **all = arena_alloc(&cx->arena, (count + 1) * sizeof(Receiving *));
    count = 0;
    // One that is late is sealed anew when it is run: not the bytes that it has now.
    for (Command *command = commands; command != NULL; command = command->next)
        if (command->kind == COMMAND_RECEIVE && !receive_is_late(&command->receiving, now_ms))
            all[count++] = &command->receiving;
    TRY(known_load(cx, &group->known, db));
    TRY(receive_place(cx, group->store, &group->known, all, count));
    store_sync_soon(group->store);
    return ERR_OK;
}

// *ret_again: the transaction is undone, and each command may be tried alone.
static Err try_all(Group *group, Command *commands, bool *ret_again)
{
    Cx *cx = &commands->cx;
    Db *db = store_writer(group->store);
    *ret_again = false;
    event_log_begin(&group->log);
    TRY(db_begin(cx, db));
    *ret_again = true;
    if (is_large(commands)) TRY(place_all(group, db, commands));
    if (!group->bound) TRY(row_bind_standing(cx, &group->log, db, cx_now_ms(cx), group->closed));
    const bool sole = commands->next == NULL;
    for (Command *command = commands; command != NULL; command = command->next) {
        Err err = run_one(group, db, command, sole);
        if (err == ERR_OK) continue;
        if (command != commands) memcpy(cx->err_text, command->cx.err_text, sizeof cx->err_text);
        return err;
    }
    TRY(row_bind_touched(cx, &group->log, db, cx_now_ms(cx), group->closed));
    TRY(event_log_flush(cx, &group->log, db));
    Err err = store_sync(cx, group->store);
    if (err != ERR_OK) {
        group->stopped = true;
        return err;
    }
    err = db_commit(cx, db);
    if (err == ERR_OK) {
        if (!group->closed) group->bound = true;
        group->commits++;
        promise_all(group, commands);
        group->stopped = db_broken(db); // this one is durable
        return ERR_OK;
    }
    *ret_again = false;
    resolve(group, commands, err);
    return ERR_OK;
}

static void run_all(Group *group, Command *commands);

static void run_alone(Group *group, Command *commands)
{
    for (Command *command = commands; command != NULL;) {
        Command *rest = command->next;
        command->next = NULL;
        run_all(group, command);
        command->next = rest;
        command = rest;
    }
}

// A key is gone when no page holds it. Who still reads what was there holds that up: it is tried
// again after each group.
static void finish(Group *group, Command *commands)
{
    if (group->stopped || !db_wants_erased(store_writer(group->store))) return;
    Cx own;
    cx_init(&own, commands->cx.world, LIMIT_JOB_ARENA);
    (void)store_erase_finish(&own, store_writer(group->store));
    cx_done(&own);
}

static void run_all(Group *group, Command *commands)
{
    if (group->stopped) {
        fail_all(commands, ERR_STORE, "the disk failed; the program must be started anew");
        return;
    }
    bool again = false;
    Err err = try_all(group, commands, &again);
    if (err == ERR_OK) return;
    db_rollback(store_writer(group->store));
    event_log_forget(&group->log);
    if (db_broken(store_writer(group->store))) group->stopped = true;
    if (again && !group->stopped && commands->next != NULL) {
        run_alone(group, commands);
        return;
    }
    char text[sizeof commands->cx.err_text];
    memcpy(text, commands->cx.err_text, sizeof text);
    fail_all(commands, err, text);
}

// Leaves are made many at once, after the receipts.
static void tell_leaves(Command *commands)
{
    for (Command *command = commands; command != NULL; command = command->next)
        if (command->kind == COMMAND_RECEIVE && command->receiving.mark.sequence > 0)
            command->receiving.receipt.leaf_hash = command->receiving.mark.leaf_hash;
}

void group_run(Group *group, Command *commands)
{
    if (commands == NULL) return;
    group_digest_all(commands);
    run_all(group, commands);
    tell_leaves(commands);
    finish(group, commands);
}

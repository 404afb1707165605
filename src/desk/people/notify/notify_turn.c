#include "desk/people/notify/notify_turn.h"

#include "base/date.h"
#include "base/limits.h"
#include "base/text.h"
#include "base/utf8.h"

#define BATCH         16 // of one tenant in one turn: then the others' turn comes
#define PAUSE_MS      5'000
#define CHANNEL_MS    60'000 // the longest pause of a channel
#define ERROR_BYTES   300
#define DOUBLINGS_MAX 20

uint64_t notify_turn_backoff(uint64_t pause_ms, uint64_t tries, uint64_t most_ms)
{
    if (pause_ms == 0) pause_ms = PAUSE_MS;
    uint64_t doublings = tries < DOUBLINGS_MAX ? tries : DOUBLINGS_MAX;
    uint64_t ms = pause_ms << doublings;
    return ms < most_ms ? ms : most_ms;
}

static uint64_t steady_ms(const Cx *cx)
{
    return cx->world->steady_ms(cx->world->self);
}

static Digest digest_of_settings(const NotifySettings *settings)
{
    // Sizes first, so that no two lists of values read the same.
    size_t sizes[NOTIFY_SETTING_COUNT];
    Slice parts[NOTIFY_SETTING_COUNT + 1];
    for (int i = 0; i < NOTIFY_SETTING_COUNT; i++) {
        sizes[i] = settings->values[i].size;
        parts[i + 1] = settings->values[i];
    }
    parts[0] = (Slice){(const char *)sizes, sizeof sizes};
    return digest_of_parts(DIGEST_SHA256, parts, NOTIFY_SETTING_COUNT + 1);
}

// A server may repeat whom the mail was for: not in a column that is not sealed. And what it says
// is shown on a screen some day: it is one line of text.
static Slice reason_of(Cx *cx, Slice text, Slice to)
{
    Text out = text_open(cx, ERROR_BYTES);
    for (size_t i = 0, size = 0; i < text.size; i += size) {
        Slice rest = slice_sub(text, i, text.size), seen = rest;
        uint32_t point = 0;
        size = utf8_head(rest, &point);
        if (to.size > 0 && slice_starts(rest, to)) {
            seen = SLICE("…");
            size = to.size;
        } else if (size == 0 || point < ' ' || (point >= 0x7F && point < 0xA0)) {
            seen = SLICE(" ");
            size = size == 0 ? 1 : size;
        } else {
            seen.size = size;
        }
        text_add(&out, seen); // a character that does not fit is left out whole
        if (out.full) break;
    }
    return text_so_far(&out);
}

static bool is_due(const NotifyDue *due, uint64_t now_ms)
{
    // What is due in more than the longest pause was put off by a clock that was ahead.
    return due->next_ms <= now_ms || due->next_ms > now_ms + LIMIT_NOTIFY_PAUSE_MS;
}

static bool nobody_there(Err err)
{
    return err != ERR_OK && err != ERR_INPUT && err != ERR_CONFLICT;
}

// What became of one try. One that nobody answered is not the message's fault: it is not counted,
// since a mail server may be away for a week-end.
static NotifyOutcome judge(Cx *cx, const NotifyTurn *turn, const NotifyDue *due, Err err)
{
    int most = turn->tries == 0 ? LIMIT_NOTIFY_TRIES : turn->tries;
    uint64_t now = cx_now_ms(cx), age_max = LIMIT_NOTIFY_AGE_DAYS * DATE_MS_PER_DAY;
    uint64_t tries = nobody_there(err) ? 0 : (uint64_t)due->tries;
    NotifyOutcome outcome = {
        .tenant = due->tenant,
        .state = "sent",
        .counted = !nobody_there(err),
        .now_ms = now,
        .next_ms = now + notify_turn_backoff(turn->pause_ms, tries, LIMIT_NOTIFY_PAUSE_MS),
        .error = SLICE("")};
    memcpy(outcome.id, due->id, sizeof outcome.id);
    if (err == ERR_OK) return outcome;
    outcome.error = reason_of(cx, err_text(cx), due->to);
    bool last = err == ERR_CONFLICT && due->tries + 1 >= most;
    bool old = now > due->created_ms + age_max;
    outcome.state = err == ERR_INPUT || last || old ? "given_up" : "failed";
    return outcome;
}

static Err send_one(Cx *cx, const NotifyTurn *turn, const NotifySettings *settings,
                    const NotifyDue *due)
{
    if (due->broken != ERR_OK)
        return err_set(cx, ERR_INPUT, "the message was changed in the database");
    const NotifySend send = {.settings = settings, .message = due, .stop = turn->stop};
    return turn->channel->send(cx, &send);
}

static bool stopped(const NotifyTurn *turn)
{
    return turn->stop != NULL && atomic_load(turn->stop);
}

// What was done and can't be noted, because the disk is full, say, is not done again meanwhile.
static void keep_unnoted(NotifyTurn *turn, const NotifyOutcome *outcome)
{
    if (outcome->tenant.size > sizeof turn->unnoted_tenant) return;
    memcpy(turn->unnoted_tenant, outcome->tenant.data, outcome->tenant.size);
    turn->unnoted = *outcome;
    turn->unnoted.tenant.data = turn->unnoted_tenant;
    turn->unnoted.error = SLICE("");
    turn->has_unnoted = true;
}

static Err note_kept(Cx *cx, NotifyTurn *turn)
{
    if (!turn->has_unnoted) return ERR_OK;
    TRY(notify_outbox_note(cx, turn->committer, &turn->unnoted));
    turn->has_unnoted = false;
    return ERR_OK;
}

// Tries what is due.
static Err send_due(Cx *cx, NotifyTurn *turn, const NotifySettings *settings, const NotifyDue *list,
                    size_t count, size_t *ret_tried)
{
    for (size_t i = 0; i < count && !stopped(turn); i++) {
        bool paused = turn->failures > 0 && steady_ms(cx) < turn->pause_until;
        if (!is_due(&list[i], cx_now_ms(cx)) || (paused && list[i].next_ms != 0)) continue;
        Err err = send_one(cx, turn, settings, &list[i]);
        // Cut off by our own end: that says nothing of it.
        if (err != ERR_OK && stopped(turn)) return ERR_OK;
        NotifyOutcome outcome = judge(cx, turn, &list[i], err);
        turn->failures = nobody_there(err) ? turn->failures + 1 : 0;
        if (turn->failures > 0)
            turn->pause_until =
                steady_ms(cx) + notify_turn_backoff(turn->pause_ms, turn->failures - 1, CHANNEL_MS);
        ++*ret_tried;
        err = notify_outbox_note(cx, turn->committer, &outcome);
        if (err != ERR_OK) {
            keep_unnoted(turn, &outcome);
            return err;
        }
    }
    return ERR_OK;
}

static uint64_t wait_of(Cx *cx, const NotifyTurn *turn, const NotifyDue *list, size_t count)
{
    uint64_t now = cx_now_ms(cx), steady = steady_ms(cx), wait = UINT64_MAX;
    for (size_t i = 0; i < count; i++) {
        uint64_t ms = is_due(&list[i], now) ? 0 : list[i].next_ms - now;
        if (ms < wait) wait = ms;
    }
    bool paused = turn->failures > 0 && steady < turn->pause_until;
    if (paused && wait != UINT64_MAX && wait < turn->pause_until - steady)
        wait = turn->pause_until - steady;
    return wait;
}

static Err look(Cx *cx, const NotifyTurn *turn, NotifySettings *ret_settings, NotifyDue **ret_list,
                size_t *ret_count)
{
    Db *db = NULL;
    *ret_count = 0;
    TRY(store_take(cx, turn->store, &db));
    Err err = notify_setting_read(cx, turn->store, db, ret_settings);
    if (err == ERR_OK && notify_channels_ready(turn->channel, ret_settings))
        err =
            notify_outbox_due(cx, turn->store, db, turn->channel->name, BATCH, ret_list, ret_count);
    store_give(turn->store, db);
    return err;
}

Err notify_turn_run(Cx *cx, NotifyTurn *turn, uint64_t *ret_wait_ms)
{
    NotifySettings settings;
    NotifyDue *list = NULL;
    size_t count = 0, tried = 0;
    TRY(note_kept(cx, turn));
    TRY(look(cx, turn, &settings, &list, &count));
    Digest digest = digest_of_settings(&settings);
    if (!digest_equal(&digest, &turn->settings)) turn->failures = 0;
    turn->settings = digest;
    TRY(send_due(cx, turn, &settings, list, count, &tried));
    // What was tried is somewhere else now: the next turn sees where.
    *ret_wait_ms = tried > 0 ? 0 : wait_of(cx, turn, list, count);
    return ERR_OK;
}

#include "desk/running/watch/watch_ask.h"

#include <inttypes.h>

#include "base/base64.h"
#include "base/limits.h"
#include "base/utf8.h"
#include "desk/running/watch/watch_line.h"
#include "desk/running/witness/witness_body.h"

#define POSTS_MAX 4 // the size that a witness knows may change while it is asked
#define TEXT_MAX  (WATCH_TEXT_SIZE - 1)

// A witness's answer of one try.
typedef enum Step { STEP_DONE, STEP_AGAIN, STEP_COMPARE } Step;

static Err no_answer(Cx *cx, WatchAnswer *answer, Slice zh, Slice en)
{
    answer->verdict = WATCH_NO_ANSWER;
    Slice text = cx_printf(cx, SLICE_FMT " " SLICE_FMT, SLICE_ARG(zh), SLICE_ARG(en));
    answer->text = slice_sub(text, 0, TEXT_MAX);
    return ERR_OK;
}

static Slice printed_root(Cx *cx, const Digest *root)
{
    return base64_encode(cx, digest_slice(root));
}

// "https://w.example/x/" and "https://w.example/x" are one.
static Slice address(Cx *cx, Slice url, Slice tail)
{
    if (slice_ends(url, SLICE("/"))) url.size--;
    return cx_printf(cx, SLICE_FMT SLICE_FMT, SLICE_ARG(url), SLICE_ARG(tail));
}

static Err fetch(Cx *cx, const WatchAsk *ask, const char *method, Slice url, Slice body,
                 FetchReply *ret_reply)
{
    const FetchRequest request = {.method = method,
                                  .url = url,
                                  .body = body,
                                  .headers = (const char *const[]){"Content-Type:", NULL},
                                  .timeout_ms = ask->timeout_ms,
                                  .answer_max = LIMIT_NOTE_BYTES,
                                  .ca_file = ask->ca_file,
                                  .stop = ask->stop};
    return fetch_ask(cx, &request, ret_reply);
}

// ---- 200 ----

// The line of its key becomes ours: other lines of the answer are dropped.
static Err take_cosignature(Cx *cx, const WatchAsk *ask, Slice body, WatchAnswer *answer)
{
    Note *note = arena_alloc(&cx->arena, sizeof *note);
    TRY(note_parse(cx, ask->note, note));
    if (watch_line_find(cx, note->text, body, &ask->key, &answer->line, &answer->seconds) != ERR_OK)
        return no_answer(cx, answer, SLICE("见证方的联署不成立。"),
                         SLICE("The witness's cosignature does not hold."));
    answer->verdict = WATCH_COSIGNED;
    answer->known = ask->size;
    answer->text = SLICE("");
    return ERR_OK;
}

// ---- posting ----

static bool size_in(Slice body, uint64_t *ret_size)
{
    return body.size > 1 && body.data[body.size - 1] == '\n' &&
           slice_u64(slice_sub(body, 0, body.size - 1), ret_size);
}

static Err refused(Cx *cx, const FetchReply *reply, WatchAnswer *answer)
{
    Slice why = slice_trim(slice_sub(reply->body, 0, 120));
    if (!utf8_is_clean(why) || slice_find(why, SLICE("\n")) != SLICE_NONE) why = SLICE("");
    if (reply->status == 404)
        return no_answer(cx, answer, SLICE("见证方不认识这本账：请把本账本的公钥交给它。"),
                         SLICE("The witness does not know this log: give it the log's key."));
    Slice zh = cx_printf(cx, "见证方答复 %d。", reply->status);
    Slice en = cx_printf(cx, "The witness answered %d: " SLICE_FMT, reply->status, SLICE_ARG(why));
    return no_answer(cx, answer, zh, en);
}

static Err post(Cx *cx, const WatchAsk *ask, uint64_t old, WatchAnswer *answer, uint64_t *ret_old,
                Step *ret_step)
{
    WitnessBody body = {.old = old, .note = ask->note};
    FetchReply reply;
    Slice bytes;
    uint64_t known = 0;
    *ret_step = STEP_DONE;
    TRY(tree_consistency(cx, &ask->reader, old, ask->size, &body.proof));
    TRY(witness_body_print(cx, &body, &bytes));
    if (fetch(cx, ask, "POST", address(cx, ask->url, SLICE("/add-checkpoint")), bytes, &reply) !=
        ERR_OK)
        return no_answer(cx, answer, SLICE("连不上见证方。"), err_text(cx));
    if (reply.status == 200) return take_cosignature(cx, ask, reply.body, answer);
    *ret_step = STEP_COMPARE;
    if (reply.status == 422) return ERR_OK;
    if (reply.status == 409 && size_in(reply.body, &known) && known <= ask->size && known != old) {
        *ret_old = known;
        *ret_step = STEP_AGAIN;
    }
    if (reply.status == 409) return ERR_OK;
    *ret_step = STEP_DONE;
    return refused(cx, &reply, answer);
}

// ---- what it has seen ----

// Signed by our log and cosigned by this witness, or it is nothing.
static bool is_evidence(Cx *cx, const WatchAsk *ask, Slice bytes, Checkpoint *ret_checkpoint)
{
    Note *note = arena_alloc(&cx->arena, sizeof *note);
    if (note_parse(cx, bytes, note) != ERR_OK ||
        checkpoint_parse(cx, note->text, ret_checkpoint) != ERR_OK ||
        !slice_equal(ret_checkpoint->origin, ask->origin) ||
        note_verify(note, &ask->key, NULL) != NOTE_HOLDS ||
        note_verify(note, &ask->log_keys[0], NULL) != NOTE_HOLDS)
        return false;
    for (size_t i = 1; i < ask->log_key_count; i++)
        if (note_verify(note, &ask->log_keys[i], NULL) == NOTE_FAILS) return false;
    return true;
}

static void alarm_of(Cx *cx, const WatchAsk *ask, WatchVerdict verdict, const Digest *ours,
                     WatchAnswer *answer)
{
    Slice zh = verdict == WATCH_AHEAD
                   ? SLICE("账本倒退：本机的记录比已签署的少，请换上正确的备份。")
                   : SLICE("账本分叉：同样条数，两个不同的根，请换上正确的备份。");
    Slice en = verdict == WATCH_AHEAD
                   ? SLICE("The log has gone back: put the right backup in place.")
                   : SLICE("The log has forked: put the right backup in place.");
    Slice name = slice_sub(ask->key.name, 0, 64);
    Slice theirs = printed_root(cx, &answer->theirs.root), mine = printed_root(cx, ours);
    Slice text = cx_printf(
        cx,
        SLICE_FMT SLICE_FMT " 见证方 witness " SLICE_FMT ": %" PRIu64 " " SLICE_FMT
                            "; 本机 here: %" PRIu64 " " SLICE_FMT,
        SLICE_ARG(zh), SLICE_ARG(en), SLICE_ARG(name), answer->theirs.size, SLICE_ARG(theirs),
        verdict == WATCH_AHEAD ? ask->size : answer->theirs.size, SLICE_ARG(mine));
    answer->verdict = verdict;
    answer->text = slice_sub(text, 0, TEXT_MAX);
}

// GET its newest checkpoint of our log. STEP_AGAIN: it fits ours; *ret_old is its size.
static Err compare(Cx *cx, const WatchAsk *ask, WatchAnswer *answer, uint64_t *ret_old,
                   Step *ret_step)
{
    Digest hash = digest_of(DIGEST_SHA256, ask->origin);
    Slice hex = base64_hex(cx, digest_slice(&hash));
    Slice url = address(cx, ask->url, cx_printf(cx, "/" SLICE_FMT "/checkpoint", SLICE_ARG(hex)));
    FetchReply reply;
    *ret_step = STEP_DONE;
    if (fetch(cx, ask, "GET", url, SLICE(""), &reply) != ERR_OK)
        return no_answer(cx, answer, SLICE("见证方不同意，又取不到它的检查点。"), err_text(cx));
    Checkpoint theirs;
    if (reply.status != 200 || !is_evidence(cx, ask, reply.body, &theirs))
        return no_answer(
            cx, answer, SLICE("见证方不同意，却拿不出本账本签过的检查点。"),
            SLICE("The witness disagrees and shows nothing that this log has signed."));
    answer->theirs = theirs;
    answer->evidence = reply.body;
    if (theirs.size > ask->size) {
        alarm_of(cx, ask, WATCH_AHEAD, &ask->root, answer);
        return ERR_OK;
    }
    TreeEdge edge;
    TRY(tree_load(cx, &ask->reader, theirs.size, &edge));
    Digest ours = tree_root(&edge);
    if (!digest_equal(&ours, &theirs.root)) {
        alarm_of(cx, ask, WATCH_FORKED, &ours, answer);
        return ERR_OK;
    }
    *ret_old = answer->known = theirs.size;
    *ret_step = STEP_AGAIN;
    return ERR_OK;
}

Err watch_ask(Cx *cx, const WatchAsk *ask, WatchAnswer *ret_answer)
{
    WatchAnswer answer = {.known = ask->known, .line = SLICE(""), .evidence = SLICE("")};
    uint64_t old = ask->known;
    // What we think it knows can be more than we have: then it is asked first.
    Step step = old > ask->size ? STEP_COMPARE : STEP_AGAIN;
    for (int i = 0; i < POSTS_MAX && step != STEP_DONE; i++) {
        if (step == STEP_AGAIN) TRY(post(cx, ask, old, &answer, &old, &step));
        if (step == STEP_COMPARE) TRY(compare(cx, ask, &answer, &old, &step));
    }
    if (step != STEP_DONE)
        TRY(no_answer(cx, &answer, SLICE("见证方的答复前后不一。"),
                      SLICE("The witness contradicts itself.")));
    *ret_answer = answer;
    return ERR_OK;
}

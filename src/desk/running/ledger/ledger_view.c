#include "desk/running/ledger/ledger_view.h"

#include "base/base64.h"
#include "base/date.h"
#include "base/limits.h"
#include "desk/running/watch/watch_view.h"

Err ledger_view_keys(Cx *cx, const Log *log, Slice *ret_lines)
{
    Text text = text_open(cx, LIMIT_FIELD_BYTES);
    for (int i = 0; i < LOG_KEYS; i++) {
        Slice vkey;
        TRY(note_key_vkey(cx, &log_keys(log)[i], &vkey));
        text_add(&text, vkey);
        text_byte(&text, '\n');
    }
    return text_done(cx, &text, ret_lines);
}

static Err print_keys(Cx *cx, JsonOut *out, const Log *log)
{
    json_out_key(out, SLICE("vkeys"));
    json_out_array(out);
    for (int i = 0; i < LOG_KEYS; i++) {
        Slice vkey;
        TRY(note_key_vkey(cx, &log_keys(log)[i], &vkey));
        json_out_string(out, vkey);
    }
    json_out_end_array(out);
    return ERR_OK;
}

static Err print_witnesses(Cx *cx, JsonOut *out, Log *log, Db *db)
{
    WatchBrief watch;
    LogHead head = {};
    TRY(watch_view_brief(cx, db, &watch));
    // Over the first leaf: the newest checkpoint of all that has as many.
    Err err = watch.need > 0 ? log_head_over(cx, log, db, 0, watch.need, &head) : ERR_OK;
    if (err != ERR_OK && err != ERR_MISSING) return err;
    bool enough = err == ERR_OK && watch.need > 0 && head.witnesses >= watch.need;
    const struct {
        const char *name;
        uint64_t count;
    } counts[] = {{"asked", watch.witnesses},
                  {"need", watch.need},
                  {"signed", enough ? head.witnesses : 0},
                  {"size", enough ? head.size : 0}};
    json_out_key(out, SLICE("witnesses"));
    json_out_object(out);
    for (size_t i = 0; i < sizeof counts / sizeof *counts; i++) {
        json_out_key(out, slice_of(counts[i].name));
        json_out_number(out, (int64_t)counts[i].count);
    }
    json_out_end_object(out);
    return ERR_OK;
}

Err ledger_view_print(Cx *cx, Log *log, Db *db, Slice *ret_json)
{
    LogHead head;
    TRY(log_head(cx, log, db, &head));
    bool signed_once = head.note.size > 0;
    uint64_t now_ms = cx_now_ms(cx);
    JsonOut out = json_out_open(cx, LIMIT_MIB);
    json_out_object(&out);
    json_out_pair(&out, "origin", log_origin(log));
    TRY(print_keys(cx, &out, log));
    json_out_key(&out, SLICE("size"));
    json_out_number(&out, (int64_t)head.size);
    json_out_pair(&out, "root", base64_encode(cx, digest_slice(&head.root)));
    json_out_key(&out, SLICE("time"));
    if (signed_once)
        json_out_string(&out, date_rfc3339(cx, head.time_ms));
    else
        json_out_null(&out);
    json_out_key(&out, SLICE("age_seconds"));
    // A clock that was set back makes no checkpoint of tomorrow.
    if (signed_once)
        json_out_number(&out,
                        now_ms > head.time_ms ? (int64_t)((now_ms - head.time_ms) / 1000) : 0);
    else
        json_out_null(&out);
    TRY(print_witnesses(cx, &out, log, db));
    json_out_pair(&out, "checkpoint", head.note);
    json_out_end_object(&out);
    return json_out_done(cx, &out, ret_json);
}

Err ledger_view_checkpoint(Cx *cx, Log *log, Db *db, Slice *ret_note)
{
    LogHead head;
    TRY(log_head(cx, log, db, &head));
    if (head.note.size == 0) return err_set(cx, ERR_MISSING, "there is no checkpoint yet");
    *ret_note = head.note;
    return ERR_OK;
}

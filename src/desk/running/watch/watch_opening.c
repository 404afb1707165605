#include "desk/running/watch/watch_opening.h"

#include <inttypes.h>

#include "desk/running/watch/watch_guard.h"
#include "desk/running/watch/watch_here.h"
#include "desk/running/watch/watch_list.h"

static const Slice waiting_text = SLICE(
    "这个数据目录是恢复或搬来的：正在等见证方确认账本没有倒退，暂时只读。"
    "This folder was restored or moved here: read-only until the witnesses have found that its "
    "log has not gone back.");

Err watch_opening_look(Cx *cx, Flow *flow, WatchStanding *ret_standing)
{
    Db *db = NULL;
    WatchRow *rows = NULL;
    size_t count = 0;
    Slice alarm = SLICE("");
    WatchStanding standing = {.why = SLICE(""), .alarm_name = SLICE("")};
    TRY(store_take(cx, flow_store(flow), &db));
    Err err = watch_list(cx, db, &rows, &count);
    if (err == ERR_OK) err = watch_list_meta(cx, db, WATCH_ALARM_META, &alarm);
    store_give(flow_store(flow), db);
    TRY(err);
    for (size_t i = 0; i < count; i++)
        standing.witnesses += slice_equal(rows[i].kind, SLICE("witness"));
    bool done = false, same = watch_here_same(cx, store_folder(flow_store(flow)));
    (void)slice_cut(&alarm, '\n', &done, &standing.alarm_name);
    standing.alarm = alarm.size > 0;
    if (standing.alarm)
        standing.why = alarm;
    else if (standing.witnesses > 0 && !same)
        standing.why = waiting_text;
    *ret_standing = standing;
    return ERR_OK;
}

static Err halt(Cx *cx, Committer *committer, Slice why)
{
    const char *text = NULL;
    TRY(cx_cstr(cx, slice_sub(why, 0, WATCH_TEXT_SIZE - 1), &text));
    // The sealer's own reason stays: it knows what lies here.
    if (commit_halted(cx, committer).size == 0) commit_halt(committer, text);
    return ERR_OK;
}

Err watch_opening(Cx *cx, void *self, Flow *flow)
{
    const bool *without = self;
    WatchStanding standing;
    if (flow_log(flow) == NULL) return ERR_OK;
    TRY(watch_opening_look(cx, flow, &standing));
    if (without != NULL && *without && (standing.witnesses > 0 || standing.alarm))
        return watch_list_set_meta(cx, flow_committer(flow), WATCH_WITHOUT_META,
                                   cx_printf(cx, "%" PRIu64, cx_now_ms(cx)));
    if (standing.why.size == 0) return watch_here_keep(cx, store_folder(flow_store(flow)));
    return halt(cx, flow_committer(flow), standing.why);
}

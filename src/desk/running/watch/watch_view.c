#include "desk/running/watch/watch_view.h"

#include "base/limits.h"
#include "format/json/json_out.h"

static void print_number(JsonOut *out, const char *key, uint64_t number)
{
    json_out_key(out, slice_of(key));
    json_out_number(out, (int64_t)number);
}

static void print_row(Cx *cx, JsonOut *out, const WatchRow *row, uint64_t size)
{
    json_out_object(out);
    json_out_pair(out, "name", row->name);
    json_out_pair(out, "kind", row->kind);
    json_out_pair(out, "vkey", row->vkey);
    json_out_pair(out, "url", row->url);
    print_number(out, "size", row->size);
    print_number(out, "behind", size > row->size ? size - row->size : 0);
    json_out_time(cx, out, "added_at", row->added_ms);
    json_out_time(cx, out, "ok_at", row->ok_ms);
    json_out_time(cx, out, "tried_at", row->tried_ms);
    json_out_pair(out, "error", row->error);
    json_out_end_object(out);
}

// As it follows from the rows alone.
static Err count_rows(Cx *cx, Db *db, const WatchRow *rows, size_t count, uint64_t size,
                      WatchBrief *brief)
{
    size_t set = 0;
    TRY(watch_list_quorum(cx, db, &set));
    for (size_t i = 0; i < count; i++) {
        if (!slice_equal(rows[i].kind, SLICE("witness"))) continue;
        brief->witnesses++;
        brief->cosigned += size > 0 && rows[i].size >= size;
    }
    brief->need = watch_list_need(brief->witnesses, set);
    return ERR_OK;
}

Err watch_view_print(Cx *cx, Db *db, const WatchBrief *brief, uint64_t size, Slice halted,
                     Slice *ret_json)
{
    WatchRow *rows = NULL;
    WatchBrief now = *brief;
    size_t count = 0;
    TRY(watch_list(cx, db, &rows, &count));
    if (now.witnesses == 0) TRY(count_rows(cx, db, rows, count, size, &now));
    JsonOut out = json_out_open(cx, LIMIT_MIB);
    json_out_object(&out);
    json_out_key(&out, SLICE("items"));
    json_out_array(&out);
    for (size_t i = 0; i < count; i++)
        print_row(cx, &out, &rows[i], size);
    json_out_end_array(&out);
    print_number(&out, "witnesses", now.witnesses);
    print_number(&out, "need", now.need);
    print_number(&out, "cosigned", now.cosigned);
    json_out_key(&out, SLICE("without"));
    json_out_bool(&out, now.without);
    json_out_pair(&out, "halted", halted);
    json_out_pair(&out, "text", watch_view_line(cx, &now));
    json_out_end_object(&out);
    return json_out_done(cx, &out, ret_json);
}

Err watch_view_brief(Cx *cx, Db *db, WatchBrief *ret_brief)
{
    WatchRow *rows = NULL;
    WatchBrief brief = {};
    size_t count = 0;
    uint64_t size = 0;
    AUTO_ROWS DbRows *head = NULL;
    bool row = false;
    TRY(watch_list(cx, db, &rows, &count));
    TRY(db_query(cx, db, "SELECT size FROM log_head WHERE tenant = $1",
                 DB_VALUES(db_text(SLICE(""))), &head));
    TRY(db_next(cx, head, &row));
    if (row) size = (uint64_t)db_col_int(head, 0);
    TRY(count_rows(cx, db, rows, count, size, &brief));
    *ret_brief = brief;
    return ERR_OK;
}

Slice watch_view_line(Cx *cx, const WatchBrief *brief)
{
    if (brief->witnesses == 0)
        return SLICE("没有见证方：整个数据目录被换成旧的，没有人能看出来。"
                     "No witnesses: nobody could tell if the whole folder were put back.");
    if (brief->without)
        return SLICE("按 --without-witnesses 运行：见证方的警报不会停止写入。"
                     "Running without witnesses: their alarms stop nothing.");
    return cx_printf(cx,
                     "见证方 %zu 个，需要 %zu 个，已联署最新检查点 %zu 个。"
                     "%zu witnesses, %zu needed, %zu have cosigned the newest checkpoint.",
                     brief->witnesses, brief->need, brief->cosigned, brief->witnesses, brief->need,
                     brief->cosigned);
}

Err watch_view_alarm(Cx *cx, Db *db, Slice *ret_text)
{
    Slice name;
    bool done = false;
    TRY(watch_list_meta(cx, db, WATCH_ALARM_META, ret_text));
    (void)slice_cut(ret_text, '\n', &done, &name);
    return ERR_OK;
}

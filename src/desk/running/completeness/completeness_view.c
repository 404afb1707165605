#include "desk/running/completeness/completeness_view.h"

#include "base/date.h"
#include "base/limits.h"

void completeness_view_count(JsonOut *out, const EquationCount *count)
{
    const struct {
        const char *name;
        int64_t value;
    } members[] = {{"received", equation_received(count)},
                   {"handed_in", count->handed_in},
                   {"carried", count->carried},
                   {"released", count->released},
                   {"unpacked", count->unpacked},
                   {"accepted", count->accepted},
                   {"duplicate", count->duplicate},
                   {"conflict", count->conflict},
                   {"quarantined", count->quarantined},
                   {"rejected", count->rejected},
                   {"in_progress", count->in_progress}};
    for (size_t i = 0; i < sizeof members / sizeof members[0]; i++) {
        json_out_key(out, slice_of(members[i].name));
        json_out_number(out, members[i].value);
    }
}

static void print_day(JsonOut *out, const EquationDay *day)
{
    json_out_pair(out, "day", slice_of(day->day));
    json_out_key(out, SLICE("signed"));
    json_out_bool(out, day->is_signed);
    completeness_view_count(out, &day->all);
    json_out_key(out, SLICE("sources"));
    json_out_array(out);
    for (size_t i = 0; i < day->source_count; i++) {
        const EquationCount *source = &day->sources[i];
        json_out_object(out);
        json_out_pair(out, "source", (Slice){source->source, source->source_size});
        completeness_view_count(out, source);
        json_out_end_object(out);
    }
    json_out_end_array(out);
}

static Err note_of(Cx *cx, Db *db, Slice tenant, Slice day, Slice *ret_note)
{
    StatementRow row;
    Err err = statement_find(cx, db, tenant, day, &row);
    *ret_note = err == ERR_OK ? row.note : SLICE("");
    return err == ERR_MISSING ? ERR_OK : err;
}

Err completeness_view_day(Cx *cx, Db *db, Slice tenant, Slice day, Slice *ret_json)
{
    EquationDay sum;
    Slice note;
    TRY(completeness_day(cx, db, tenant, day, &sum));
    TRY(note_of(cx, db, tenant, slice_of(sum.day), &note));
    JsonOut out = json_out_open(cx, LIMIT_MIB);
    json_out_object(&out);
    print_day(&out, &sum);
    json_out_pair(&out, "note", note);
    json_out_end_object(&out);
    return json_out_done(cx, &out, ret_json);
}

Err completeness_view_days(Cx *cx, Db *db, Slice tenant, Slice before, int limit, Slice *ret_json)
{
    StatementRow *rows = NULL;
    size_t count = 0;
    Date date;
    if (!slice_empty(before)) TRY(date_parse(cx, before, &date));
    TRY(statement_list(cx, db, tenant, before, limit, &rows, &count));
    JsonOut out = json_out_open(cx, LIMIT_MIB);
    json_out_object(&out);
    json_out_key(&out, SLICE("items"));
    json_out_array(&out);
    for (size_t i = 0; i < count; i++) {
        EquationDay day;
        TRY(statement_parse(cx, rows[i].note, &day));
        day.is_signed = true;
        json_out_object(&out);
        print_day(&out, &day);
        json_out_pair(&out, "signed_at", date_rfc3339(cx, rows[i].time_ms));
        json_out_end_object(&out);
    }
    json_out_end_array(&out);
    json_out_pair(&out, "next_cursor", count == (size_t)limit ? rows[count - 1].day : SLICE(""));
    json_out_end_object(&out);
    return json_out_done(cx, &out, ret_json);
}

#include "desk/running/completeness/statement.h"

#include "base/base64.h"
#include "base/date.h"
#include "base/limits.h"
#include "base/text.h"

// The numbers of a line, in their order.
static const struct {
    const char *name;
    size_t offset;
} terms[] = {
    {"handed_in", offsetof(EquationCount, handed_in)},
    {"carried", offsetof(EquationCount, carried)},
    {"released", offsetof(EquationCount, released)},
    {"accepted", offsetof(EquationCount, accepted)},
    {"duplicate", offsetof(EquationCount, duplicate)},
    {"conflict", offsetof(EquationCount, conflict)},
    {"quarantined", offsetof(EquationCount, quarantined)},
    {"rejected", offsetof(EquationCount, rejected)},
    {"in_progress", offsetof(EquationCount, in_progress)},
    {"unpacked", offsetof(EquationCount, unpacked)},
};
#define TERM_COUNT  (sizeof terms / sizeof terms[0])
#define TERM_ALWAYS (TERM_COUNT - 1) // the last stands only when it is not 0

static int64_t *term_of(EquationCount *count, size_t i)
{
    return (int64_t *)(void *)((char *)count + terms[i].offset);
}

static void print_line(Text *text, EquationCount count)
{
    size_t shown = count.unpacked == 0 ? TERM_ALWAYS : TERM_COUNT;
    for (size_t i = 0; i < shown; i++)
        text_printf(text, " %s=%lld", terms[i].name, (long long)*term_of(&count, i));
    text_byte(text, '\n');
}

Err statement_print(Cx *cx, Slice origin, Slice tenant, const EquationDay *day, uint64_t size,
                    const Digest *root, uint64_t time_ms, Slice *ret_text)
{
    Text text = text_open(cx, LIMIT_STATEMENT_BYTES);
    Slice root_text = base64_encode(cx, digest_slice(root));
    text_printf(&text, SLICE_FMT "/statement\ntenant " SLICE_FMT "\nday %s\n", SLICE_ARG(origin),
                SLICE_ARG(tenant), day->day);
    text_printf(&text, "log %llu " SLICE_FMT "\ntime %llu\n", (unsigned long long)size,
                SLICE_ARG(root_text), (unsigned long long)time_ms);
    text_printf(&text, "open_since %s\nall", day->open_since[0] == '\0' ? "-" : day->open_since);
    print_line(&text, day->all);
    for (size_t i = 0; i < day->source_count; i++) {
        const EquationCount *source = &day->sources[i];
        text_printf(&text, "source " SLICE_FMT,
                    SLICE_ARG(((Slice){source->source, source->source_size})));
        print_line(&text, *source);
    }
    if (day->has_refused)
        text_printf(&text, "refused " SLICE_FMT "\n",
                    SLICE_ARG(base64_encode(cx, digest_slice(&day->refused))));
    return text_done(cx, &text, ret_text);
}

// The next line's part behind `word` and a space.
static bool take(Slice *rest, bool *done, const char *word, Slice *ret_value)
{
    Slice line, begin = slice_of(word);
    if (!slice_cut(rest, '\n', done, &line)) return false;
    if (!slice_starts(line, begin) || line.size <= begin.size || line.data[begin.size] != ' ')
        return false;
    *ret_value = slice_sub(line, begin.size + 1, line.size);
    return true;
}

static bool parse_terms(Slice text, EquationCount *count)
{
    bool done = false;
    for (size_t i = 0; i < TERM_COUNT && !done; i++) {
        Slice part, name = slice_of(terms[i].name);
        uint64_t value = 0;
        if (!slice_cut(&text, ' ', &done, &part) || !slice_starts(part, name) ||
            part.size <= name.size || part.data[name.size] != '=' ||
            !slice_u64(slice_sub(part, name.size + 1, part.size), &value) || value > INT64_MAX)
            return false;
        *term_of(count, i) = (int64_t)value;
        if (done && i + 1 < TERM_ALWAYS) return false;
        if (i == TERM_ALWAYS && value == 0) return false;
    }
    return done;
}

static bool parse_source(Slice value, EquationDay *day)
{
    size_t end = slice_find(value, SLICE(" "));
    if (end == SLICE_NONE || end > EQUATION_SOURCE_SIZE ||
        day->source_count == EQUATION_SOURCES_MAX)
        return false;
    EquationCount *source = &day->sources[day->source_count++];
    *source = (EquationCount){.source_size = end};
    memcpy(source->source, value.data, end);
    return parse_terms(slice_sub(value, end + 1, value.size), source);
}

// Spelt as we do: "2026-11-21" and nothing else that is that day.
static bool take_day(Cx *cx, Slice text, char day[static DATE_TEXT_SIZE + 1])
{
    Date date;
    return date_parse(cx, text, &date) == ERR_OK && slice_equal(date_print(date, day), text);
}

static bool take_refused(Cx *cx, Slice text, EquationDay *day)
{
    Slice bytes;
    if (base64_decode(cx, text, true, &bytes) != ERR_OK || bytes.size != DIGEST_SIZE) return false;
    day->has_refused = true;
    memcpy(day->refused.bytes, bytes.data, DIGEST_SIZE);
    return true;
}

static bool parse(Cx *cx, Slice note, EquationDay *day)
{
    Slice origin, value;
    bool done = false;
    if (!slice_cut(&note, '\n', &done, &origin) || !slice_ends(origin, SLICE("/statement")) ||
        !take(&note, &done, "tenant", &value) || !take(&note, &done, "day", &value) ||
        !take_day(cx, value, day->day))
        return false;
    if (!take(&note, &done, "log", &value) || !take(&note, &done, "time", &value) ||
        !take(&note, &done, "open_since", &value))
        return false;
    if (!slice_equal(value, SLICE("-")) && !take_day(cx, value, day->open_since)) return false;
    if (!take(&note, &done, "all", &value) || !parse_terms(value, &day->all)) return false;
    while (slice_starts(note, SLICE("source ")))
        if (!take(&note, &done, "source", &value) || !parse_source(value, day)) return false;
    if (slice_starts(note, SLICE("refused ")) &&
        (!take(&note, &done, "refused", &value) || !take_refused(cx, value, day)))
        return false;
    return slice_empty(note) || note.data[0] == '\n'; // the text, or the note's empty line
}

Err statement_parse(Cx *cx, Slice note, EquationDay *ret_day)
{
    *ret_day = (EquationDay){
        .sources = arena_alloc(&cx->arena, EQUATION_SOURCES_MAX * sizeof(EquationCount))};
    if (parse(cx, note, ret_day)) return ERR_OK;
    return err_set(cx, ERR_CORRUPT, "a day's statement is damaged");
}

static Err row_of(Cx *cx, const DbRows *rows, StatementRow *ret_row)
{
    *ret_row =
        (StatementRow){.size = db_col_int(rows, 2), .time_ms = (uint64_t)db_col_int(rows, 3)};
    TRY(cx_copy(cx, db_col_text(rows, 0), &ret_row->day));
    return cx_copy(cx, db_col_blob(rows, 1), &ret_row->note);
}

Err statement_find(Cx *cx, Db *db, Slice tenant, Slice day, StatementRow *ret_row)
{
    AUTO_ROWS DbRows *rows = NULL;
    TRY(db_query(cx, db,
                 "SELECT day, note, size, time_ms FROM statement WHERE tenant = $1 AND day = $2",
                 DB_VALUES(db_text(tenant), db_text(day)), &rows));
    bool row = false;
    TRY(db_next(cx, rows, &row));
    if (!row) return err_set(cx, ERR_MISSING, "'" SLICE_FMT "' is not signed", SLICE_ARG(day));
    return row_of(cx, rows, ret_row);
}

Err statement_list(Cx *cx, Db *db, Slice tenant, Slice before, int limit, StatementRow **ret_rows,
                   size_t *ret_count)
{
    AUTO_ROWS DbRows *rows = NULL;
    Slice end = slice_empty(before) ? SLICE("9999-99-99") : before;
    StatementRow *list = arena_try_array(&cx->arena, (size_t)limit, sizeof *list);
    if (list == NULL) return err_set(cx, ERR_LIMIT, "the list does not fit in memory");
    TRY(db_query(cx, db,
                 "SELECT day, note, size, time_ms FROM statement WHERE tenant = $1 AND day < $2 "
                 "ORDER BY day DESC LIMIT $3",
                 DB_VALUES(db_text(tenant), db_text(end), db_int(limit)), &rows));
    size_t count = 0;
    for (bool row = true;;) {
        TRY(db_next(cx, rows, &row));
        if (!row || count == (size_t)limit) break;
        TRY(row_of(cx, rows, &list[count++]));
    }
    *ret_rows = list;
    *ret_count = count;
    return ERR_OK;
}

// bench_bulk DIR NDJSON: how fast do drafts that are read already become facts and projections?
//
// Ours: every line is the original bytes of one document, parsed, received and decided in groups.
// Of it, parse: those lines parsed once more and nothing else.
// Bare: a loop that writes the very rows that came out, and the same bytes, with primary keys only
// and no page encryption: what SQLite itself costs. Prints one line of JSON with CPU seconds.
//
// bench_bulk --fill DIR TENANT: ours alone, of lines from the standard input, for folders of a size
// whose rows do not fit in memory. Adds to what is there.
#include <assert.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/limits.h"
#include "base/text.h"
#include "commit/commit.h"
#include "model/reading_json.h"
#include "publish/fold.h"
#include "sqlite3.h"

#define BATCH      1024
#define ARENA      ((size_t)4 << 30)
#define COLUMN_MAX 40

static double cpu_seconds(void)
{
    struct rusage used;
    (void)getrusage(RUSAGE_SELF, &used);
    return (double)(used.ru_utime.tv_sec + used.ru_stime.tv_sec) +
           (double)(used.ru_utime.tv_usec + used.ru_stime.tv_usec) / 1e6;
}

static void must(Cx *cx, Err err, const char *what)
{
    if (err == ERR_OK) return;
    fprintf(stderr, "%s: %s\n", what, cx->err_text);
    exit(1);
}

// What the committer's thread tells us.
static struct {
    pthread_mutex_t lock;
    pthread_cond_t change;
    Slice tenant;
    size_t open;
    uint8_t documents[BATCH][COMMIT_ID_SIZE];
} state = {
    .lock = PTHREAD_MUTEX_INITIALIZER, .change = PTHREAD_COND_INITIALIZER, .tenant = {"local", 5}};

static void one_done(void)
{
    pthread_mutex_lock(&state.lock);
    if (--state.open == 0) pthread_cond_signal(&state.change);
    pthread_mutex_unlock(&state.lock);
}

static void wait_all(void)
{
    pthread_mutex_lock(&state.lock);
    while (state.open > 0)
        pthread_cond_wait(&state.change, &state.lock);
    pthread_mutex_unlock(&state.lock);
}

static void on_received(void *self, const Receipt *receipt)
{
    if (receipt->err != ERR_OK) {
        fprintf(stderr, "received: %s\n", receipt->err_text);
        exit(1);
    }
    memcpy(state.documents[(size_t)(uintptr_t)self], receipt->document, COMMIT_ID_SIZE);
    one_done();
}

static void on_decided(void *self, Outcome *outcome)
{
    (void)self;
    if (outcome->err != ERR_OK || outcome->state != DOC_ACCEPTED) {
        fprintf(stderr, "decided: %s\n", outcome->err_text);
        exit(1);
    }
    free(outcome->invoices);
    one_done();
}

static void run_batch(Committer *committer, const Slice *lines, size_t count)
{
    Cx cx;
    cx_init(&cx, world_real(), LIMIT_JOB_ARENA);
    state.open = count;
    for (size_t i = 0; i < count; i++) {
        Arrival arrival = {.tenant = state.tenant,
                           .actor = SLICE("local"),
                           .source = SLICE("bench"),
                           .file_name = SLICE("bulk.json"),
                           .bytes = lines[i]};
        must(&cx, commit_receive(&cx, committer, &arrival, on_received, (void *)(uintptr_t)i),
             "receive");
    }
    wait_all();
    state.open = count;
    for (size_t i = 0; i < count; i++) {
        Reading reading = {.media = MEDIA_XML};
        Draft *draft = NULL;
        must(&cx, reading_add_draft(&cx, &reading, &draft), "draft");
        must(&cx, reading_json_parse(&cx, lines[i], draft), "parse");
        Decision decision = {.tenant = state.tenant,
                             .actor = SLICE("local"),
                             .source = SLICE("bench"),
                             .reading = &reading};
        memcpy(decision.document, state.documents[i], COMMIT_ID_SIZE);
        must(&cx, commit_decide(&cx, committer, &decision, on_decided, NULL), "decide");
    }
    wait_all();
    cx_done(&cx);
}

// What of ours is only reading the lines.
static double parse_run(const Slice *lines, size_t count)
{
    double begun = cpu_seconds();
    for (size_t i = 0; i < count; i++) {
        Cx cx;
        Draft draft;
        cx_init(&cx, world_real(), LIMIT_JOB_ARENA);
        must(&cx, reading_json_parse(&cx, lines[i], &draft), "parse");
        cx_done(&cx);
    }
    return cpu_seconds() - begun;
}

static Slice read_all(Cx *cx, const char *path)
{
    AUTO_CLOSE int fd = open(path, O_RDONLY | O_CLOEXEC);
    struct stat info;
    if (fd < 0 || fstat(fd, &info) != 0) exit(1);
    char *bytes = arena_alloc(&cx->arena, (size_t)info.st_size + 1);
    for (size_t done = 0; done < (size_t)info.st_size;) {
        ssize_t n = read(fd, bytes + done, (size_t)info.st_size - done);
        if (n <= 0) exit(1);
        done += (size_t)n;
    }
    return (Slice){bytes, (size_t)info.st_size};
}

static size_t split_lines(Cx *cx, Slice all, Slice **ret_lines)
{
    size_t count = 0, room = 1;
    for (size_t i = 0; i < all.size; i++)
        room += all.data[i] == '\n';
    Slice *lines = arena_alloc(&cx->arena, room * sizeof *lines);
    bool done = false;
    Slice line;
    while (slice_cut(&all, '\n', &done, &line))
        if (line.size > 0) lines[count++] = line;
    *ret_lines = lines;
    return count;
}

// One table of the folder, in memory.
typedef struct Table {
    Slice name, create;
    DbValue *cells; // rows * columns
    size_t rows, columns;
} Table;

// The table as it is made, without what is more than a primary key.
static Slice bare_create(Cx *cx, Slice create)
{
    Text text = text_open(cx, 65536);
    bool done = false;
    Slice line;
    while (slice_cut(&create, '\n', &done, &line)) {
        Slice rule = slice_trim(line);
        if (slice_starts(rule, SLICE("UNIQUE")) || slice_starts(rule, SLICE("CHECK")) ||
            slice_starts(rule, SLICE("--")))
            continue;
        text_add(&text, line);
        text_byte(&text, '\n');
    }
    Slice all = text_so_far(&text);
    // A comma may stand before the closing bracket now that its line is gone.
    for (size_t i = all.size; i-- > 0 && all.data[i] != ')';)
        ;
    size_t close = all.size - 1;
    while (close > 0 && all.data[close] != ')')
        close--;
    size_t comma = close - 1;
    while (memchr(" \n\t", all.data[comma], 3) != NULL)
        comma--;
    if (all.data[comma] == ',') ((char *)all.data)[comma] = ' ';
    return all;
}

// Rows come in the order in which they were written, as any loop would write them: that is the
// order of the keys, whose ids begin with the time, but for tags, which lie in none.
static Slice order_of(Slice table)
{
    return slice_equal(table, SLICE("identity")) ? SLICE(" ORDER BY invoice") : SLICE("");
}

static void load_table(Cx *cx, Db *db, Table *table)
{
    DbRows *rows = NULL;
    Slice sql = cx_printf(cx, "SELECT count(*) FROM " SLICE_FMT, SLICE_ARG(table->name));
    must(cx, db_query_text(cx, db, sql, NULL, 0, &rows), "count");
    bool row = false;
    must(cx, db_next(cx, rows, &row), "count");
    size_t count = (size_t)db_col_int(rows, 0);
    db_rows_close(rows);

    sql = cx_printf(cx, "SELECT name, type FROM pragma_table_info('" SLICE_FMT "')",
                    SLICE_ARG(table->name));
    must(cx, db_query_text(cx, db, sql, NULL, 0, &rows), "columns");
    Slice types[COLUMN_MAX];
    while (db_next(cx, rows, &row) == ERR_OK && row)
        must(cx, cx_copy(cx, db_col_text(rows, 1), &types[table->columns++]), "columns");
    db_rows_close(rows);

    table->cells = arena_alloc(&cx->arena, (count + 1) * table->columns * sizeof(DbValue));
    sql = cx_printf(cx, "SELECT * FROM " SLICE_FMT SLICE_FMT, SLICE_ARG(table->name),
                    SLICE_ARG(order_of(table->name)));
    must(cx, db_query_text(cx, db, sql, NULL, 0, &rows), "rows");
    while (db_next(cx, rows, &row) == ERR_OK && row && table->rows < count) {
        for (size_t c = 0; c < table->columns; c++) {
            DbValue *cell = &table->cells[table->rows * table->columns + c];
            int column = (int)c;
            if (db_col_null(rows, column)) continue;
            bool blob = slice_equal(types[c], SLICE("BLOB"));
            *cell = slice_equal(types[c], SLICE("INTEGER")) ? db_int(db_col_int(rows, column))
                    : blob                                  ? db_blob(db_col_blob(rows, column))
                                                            : db_text(db_col_text(rows, column));
            must(cx, cx_copy(cx, cell->bytes, &cell->bytes), "copy");
        }
        table->rows++;
    }
    db_rows_close(rows);
}

static size_t load_tables(Cx *cx, Store *store, Table *tables, size_t room)
{
    Db *db = NULL;
    DbRows *rows = NULL;
    must(cx, store_take(cx, store, &db), "reader");
    must(cx,
         db_query(cx, db,
                  "SELECT name, sql FROM sqlite_master WHERE type = 'table' AND name NOT LIKE "
                  "'sqlite_%'",
                  NULL, 0, &rows),
         "tables");
    size_t count = 0;
    bool row = false;
    while (db_next(cx, rows, &row) == ERR_OK && row && count < room) {
        tables[count] = (Table){};
        must(cx, cx_copy(cx, db_col_text(rows, 0), &tables[count].name), "name");
        must(cx, cx_copy(cx, db_col_text(rows, 1), &tables[count].create), "sql");
        count++;
    }
    db_rows_close(rows);
    for (size_t i = 0; i < count; i++)
        load_table(cx, db, &tables[i]);
    store_give(store, db);
    return count;
}

static void bare_must(sqlite3 *db, int rc)
{
    if (rc == SQLITE_OK || rc == SQLITE_DONE || rc == SQLITE_ROW) return;
    fprintf(stderr, "bare: %s\n", sqlite3_errmsg(db));
    exit(1);
}

static void bare_row(sqlite3 *db, sqlite3_stmt *insert, const DbValue *cells, size_t columns)
{
    for (size_t c = 0; c < columns; c++) {
        const DbValue *cell = &cells[c];
        int at = (int)c + 1, size = (int)cell->bytes.size;
        if (cell->type == DB_INT)
            bare_must(db, sqlite3_bind_int64(insert, at, cell->number));
        else if (cell->type == DB_TEXT)
            bare_must(db, sqlite3_bind_text(insert, at, cell->bytes.data, size, SQLITE_STATIC));
        else if (cell->type == DB_BLOB)
            bare_must(db, sqlite3_bind_blob(insert, at, cell->bytes.data, size, SQLITE_STATIC));
        else
            bare_must(db, sqlite3_bind_null(insert, at));
    }
    bare_must(db, sqlite3_step(insert));
    bare_must(db, sqlite3_reset(insert));
}

static double bare_run(Cx *cx, const char *path, Table *tables, size_t count, const Slice *lines,
                       size_t line_count)
{
    Slice name = cx_printf(cx, "%s.bare", path), blob = cx_printf(cx, "%s.blob", path);
    (void)unlink(name.data), (void)unlink(blob.data);
    sqlite3 *db = NULL;
    sqlite3_stmt *inserts[64] = {};
    bare_must(db, sqlite3_open(name.data, &db));
    bare_must(db, sqlite3_exec(db, "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;", 0, 0, 0));
    for (size_t t = 0; t < count; t++) {
        Slice create = bare_create(cx, tables[t].create);
        bare_must(db, sqlite3_exec(db, cx_printf(cx, SLICE_FMT, SLICE_ARG(create)).data, 0, 0, 0));
        Text sql = text_open(cx, 4096);
        text_printf(&sql, "INSERT INTO " SLICE_FMT " VALUES (?", SLICE_ARG(tables[t].name));
        for (size_t c = 1; c < tables[t].columns; c++)
            text_add(&sql, SLICE(",?"));
        text_byte(&sql, ')');
        Slice all = text_so_far(&sql);
        bare_must(db, sqlite3_prepare_v2(db, all.data, (int)all.size, &inserts[t], NULL));
    }
    AUTO_CLOSE int fd = open(blob.data, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    double begun = cpu_seconds();
    size_t groups = (line_count + BATCH - 1) / BATCH;
    for (size_t g = 0; g < groups; g++) {
        for (size_t i = g * BATCH; i < (g + 1) * BATCH && i < line_count; i++)
            if (write(fd, lines[i].data, lines[i].size) < 0) exit(1);
        if (fdatasync(fd) != 0) exit(1);
        bare_must(db, sqlite3_exec(db, "BEGIN", 0, 0, 0));
        for (size_t t = 0; t < count; t++) {
            size_t from = tables[t].rows * g / groups, to = tables[t].rows * (g + 1) / groups;
            for (size_t r = from; r < to; r++)
                bare_row(db, inserts[t], tables[t].cells + r * tables[t].columns,
                         tables[t].columns);
        }
        bare_must(db, sqlite3_exec(db, "COMMIT", 0, 0, 0));
    }
    double used = cpu_seconds() - begun;
    for (size_t t = 0; t < count; t++)
        (void)sqlite3_finalize(inserts[t]);
    (void)sqlite3_close(db);
    (void)unlink(name.data), (void)unlink(blob.data);
    return used;
}

// Up to a batch of lines; 0 at the end.
static size_t next_batch(Cx *cx, Slice *lines)
{
    static char *line;
    static size_t room;
    size_t count = 0;
    while (count < BATCH) {
        ssize_t size = getline(&line, &room, stdin);
        if (size <= 1) break;
        must(cx, cx_copy(cx, (Slice){line, (size_t)size - 1}, &lines[count++]), "line");
    }
    return count;
}

static int fill(const char *folder, const char *tenant)
{
    Cx cx;
    cx_init(&cx, world_real(), ARENA);
    StoreOptions options = {.folder = folder, .create = true, .write = true};
    CommitOptions commit = {.fold = fold_fact};
    Store *store = NULL;
    Committer *committer = NULL;
    must(&cx, store_open(&cx, &options, &store), "store");
    must(&cx, commit_open(&cx, store, &commit, &committer), "commit");
    state.tenant = slice_of(tenant);
    double begun = cpu_seconds();
    size_t total = 0;
    for (size_t count = 1; count > 0; total += count) {
        Cx batch;
        Slice lines[BATCH];
        cx_init(&batch, world_real(), LIMIT_JOB_ARENA);
        count = next_batch(&batch, lines);
        if (count > 0) run_batch(committer, lines, count);
        cx_done(&batch);
    }
    commit_close(committer);
    store_close(store);
    printf("{\"documents\":%zu,\"ours_cpu\":%.3f}\n", total, cpu_seconds() - begun);
    cx_done(&cx);
    return 0;
}

int main(int argc, char **argv)
{
    if (argc == 4 && strcmp(argv[1], "--fill") == 0) return fill(argv[2], argv[3]);
    if (argc != 3) {
        fprintf(stderr, "usage: bench_bulk DIR NDJSON | bench_bulk --fill DIR TENANT\n");
        return 2;
    }
    Cx cx;
    cx_init(&cx, world_real(), ARENA);
    Slice *lines = NULL;
    size_t count = split_lines(&cx, read_all(&cx, argv[2]), &lines);
    StoreOptions options = {.folder = argv[1], .create = true, .write = true};
    CommitOptions commit = {.fold = fold_fact};
    Store *store = NULL;
    Committer *committer = NULL;
    must(&cx, store_open(&cx, &options, &store), "store");
    must(&cx, commit_open(&cx, store, &commit, &committer), "commit");
    double begun = cpu_seconds();
    for (size_t at = 0; at < count; at += BATCH)
        run_batch(committer, lines + at, count - at < BATCH ? count - at : BATCH);
    double ours = cpu_seconds() - begun;
    commit_close(committer);
    double parse = parse_run(lines, count);

    Table tables[64];
    size_t table_count = load_tables(&cx, store, tables, 64);
    store_close(store);
    double bare = bare_run(&cx, argv[1], tables, table_count, lines, count);
    size_t rows = 0;
    for (size_t t = 0; t < table_count; t++)
        rows += tables[t].rows;
    printf("{\"documents\":%zu,\"rows\":%zu,\"ours_cpu\":%.3f,\"parse_cpu\":%.3f,"
           "\"bare_cpu\":%.3f}\n",
           count, rows, ours, parse, bare);
    cx_done(&cx);
    return 0;
}

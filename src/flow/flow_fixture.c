#include "flow/flow_fixture.h"

#include <pthread.h>
#include <unistd.h>

#include "base/limits.h"
#include "base/test.h"
#include "commit/commit_wait.h"

typedef struct Waiting {
    pthread_mutex_t lock;
    pthread_cond_t done;
    bool received, decided;
    Receipt receipt;
} Waiting;

static Err take_line(Cx *cx, Draft *draft, Source *source, Slice line)
{
    Slice value = line, name;
    bool done = false;
    Field field;
    (void)slice_cut(&value, ' ', &done, &name);
    if (slice_equal(name, SLICE("source"))) (void)draft_source_of(value, source);
    if (slice_equal(name, SLICE("seal"))) {
        Slice state;
        done = false;
        (void)slice_cut(&value, ' ', &done, &state);
        (void)draft_seal_of(state, &draft->seal.state);
        draft->seal.signer = value;
    }
    if (slice_equal(line, SLICE("signed"))) draft->seal.electronic_signature = true;
    if (slice_equal(line, SLICE("red"))) draft->red.is_red = true;
    if (!draft_field_of(name, &field)) return ERR_OK;
    return draft_set(cx, draft, field, value, *source, 1000);
}

// Line by line after "zip": "name content", LF in it as '|'; "-name" is left out.
static Err read_zip(Cx *cx, Slice rest, Reading *ret_reading)
{
    Slice line;
    *ret_reading = (Reading){.media = MEDIA_ZIP, .detail = SLICE("")};
    ret_reading->entries = arena_alloc(&cx->arena, LIMIT_ZIP_ENTRIES * sizeof(ReadingEntry));
    ret_reading->skipped = arena_alloc(&cx->arena, LIMIT_ZIP_ENTRIES * sizeof(Slice));
    uint32_t index = 0;
    for (bool done = false; slice_cut(&rest, '\n', &done, &line); index++) {
        Slice name;
        bool over = false;
        (void)slice_cut(&line, ' ', &over, &name);
        if (slice_starts(name, SLICE("-")))
            ret_reading->skipped[ret_reading->skipped_count++] = slice_sub(name, 1, name.size);
        else if (name.size > 0)
            ret_reading->entries[ret_reading->entry_count++] =
                (ReadingEntry){index, (uint32_t)line.size, name};
    }
    if (ret_reading->entry_count == 0) ret_reading->reason = REASON_NO_FILES;
    return ERR_OK;
}

Err flow_fixture_unpack(Cx *cx, void *self, Slice bytes, const ReadingEntry *entry,
                        Slice *ret_bytes)
{
    (void)self;
    Slice line, name;
    bool done = false, over = false;
    for (uint32_t i = 0; i <= entry->index + 1; i++)
        EXPECT(slice_cut(&bytes, '\n', &done, &line));
    (void)slice_cut(&line, ' ', &over, &name);
    char *content = arena_alloc(&cx->arena, line.size + 1);
    for (size_t i = 0; i < line.size; i++)
        content[i] = line.data[i] == '|' ? '\n' : line.data[i];
    *ret_bytes = (Slice){content, line.size};
    return ERR_OK;
}

Err flow_fixture_read(Cx *cx, void *self, Slice bytes, Reading *ret_reading)
{
    (void)self;
    *ret_reading = (Reading){.media = MEDIA_XML};
    if (slice_starts(bytes, SLICE("slow"))) (void)usleep(500'000);
    Slice rest = bytes, line;
    bool done = false;
    if (slice_starts(bytes, SLICE("zip\n")))
        return read_zip(cx, slice_sub(bytes, 4, bytes.size), ret_reading);
    if (!slice_cut(&rest, '\n', &done, &line) || !slice_equal(line, SLICE("fapiao"))) {
        ret_reading->reason = REASON_NOT_INVOICE;
        return ERR_OK;
    }
    Draft *draft = NULL;
    Source source = SOURCE_XML;
    TRY(reading_add_draft(cx, ret_reading, &draft));
    while (slice_cut(&rest, '\n', &done, &line)) {
        if (slice_equal(line, SLICE("---"))) {
            TRY(reading_add_draft(cx, ret_reading, &draft));
            source = SOURCE_XML;
        } else {
            TRY(take_line(cx, draft, &source, line));
        }
    }
    return ERR_OK;
}

Flow *flow_fixture_open(Cx *cx, const char *folder)
{
    static int count;
    if (folder == NULL) folder = cx_printf(cx, "%s/d%d", test_folder(), count++).data;
    // The key is made beside the folder, and said on standard error.
    const FlowOptions options = {.store = {.folder = folder, .create = true, .write = true},
                                 .workers = 2,
                                 .read = flow_fixture_read,
                                 .unpack = flow_fixture_unpack};
    Flow *flow = NULL;
    EXPECT_OK(flow_open(cx, &options, &flow));
    return flow;
}

static void on_received(void *self, const Progress *progress)
{
    Waiting *waiting = self;
    (void)pthread_mutex_lock(&waiting->lock);
    waiting->received = true;
    waiting->receipt = progress->receipt;
    waiting->decided = waiting->decided || progress->receipt.err != ERR_OK;
    (void)pthread_cond_signal(&waiting->done);
    (void)pthread_mutex_unlock(&waiting->lock);
}

static void on_decided(void *self, const Progress *progress)
{
    (void)progress;
    Waiting *waiting = self;
    (void)pthread_mutex_lock(&waiting->lock);
    waiting->decided = true;
    (void)pthread_cond_signal(&waiting->done);
    (void)pthread_mutex_unlock(&waiting->lock);
}

Slice flow_fixture_keep(Cx *cx, Flow *flow, const char *text)
{
    return flow_fixture_keep_of(cx, flow, SLICE("local"), text);
}

Slice flow_fixture_keep_of(Cx *cx, Flow *flow, Slice tenant, const char *text)
{
    Waiting waiting = {.lock = PTHREAD_MUTEX_INITIALIZER, .done = PTHREAD_COND_INITIALIZER};
    const Arrival arrival = {.tenant = tenant,
                             .actor = SLICE("local"),
                             .source = SLICE("test"),
                             .file_name = SLICE("文件.xml"),
                             .idempotency = SLICE(""),
                             .bytes = slice_of(text)};
    EXPECT_OK(flow_receive(cx, flow, &arrival, on_received, on_decided, &waiting));
    (void)pthread_mutex_lock(&waiting.lock);
    while (!waiting.received || !waiting.decided)
        (void)pthread_cond_wait(&waiting.done, &waiting.lock);
    (void)pthread_mutex_unlock(&waiting.lock);
    EXPECT(waiting.receipt.err == ERR_OK);
    return cx_printf(cx, "%s", waiting.receipt.reference);
}

static Err run_script(Cx *cx, Db *db, void *self)
{
    return db_script(cx, db, *(const char **)self);
}

void flow_fixture_script(Cx *cx, Flow *flow, const char *sql)
{
    EXPECT_OK(commit_wait_work(cx, flow_committer(flow), run_script, &sql));
}

int64_t flow_fixture_number(Cx *cx, Flow *flow, const char *sql)
{
    Db *db = NULL;
    DbRows *rows = NULL;
    bool row = false;
    EXPECT_OK(store_take(cx, flow_store(flow), &db));
    EXPECT_OK(db_query_text(cx, db, slice_of(sql), NULL, 0, &rows));
    EXPECT_OK(db_next(cx, rows, &row));
    int64_t number = row ? db_col_int(rows, 0) : -1;
    db_rows_close(rows);
    store_give(flow_store(flow), db);
    return number;
}

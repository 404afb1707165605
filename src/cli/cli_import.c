#include "cli/cli_import.h"

#include <dirent.h>
#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/base64.h"
#include "base/infile.h"
#include "base/limits.h"
#include "cli/cli_flags.h"
#include "cli/cli_say.h"
#include "cli/cli_tenant.h"
#include "cli/client.h"
#include "desk/invoice/document/container.h"
#include "desk/invoice/document/refusal.h"
#include "desk/running/watch/watch_command.h"

#define IN_FLIGHT_FILES 256
#define IN_FLIGHT_BYTES (64 * LIMIT_MIB)
#define READ_BLOCK      ((size_t)64 * 1024)
#define DEPTH_MAX       64 // folders in folders
#define PROGRESS_EVERY  UINT64_C(1000)

// A file between being handed in and its line.
typedef struct Item {
    struct Item *next;
    struct Import *import;
    char *path;
    size_t size;
    Receipt receipt;
    Err err; // of the outcome
    char err_text[256];
} Item;

typedef struct Import {
    Flow *flow;
    Client *client; // instead of the flow, when a server holds the folder
    Slice tenant;
    int exit_code;
    uint64_t files, counts[DOC_ERASED + 1];
    size_t files_in_flight, bytes_in_flight;
    pthread_mutex_t mutex; // over `done`
    pthread_cond_t answered;
    Item *done;
} Import;

static void worse(Import *import, int exit_code)
{
    if (exit_code > import->exit_code) import->exit_code = exit_code;
}

static void answered(Item *item)
{
    Import *import = item->import;
    (void)pthread_mutex_lock(&import->mutex);
    item->next = import->done;
    import->done = item;
    (void)pthread_cond_signal(&import->answered);
    (void)pthread_mutex_unlock(&import->mutex);
}

// Both on threads of the flow.
static void on_received(void *self, const Progress *progress)
{
    Item *item = self;
    item->receipt = progress->receipt;
    if (item->receipt.err != ERR_OK) answered(item);
}

static void on_decided(void *self, const Progress *progress)
{
    Item *item = self;
    item->err = progress->outcome.err;
    memcpy(item->err_text, progress->outcome.err_text, sizeof item->err_text);
    answered(item);
}

static void count(Import *import, const DocumentView *view)
{
    import->counts[view->state]++;
    if (view->state == DOC_QUARANTINED || view->state == DOC_REJECTED)
        worse(import, reason_row(view->reason)->exit_code);
    if (++import->files % PROGRESS_EVERY == 0)
        (void)fprintf(stderr, "fapiao: %llu files 个文件\n", (unsigned long long)import->files);
}

static void print_line(Cx *cx, Import *import, const char *path, const DocumentView *view)
{
    Slice json;
    if (document_print_import(cx, slice_of(path), view, &json) != ERR_OK) {
        cli_say("%s: %s", path, cx->err_text);
        worse(import, CLI_EXIT_FAIL);
        return;
    }
    (void)printf(SLICE_FMT "\n", SLICE_ARG(json));
    (void)fflush(stdout);
    // A zip does not count, its files do.
    bool zip = view->state == DOC_UNPACKED;
    for (size_t i = 0; zip && i < view->entry_count; i++)
        count(import, &view->entries[i]);
    if (!zip) count(import, view);
}

// That it came is told to who keeps the folder: the day's equation counts it.
static void note_refusal(Cx *cx, Import *import, Reason reason, size_t size)
{
    if (import->client == NULL) {
        refusal_note(cx, flow_committer(import->flow), import->tenant, SLICE("cli"), reason, size);
        return;
    }
    const char *const headers[] = {"Tus-Resumable: 1.0.0",
                                   cx_printf(cx, "Upload-Length: %zu", size).data, NULL};
    ClientReply reply; // there it is refused as well, and counted
    Err err = client_ask(cx, import->client, "POST", "/api/v1/uploads", headers, SLICE(""), &reply);
    if (err != ERR_OK) (void)fprintf(stderr, "fapiao: %s\n", cx->err_text);
}

static void print_rejected(Cx *cx, Import *import, const char *path, Slice sha256, Reason reason,
                           size_t size)
{
    note_refusal(cx, import, reason, size);
    const DocumentView view = {.state = DOC_REJECTED, .reason = reason, .sha256 = sha256};
    print_line(cx, import, path, &view);
}

static void fail(Import *import, const char *path, const char *text)
{
    cli_say("%s: %s", path, text);
    worse(import, CLI_EXIT_FAIL);
}

static Err find_view(Cx *cx, Import *import, const char *reference, DocumentView *view)
{
    Db *db = NULL;
    TRY(store_take(cx, flow_store(import->flow), &db));
    Err err = document_find(cx, db, import->tenant, slice_of(reference), view);
    if (err == ERR_OK) err = container_all(cx, db, import->tenant, view);
    store_give(flow_store(import->flow), db);
    return err;
}

static void finish_item(Import *import, Item *item)
{
    Cx cx;
    cx_init(&cx, world_real(), LIMIT_REQUEST_ARENA);
    const Receipt *receipt = &item->receipt;
    if (receipt->err == ERR_LIMIT) {
        print_rejected(&cx, import, item->path, base64_hex(&cx, digest_slice(&receipt->sha256)),
                       REASON_NO_ROOM, item->size);
    } else if (receipt->err != ERR_OK) {
        fail(import, item->path, receipt->err_text);
    } else {
        DocumentView view;
        if (find_view(&cx, import, receipt->reference, &view) == ERR_OK)
            print_line(&cx, import, item->path, &view);
        else
            fail(import, item->path, cx.err_text);
        if (item->err != ERR_OK) fail(import, item->path, item->err_text);
    }
    import->files_in_flight--;
    import->bytes_in_flight -= item->size;
    cx_done(&cx);
    free(item->path);
    free(item);
}

// Prints what has been answered; `wait`: until there is something.
static void drain(Import *import, bool wait)
{
    (void)pthread_mutex_lock(&import->mutex);
    while (wait && import->done == NULL)
        (void)pthread_cond_wait(&import->answered, &import->mutex);
    Item *done = import->done;
    import->done = NULL;
    (void)pthread_mutex_unlock(&import->mutex);
    Item *in_order = NULL; // the list is a stack
    while (done != NULL) {
        Item *next = done->next;
        done->next = in_order;
        in_order = done;
        done = next;
    }
    while (in_order != NULL) {
        Item *next = in_order->next;
        finish_item(import, in_order);
        in_order = next;
    }
}

static Err read_all(Cx *cx, Infile *file, Slice *ret_bytes)
{
    const size_t room = (size_t)file->size + 1;
    char *bytes = arena_try_alloc(&cx->arena, room);
    if (bytes == NULL) return err_set(cx, ERR_LIMIT, "%zu bytes do not fit in memory", room);
    size_t done = 0, n = 0;
    do {
        TRY(infile_read(cx, file, bytes + done, room - done, &n));
        done += n;
        if (done == room)
            return err_set(cx, ERR_MISSING, "读取时文件变大了 grew while it was being read: '%s'",
                           file->path);
    } while (n > 0);
    *ret_bytes = (Slice){bytes, done};
    return ERR_OK;
}

// Over the limit the bytes only pass through the digest: empty when there are too many for that.
static Slice digest_file(Cx *cx, Infile *file)
{
    char block[READ_BLOCK];
    uint64_t passed = 0;
    size_t n = 0;
    DigestStream *stream = digest_stream_open(DIGEST_SHA256);
    Err err = ERR_OK;
    do {
        err = infile_read(cx, file, block, sizeof block, &n);
        if (err != ERR_OK) break;
        digest_stream_add(stream, (Slice){block, n});
        passed += n;
    } while (n > 0 && passed <= LIMIT_DIGESTED_BYTES);
    Digest digest = digest_stream_close(stream);
    return err == ERR_OK && n == 0 ? base64_hex(cx, digest_slice(&digest)) : SLICE("");
}

static Slice base_name(const char *path)
{
    const char *name = strrchr(path, '/');
    return slice_of(name == NULL ? path : name + 1);
}

// One at a time: the server has the queue.
static Err submit_to_server(Cx *cx, Import *import, const char *path, Slice bytes)
{
    Slice document = {};
    DocumentView view;
    TRY(client_hand_in(cx, import->client, base_name(path), bytes, &document));
    TRY(client_view(cx, document, &view));
    TRY(client_entries(cx, import->client, &view));
    print_line(cx, import, path, &view);
    return ERR_OK;
}

static Err submit(Cx *cx, Import *import, const char *path, Slice bytes)
{
    const Arrival arrival = {.tenant = import->tenant,
                             .actor = SLICE("local"),
                             .source = SLICE("cli"),
                             .file_name = base_name(path),
                             .bytes = bytes};
    Item *item = calloc(1, sizeof *item); // owned: by the import, freed with its line
    char *copy = strdup(path);            // owned: by the item
    if (item == NULL || copy == NULL) abort();
    *item = (Item){.import = import, .path = copy, .size = bytes.size};
    import->files_in_flight++;
    import->bytes_in_flight += bytes.size;
    Err err = flow_receive(cx, import->flow, &arrival, on_received, on_decided, item);
    if (err == ERR_OK) return ERR_OK;
    import->files_in_flight--;
    import->bytes_in_flight -= bytes.size;
    free(copy);
    free(item);
    return err;
}

static Err hand_in(Cx *cx, Import *import, const char *path, Slice bytes)
{
    if (import->client != NULL) return submit_to_server(cx, import, path, bytes);
    while (import->files_in_flight > 0 && (import->files_in_flight >= IN_FLIGHT_FILES ||
                                           import->bytes_in_flight + bytes.size > IN_FLIGHT_BYTES))
        drain(import, true);
    return submit(cx, import, path, bytes);
}

// What can't be read is the caller's affair, as in `fapiao read`; the reason names the path.
static void unreadable(Import *import, const char *text)
{
    cli_say("%s", text);
    worse(import, CLI_EXIT_USAGE);
}

static void import_open_file(Cx *cx, Import *import, Infile *file)
{
    const char *path = file->path;
    Slice bytes = {};
    if (!file->regular)
        unreadable(import, cx_printf(cx, "不是文件 not a file: '%s'", path).data);
    else if (file->size > LIMIT_DOCUMENT_BYTES)
        print_rejected(cx, import, path, digest_file(cx, file), REASON_TOO_LARGE,
                       (size_t)file->size);
    else if (read_all(cx, file, &bytes) != ERR_OK)
        unreadable(import, cx->err_text);
    else if (slice_empty(bytes))
        print_rejected(cx, import, path, digest_file(cx, file), REASON_EMPTY, 0);
    else if (hand_in(cx, import, path, bytes) != ERR_OK)
        fail(import, path, cx->err_text);
}

static void import_file(Import *import, const char *path)
{
    drain(import, false);
    Cx cx;
    Infile file;
    cx_init(&cx, world_real(), LIMIT_JOB_ARENA);
    if (infile_open(&cx, path, &file) != ERR_OK) {
        unreadable(import, cx.err_text);
    } else {
        import_open_file(&cx, import, &file);
        infile_close(&file);
    }
    cx_done(&cx);
}

// alphasort follows the locale, and two runs must see the same order.
static int by_bytes(const struct dirent **a, const struct dirent **b)
{
    return strcmp((*a)->d_name, (*b)->d_name);
}

static void import_path(Import *import, const char *path, int depth);

static int list_folder(Import *import, const char *path, int depth, struct dirent ***ret_names)
{
    Cx cx;
    int count = depth > DEPTH_MAX ? -1 : scandir(path, ret_names, NULL, by_bytes);
    if (count >= 0) return count;
    const int why = errno;
    cx_init(&cx, world_real(), LIMIT_REQUEST_ARENA);
    Err err = depth > DEPTH_MAX
                  ? err_set(&cx, ERR_MISSING, "文件夹嵌套过深 folders nested too deep: '%s'", path)
                  : infile_fail(&cx, why, "cannot list", path);
    if (err != ERR_OK) unreadable(import, cx.err_text);
    cx_done(&cx);
    return 0;
}

static void import_folder(Import *import, const char *path, int depth)
{
    struct dirent **names = NULL;
    int count = list_folder(import, path, depth, &names);
    for (int i = 0; i < count; i++) {
        const char *name = names[i]->d_name;
        Cx cx;
        cx_init(&cx, world_real(), LIMIT_REQUEST_ARENA);
        if (strcmp(name, ".") != 0 && strcmp(name, "..") != 0)
            import_path(import, cx_printf(&cx, "%s/%s", path, name).data, depth + 1);
        cx_done(&cx);
        free(names[i]);
    }
    free(names);
}

static void import_path(Import *import, const char *path, int depth)
{
    struct stat info;
    // Inside a folder a link is left alone: it could lead round in a circle.
    int found = depth == 0 ? stat(path, &info) : lstat(path, &info);
    if (found == 0 && S_ISLNK(info.st_mode)) {
        cli_say("跳过链接 a link, left out: '%s'", path);
    } else if (found == 0 && S_ISDIR(info.st_mode)) {
        import_folder(import, path, depth);
    } else {
        import_file(import, path);
    }
}

static void print_sum(const Import *import)
{
    const uint64_t *counts = import->counts;
    (void)fprintf(
        stderr,
        "fapiao: 收到 received %llu = 入库 accepted %llu + 重复 duplicate %llu + "
        "冲突 conflict %llu + 待处理 quarantined %llu + 拒收 rejected %llu + "
        "处理中 in progress %llu\n",
        (unsigned long long)import->files, (unsigned long long)counts[DOC_ACCEPTED],
        (unsigned long long)counts[DOC_DUPLICATE], (unsigned long long)counts[DOC_CONFLICT],
        (unsigned long long)counts[DOC_QUARANTINED], (unsigned long long)counts[DOC_REJECTED],
        (unsigned long long)counts[DOC_RECEIVED]);
}

static int run(Import *import, int argc, char **argv)
{
    for (int i = 1; i < argc; i++)
        import_path(import, argv[i], 0);
    while (import->files_in_flight > 0)
        drain(import, true);
    print_sum(import);
    return import->exit_code;
}

int cli_import(int argc, char **argv)
{
    const char *data = NULL, *key_file = NULL, *jobs = NULL, *organisation = NULL;
    const CliFlag flags[] = {{"--data", &data, NULL},
                             {"--key-file", &key_file, NULL},
                             {"--organisation", &organisation, NULL},
                             {"--jobs", &jobs, NULL}};
    uint64_t workers = (uint64_t)sysconf(_SC_NPROCESSORS_ONLN);
    if (!cli_flags_take(&argc, argv, flags, sizeof flags / sizeof *flags) || data == NULL ||
        argc < 2 || (jobs != NULL && (!slice_u64(slice_of(jobs), &workers) || workers < 1)))
        return cli_flags_usage("fapiao import --data DIR [--key-file FILE] [--organisation ID] "
                               "[--jobs N] PATH…");
    const FlowOptions options = {
        .store = {.folder = data, .key_file = key_file, .create = true, .write = true},
        .workers = workers > 64 ? 64 : (int)workers};
    Import import = {.mutex = PTHREAD_MUTEX_INITIALIZER, .answered = PTHREAD_COND_INITIALIZER};
    Cx cx;
    cx_init(&cx, world_real(), LIMIT_REQUEST_ARENA);
    Watch *watch = NULL;
    Err err = watch_command_open(&cx, &options, &import.flow, &watch);
    if (err == ERR_CONFLICT) {
        char locked[sizeof cx.err_text];
        memcpy(locked, cx.err_text, sizeof locked);
        err = client_open(&cx, data, &import.client);
        if (err != ERR_OK) err = err_set(&cx, err, "%s, and no server answers there", locked);
    }
    if (err == ERR_OK)
        err = cli_tenant(&cx, import.flow == NULL ? NULL : flow_store(import.flow), &options.store,
                         organisation, &import.tenant);
    if (err == ERR_OK && import.client != NULL && organisation != NULL)
        client_organisation(import.client, import.tenant);
    int exit_code = CLI_EXIT_FAIL;
    if (err == ERR_OK)
        exit_code = run(&import, argc, argv);
    else
        (void)fprintf(stderr, "fapiao: %s\n", cx.err_text);
    client_close(import.client);
    watch_command_close(import.flow, watch);
    cx_done(&cx);
    return exit_code;
}

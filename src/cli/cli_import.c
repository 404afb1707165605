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
#include "cli/cli_import_lines.h"
#include "cli/cli_say.h"
#include "cli/cli_senders.h"
#include "cli/cli_tenant.h"
#include "cli/client.h"
#include "desk/invoice/document/container.h"
#include "desk/invoice/document/document.h"
#include "desk/invoice/document/refusal.h"
#include "desk/running/watch/watch_command.h"

#define IN_FLIGHT_FILES 256
#define IN_FLIGHT_BYTES (64 * LIMIT_MIB)
#define READ_BLOCK      ((size_t)64 * 1024)
#define DEPTH_MAX       64 // folders in folders
#define JOBS_MAX        64
#define SENDERS_EACH    4 // for each job, when a server holds the folder: most of them wait for it
#define SENDERS_MAX     64

// A file between being handed in and its line.
typedef struct Item {
    struct Item *next;
    struct Import *import;
    char *path;
    size_t size;
    Receipt receipt;
    Err err; // of the outcome
    char err_text[256];
    CliSending sending; // when a server holds the folder
} Item;

typedef struct Import {
    Flow *flow;
    Client *client; // both instead of the flow, when a server holds the folder
    CliSenders *senders;
    Slice tenant;
    ImportLines lines;
    size_t files_in_flight, bytes_in_flight;
    pthread_mutex_t mutex; // over `done`
    pthread_cond_t answered;
    Item *done;
} Import;

static Item *item_new(Import *import, const char *path, size_t size)
{
    Item *item = calloc(1, sizeof *item); // owned: by the import, freed with its line
    char *copy = strdup(path);            // owned: by the item
    if (item == NULL || copy == NULL) abort();
    *item = (Item){.import = import, .path = copy, .size = size};
    import->files_in_flight++;
    import->bytes_in_flight += size;
    return item;
}

static void item_free(Item *item)
{
    item->import->files_in_flight--;
    item->import->bytes_in_flight -= item->size;
    free(item->path);
    free(item);
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

// On a sender's thread.
static void on_sent(void *self)
{
    answered(self);
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
    if (err != ERR_OK) cli_say_error(cx);
}

static void print_rejected(Cx *cx, Import *import, const char *path, Slice sha256, Reason reason,
                           size_t size)
{
    note_refusal(cx, import, reason, size);
    const DocumentView view = {.state = DOC_REJECTED, .reason = reason, .sha256 = sha256};
    cli_import_lines_print(cx, &import->lines, path, &view);
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

static void print_sent(Import *import, Item *item)
{
    CliSending *sending = &item->sending;
    if (sending->err == ERR_OK)
        cli_import_lines_print(&sending->cx, &import->lines, item->path, &sending->view);
    else
        cli_import_lines_fail(&import->lines, item->path, sending->cx.err_text);
    cx_done(&sending->cx);
}

static void print_kept(Cx *cx, Import *import, const Item *item)
{
    const Receipt *receipt = &item->receipt;
    DocumentView view;
    if (receipt->err == ERR_LIMIT) {
        print_rejected(cx, import, item->path, base64_hex(cx, digest_slice(&receipt->sha256)),
                       REASON_NO_ROOM, item->size);
        return;
    }
    if (receipt->err != ERR_OK)
        cli_import_lines_fail(&import->lines, item->path, receipt->err_text);
    else if (find_view(cx, import, receipt->reference, &view) == ERR_OK)
        cli_import_lines_print(cx, &import->lines, item->path, &view);
    else
        cli_import_lines_fail(&import->lines, item->path, cx->err_text);
    if (receipt->err == ERR_OK && item->err != ERR_OK)
        cli_import_lines_fail(&import->lines, item->path, item->err_text);
}

static void finish_item(Import *import, Item *item)
{
    Cx cx;
    cx_init(&cx, world_real(), LIMIT_REQUEST_ARENA);
    if (import->senders != NULL)
        print_sent(import, item);
    else
        print_kept(&cx, import, item);
    cx_done(&cx);
    item_free(item);
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

static void send_item(Import *import, const char *path, Slice bytes)
{
    Item *item = item_new(import, path, bytes.size);
    CliSending *sending = &item->sending;
    *sending = (CliSending){.file_name = base_name(item->path), .done = on_sent, .self = item};
    cx_init(&sending->cx, world_real(), LIMIT_JOB_ARENA);
    sending->err = cx_copy(&sending->cx, bytes, &sending->bytes);
    if (sending->err == ERR_OK)
        cli_senders_put(import->senders, sending);
    else
        answered(item);
}

static Err submit(Cx *cx, Import *import, const char *path, Slice bytes)
{
    const Arrival arrival = {.tenant = import->tenant,
                             .actor = SLICE("local"),
                             .source = SLICE("cli"),
                             .file_name = base_name(path),
                             .bytes = bytes};
    Item *item = item_new(import, path, bytes.size);
    Err err = flow_receive(cx, import->flow, &arrival, on_received, on_decided, item);
    if (err != ERR_OK) item_free(item);
    return err;
}

static Err hand_in(Cx *cx, Import *import, const char *path, Slice bytes)
{
    while (import->files_in_flight > 0 && (import->files_in_flight >= IN_FLIGHT_FILES ||
                                           import->bytes_in_flight + bytes.size > IN_FLIGHT_BYTES))
        drain(import, true);
    if (import->senders == NULL) return submit(cx, import, path, bytes);
    send_item(import, path, bytes);
    return ERR_OK;
}

static void import_open_file(Cx *cx, Import *import, Infile *file)
{
    const char *path = file->path;
    Slice bytes = {};
    if (!file->regular)
        cli_import_lines_unreadable(&import->lines,
                                    cx_printf(cx, "不是文件 not a file: '%s'", path).data);
    else if (file->size > LIMIT_DOCUMENT_BYTES)
        print_rejected(cx, import, path, digest_file(cx, file), REASON_TOO_LARGE,
                       (size_t)file->size);
    else if (read_all(cx, file, &bytes) != ERR_OK)
        cli_import_lines_unreadable(&import->lines, cx->err_text);
    else if (slice_empty(bytes))
        print_rejected(cx, import, path, digest_file(cx, file), REASON_EMPTY, 0);
    else if (hand_in(cx, import, path, bytes) != ERR_OK)
        cli_import_lines_fail(&import->lines, path, cx->err_text);
}

static void import_file(Import *import, const char *path)
{
    drain(import, false);
    Cx cx;
    Infile file;
    cx_init(&cx, world_real(), LIMIT_JOB_ARENA);
    if (infile_open(&cx, path, &file) != ERR_OK) {
        cli_import_lines_unreadable(&import->lines, cx.err_text);
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
    if (err != ERR_OK) cli_import_lines_unreadable(&import->lines, cx.err_text);
    cx_done(&cx);
    return 0;
}

static void import_folder(Import *import, const char *path, int depth)
{
    const size_t size = strlen(path);
    const char *slash =
        size > 0 && path[size - 1] == '/' ? "" : "/"; // "invoices/" is a folder, too
    struct dirent **names = NULL;
    int count = list_folder(import, path, depth, &names);
    for (int i = 0; i < count; i++) {
        const char *name = names[i]->d_name;
        Cx cx;
        cx_init(&cx, world_real(), LIMIT_REQUEST_ARENA);
        if (strcmp(name, ".") != 0 && strcmp(name, "..") != 0)
            import_path(import, cx_printf(&cx, "%s%s%s", path, slash, name).data, depth + 1);
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

static int run(Import *import, int argc, char **argv)
{
    for (int i = 1; i < argc; i++)
        import_path(import, argv[i], 0);
    while (import->files_in_flight > 0)
        drain(import, true);
    cli_import_lines_sum(&import->lines);
    return import->lines.exit_code;
}

static Err open_senders(Cx *cx, Import *import, const FlowOptions *options, bool organisation)
{
    if (organisation) client_organisation(import->client, import->tenant);
    const size_t count = (size_t)options->workers * SENDERS_EACH;
    return cli_senders_open(cx, options->store.folder, organisation ? import->tenant : SLICE(""),
                            count < SENDERS_MAX ? count : SENDERS_MAX, &import->senders);
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
        .workers = workers > JOBS_MAX ? JOBS_MAX : (int)workers};
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
    if (err == ERR_OK && import.client != NULL)
        err = open_senders(&cx, &import, &options, organisation != NULL);
    int exit_code = CLI_EXIT_FAIL;
    if (err == ERR_OK)
        exit_code = run(&import, argc, argv);
    else
        cli_say_error(&cx);
    cli_senders_close(import.senders);
    client_close(import.client);
    watch_command_close(import.flow, watch);
    cx_done(&cx);
    return exit_code;
}

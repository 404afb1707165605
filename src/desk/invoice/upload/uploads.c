#include "desk/invoice/upload/uploads.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>

#include "base/base64.h"
#include "base/cleanup.h"
#include "base/limits.h"

// A file is a row of pieces; piece 0 says what the upload is, the others are its chunks:
//
//   +------+------------------------------------+
//   | size | AEAD(key of this upload, place)     |   size: u32, little-endian, of what follows
//   +------+------------------------------------+
//   piece 0: length u64 | name size u16 | file name | idempotency key
//
// A piece that a crash cut short is not there: it was never acknowledged.
#define PIECE_HEAD    4
#define PIECE_MAX     (LIMIT_REQUEST_BYTES + AEAD_OVERHEAD)
#define HEAD_MAX      (10 + LIMIT_FILE_NAME_BYTES + LIMIT_IDEMPOTENCY_BYTES)
#define PATH_SIZE_MAX 4096

struct Uploads {
    Store *store;
    char folder[PATH_SIZE_MAX - 64];
};

typedef struct Walk { // over the pieces of an open file
    int fd;
    uint64_t position; // of the next piece in the file
    uint64_t plain;    // bytes of chunks before it
} Walk;

static bool is_id(Slice id)
{
    if (id.size != UPLOADS_ID_SIZE) return false;
    for (size_t i = 0; i < id.size; i++)
        if (!((id.data[i] >= '0' && id.data[i] <= '9') || (id.data[i] >= 'a' && id.data[i] <= 'f')))
            return false;
    return true;
}

static const char *path_of(Cx *cx, const Uploads *uploads, Slice tenant, Slice id,
                           const char *suffix)
{
    Slice whose = cx_printf(cx, SLICE_FMT "\n" SLICE_FMT, SLICE_ARG(tenant), SLICE_ARG(id));
    Digest tag = store_tag(uploads->store, SLICE("upload name"), whose);
    Slice name = base64_hex(cx, (Slice){(const char *)tag.bytes, UPLOADS_ID_SIZE / 2});
    return cx_printf(cx, "%s/" SLICE_FMT "%s", uploads->folder, SLICE_ARG(name), suffix).data;
}

static AeadKey key_of(const Uploads *uploads, Slice id)
{
    Digest digest = store_tag(uploads->store, SLICE("upload"), id);
    AeadKey key;
    memcpy(key.bytes, digest.bytes, sizeof key.bytes);
    return key;
}

static Slice place_of(Cx *cx, Slice id, uint64_t position)
{
    return cx_printf(cx, "upload|" SLICE_FMT "|%llu", SLICE_ARG(id), (unsigned long long)position);
}

static Err failed(Cx *cx, const char *what)
{
    bool full = errno == ENOSPC || errno == EDQUOT || errno == EFBIG;
    return err_set(cx, full ? ERR_LIMIT : ERR_STORE, "an upload can't be %s: %s", what,
                   strerror(errno));
}

static Err write_all(Cx *cx, int fd, Slice bytes, uint64_t position)
{
    for (size_t done = 0; done < bytes.size;) {
        ssize_t n = pwrite(fd, bytes.data + done, bytes.size - done, (off_t)(position + done));
        if (n < 0 && errno == EINTR) continue;
        if (n <= 0) return failed(cx, "written");
        done += (size_t)n;
    }
    return ERR_OK;
}

static bool read_all(int fd, char *bytes, size_t size, uint64_t position)
{
    for (size_t done = 0; done < size;) {
        ssize_t n = pread(fd, bytes + done, size - done, (off_t)(position + done));
        if (n < 0 && errno == EINTR) continue;
        if (n <= 0) return false;
        done += (size_t)n;
    }
    return true;
}

static Err put_piece(Cx *cx, const Uploads *uploads, Slice id, const Walk *walk, Slice plain)
{
    AeadKey key = key_of(uploads, id);
    Slice sealed;
    TRY(aead_seal(cx, &key, place_of(cx, id, walk->position), plain, &sealed));
    uint32_t size = (uint32_t)sealed.size;
    Slice head = {(const char *)&size, sizeof size};
    TRY(write_all(cx, walk->fd, sealed, walk->position + PIECE_HEAD));
    TRY(write_all(cx, walk->fd, head, walk->position));
    if (fdatasync(walk->fd) != 0) return failed(cx, "made durable");
    return ERR_OK;
}

// The size of the piece at walk->position; 0 when there is none that is whole.
static uint32_t piece_size(const Walk *walk, uint64_t file_size)
{
    uint32_t size = 0;
    if (!read_all(walk->fd, (char *)&size, sizeof size, walk->position)) return 0;
    if (size <= AEAD_OVERHEAD || size > PIECE_MAX) return 0;
    return walk->position + PIECE_HEAD + size <= file_size ? size : 0;
}

static Err get_piece(Cx *cx, const Uploads *uploads, Slice id, const Walk *walk, uint32_t size,
                     Slice *ret_plain)
{
    AeadKey key = key_of(uploads, id);
    char *sealed = arena_try_alloc(&cx->arena, size);
    if (sealed == NULL) return err_set(cx, ERR_LIMIT, "an upload does not fit in memory");
    if (!read_all(walk->fd, sealed, size, walk->position + PIECE_HEAD)) return failed(cx, "read");
    return aead_open(cx, &key, place_of(cx, id, walk->position), (Slice){sealed, size}, ret_plain);
}

static Err open_file(Cx *cx, const Uploads *uploads, Slice tenant, Slice id, int *ret_fd,
                     uint64_t *ret_size)
{
    if (!is_id(id)) return err_set(cx, ERR_MISSING, "there is no such upload");
    const char *path = path_of(cx, uploads, tenant, id, "");
    int fd = open(path, O_RDWR | O_CLOEXEC | O_NOFOLLOW);
    if (fd < 0 && errno == ENOENT) return err_set(cx, ERR_MISSING, "there is no such upload");
    if (fd < 0) return failed(cx, "opened");
    struct stat info;
    // Two chunks of one upload at once: one after the other.
    if (flock(fd, LOCK_EX) != 0 || fstat(fd, &info) != 0) {
        (void)close(fd);
        return failed(cx, "locked");
    }
    *ret_fd = fd;
    *ret_size = (uint64_t)info.st_size;
    return ERR_OK;
}

static Err read_head(Cx *cx, const Uploads *uploads, Slice id, Walk *walk, uint64_t file_size,
                     UploadsState *state)
{
    Slice plain;
    uint32_t size = piece_size(walk, file_size);
    if (size == 0) return err_set(cx, ERR_MISSING, "there is no such upload");
    TRY(get_piece(cx, uploads, id, walk, size, &plain));
    uint16_t name_size = 0;
    if (plain.size < 10) return err_set(cx, ERR_CORRUPT, "an upload's head is too short");
    memcpy(&state->length, plain.data, 8);
    memcpy(&name_size, plain.data + 8, 2);
    if (plain.size - 10 < name_size) return err_set(cx, ERR_CORRUPT, "an upload's head is cut");
    state->file_name = slice_sub(plain, 10, name_size);
    state->idempotency = slice_sub(plain, 10 + (size_t)name_size, plain.size);
    state->reference = SLICE("");
    walk->position += PIECE_HEAD + size;
    return ERR_OK;
}

// To the end of the last whole piece.
static void walk_on(Walk *walk, uint64_t file_size)
{
    for (uint32_t size; (size = piece_size(walk, file_size)) != 0;) {
        walk->position += PIECE_HEAD + size;
        walk->plain += size - AEAD_OVERHEAD;
    }
}

static uint64_t expiry(Cx *cx, int fd)
{
    struct stat info;
    if (fstat(fd, &info) != 0) return cx_now_ms(cx) + UPLOADS_LIFE_MS;
    return (uint64_t)info.st_mtim.tv_sec * 1000 + UPLOADS_LIFE_MS;
}

Err uploads_open(Cx *cx, Store *store, const char *folder, Uploads **ret_uploads)
{
    Uploads *uploads = calloc(1, sizeof *uploads); // owned: until uploads_close
    if (uploads == NULL) abort();
    uploads->store = store;
    int size = snprintf(uploads->folder, sizeof uploads->folder, "%s/uploads", folder);
    if (size < 0 || (size_t)size >= sizeof uploads->folder) {
        free(uploads);
        return err_set(cx, ERR_INPUT, "the folder's name is too long");
    }
    if (mkdir(uploads->folder, 0700) != 0 && errno != EEXIST) {
        free(uploads);
        return failed(cx, "kept");
    }
    uploads_expire(cx, uploads);
    *ret_uploads = uploads;
    return ERR_OK;
}

void uploads_close(Uploads *uploads)
{
    free(uploads);
}

static size_t each_file(Cx *cx, const Uploads *uploads, uint64_t remove_before_ms)
{
    AUTO_CLOSEDIR DIR *dir = opendir(uploads->folder);
    size_t count = 0;
    if (dir == NULL) return 0;
    for (const struct dirent *entry; (entry = readdir(dir)) != NULL;) {
        if (entry->d_name[0] == '.') continue;
        struct stat info;
        if (fstatat(dirfd(dir), entry->d_name, &info, AT_SYMLINK_NOFOLLOW) != 0) continue;
        if ((uint64_t)info.st_mtim.tv_sec * 1000 < remove_before_ms)
            (void)unlinkat(dirfd(dir), entry->d_name, 0);
        else if (!slice_ends(slice_of(entry->d_name), SLICE(".done")))
            count++;
    }
    (void)cx;
    return count;
}

// Removes what has not grown for so long; how many are left under way.
static size_t expire(Cx *cx, const Uploads *uploads, uint64_t age_ms)
{
    const uint64_t now = cx_now_ms(cx);
    return each_file(cx, uploads, now > age_ms ? now - age_ms : 0);
}

void uploads_expire(Cx *cx, Uploads *uploads)
{
    (void)expire(cx, uploads, UPLOADS_LIFE_MS);
}

Err uploads_create(Cx *cx, Uploads *uploads, Slice tenant, const UploadsState *wanted,
                   Slice *ret_id)
{
    if (wanted->length == 0) return err_set(cx, ERR_INPUT, "an empty document is not kept");
    if (wanted->length > LIMIT_DOCUMENT_BYTES)
        return err_set(cx, ERR_LIMIT, "a document is at most %zu bytes", LIMIT_DOCUMENT_BYTES);
    if (wanted->file_name.size > LIMIT_FILE_NAME_BYTES ||
        wanted->idempotency.size > LIMIT_IDEMPOTENCY_BYTES)
        return err_set(cx, ERR_INPUT, "the file's name or the key is too long");
    if (expire(cx, uploads, UPLOADS_LIFE_MS) >= LIMIT_UPLOADS &&
        expire(cx, uploads, UPLOADS_IDLE_MS) >= LIMIT_UPLOADS)
        return err_set(cx, ERR_CONFLICT, "too many uploads are under way");
    uint8_t random[UPLOADS_ID_SIZE / 2];
    cx_random(cx, random, sizeof random);
    Slice id = base64_hex(cx, (Slice){(char *)random, sizeof random});
    AUTO_CLOSE int fd =
        open(path_of(cx, uploads, tenant, id, ""), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd < 0) return failed(cx, "begun");
    uint16_t name_size = (uint16_t)wanted->file_name.size;
    char head[HEAD_MAX];
    memcpy(head, &wanted->length, 8);
    memcpy(head + 8, &name_size, 2);
    if (name_size > 0) memcpy(head + 10, wanted->file_name.data, name_size);
    size_t key_size = wanted->idempotency.size;
    if (key_size > 0) memcpy(head + 10 + name_size, wanted->idempotency.data, key_size);
    Walk walk = {.fd = fd};
    TRY(put_piece(cx, uploads, id, &walk, (Slice){head, 10 + (size_t)name_size + key_size}));
    *ret_id = id;
    return ERR_OK;
}

// An upload that was handed in: its reference, and nothing more to come.
static bool find_done(Cx *cx, const Uploads *uploads, Slice tenant, Slice id,
                      UploadsState *ret_state)
{
    if (!is_id(id)) return false;
    AUTO_CLOSE int fd =
        open(path_of(cx, uploads, tenant, id, ".done"), O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    if (fd < 0) return false;
    char *text = arena_alloc(&cx->arena, COMMIT_REFERENCE_SIZE + 24);
    ssize_t size = pread(fd, text, COMMIT_REFERENCE_SIZE + 24, 0);
    Slice rest = {text, size > 0 ? (size_t)size : 0}, length;
    bool done = false;
    uint64_t bytes = 0;
    if (!slice_cut(&rest, ' ', &done, &length) || !slice_u64(length, &bytes)) return false;
    *ret_state = (UploadsState){.length = bytes,
                                .offset = bytes,
                                .file_name = SLICE(""),
                                .idempotency = SLICE(""),
                                .reference = rest,
                                .expires_ms = expiry(cx, fd)};
    return true;
}

Err uploads_find(Cx *cx, Uploads *uploads, Slice tenant, Slice id, UploadsState *ret_state)
{
    if (find_done(cx, uploads, tenant, id, ret_state)) return ERR_OK;
    AUTO_CLOSE int fd = -1;
    uint64_t size = 0;
    TRY(open_file(cx, uploads, tenant, id, &fd, &size));
    Walk walk = {.fd = fd};
    UploadsState state = {};
    TRY(read_head(cx, uploads, id, &walk, size, &state));
    walk_on(&walk, size);
    state.offset = walk.plain;
    state.expires_ms = expiry(cx, fd);
    *ret_state = state;
    return ERR_OK;
}

Err uploads_append(Cx *cx, Uploads *uploads, Slice tenant, Slice id, uint64_t offset, Slice bytes,
                   UploadsState *ret_state)
{
    AUTO_CLOSE int fd = -1;
    uint64_t size = 0;
    TRY(open_file(cx, uploads, tenant, id, &fd, &size));
    Walk walk = {.fd = fd};
    UploadsState state = {};
    TRY(read_head(cx, uploads, id, &walk, size, &state));
    walk_on(&walk, size);
    if (offset != walk.plain)
        return err_set(cx, ERR_CONFLICT, "the upload stands at %llu",
                       (unsigned long long)walk.plain);
    if (bytes.size > state.length - walk.plain)
        return err_set(cx, ERR_LIMIT, "more than the %llu bytes that were announced",
                       (unsigned long long)state.length);
    if (bytes.size > 0) TRY(put_piece(cx, uploads, id, &walk, bytes));
    state.offset = walk.plain + bytes.size;
    state.expires_ms = expiry(cx, fd);
    *ret_state = state;
    return ERR_OK;
}

Err uploads_bytes(Cx *cx, Uploads *uploads, Slice tenant, Slice id, Slice *ret_bytes)
{
    AUTO_CLOSE int fd = -1;
    uint64_t size = 0;
    TRY(open_file(cx, uploads, tenant, id, &fd, &size));
    Walk walk = {.fd = fd};
    UploadsState state = {};
    TRY(read_head(cx, uploads, id, &walk, size, &state));
    char *bytes = arena_try_alloc(&cx->arena, (size_t)state.length);
    if (bytes == NULL) return err_set(cx, ERR_LIMIT, "an upload does not fit in memory");
    for (uint32_t piece; (piece = piece_size(&walk, size)) != 0;) {
        Slice plain;
        TRY(get_piece(cx, uploads, id, &walk, piece, &plain));
        if (plain.size > state.length - walk.plain)
            return err_set(cx, ERR_CORRUPT, "an upload is longer than it may be");
        memcpy(bytes + walk.plain, plain.data, plain.size);
        walk.position += PIECE_HEAD + piece;
        walk.plain += plain.size;
    }
    *ret_bytes = (Slice){bytes, (size_t)walk.plain};
    return ERR_OK;
}

Err uploads_finish(Cx *cx, Uploads *uploads, Slice tenant, Slice id, Slice reference)
{
    UploadsState state;
    TRY(uploads_find(cx, uploads, tenant, id, &state));
    Slice text =
        cx_printf(cx, "%llu " SLICE_FMT, (unsigned long long)state.length, SLICE_ARG(reference));
    AUTO_CLOSE int fd = open(path_of(cx, uploads, tenant, id, ".done"),
                             O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (fd < 0) return failed(cx, "finished");
    TRY(write_all(cx, fd, text, 0));
    // Without fsync: should it get lost, the chunks have been handed in under their own key.
    (void)unlink(path_of(cx, uploads, tenant, id, ""));
    return ERR_OK;
}

Err uploads_remove(Cx *cx, Uploads *uploads, Slice tenant, Slice id)
{
    UploadsState state;
    TRY(uploads_find(cx, uploads, tenant, id, &state));
    (void)unlink(path_of(cx, uploads, tenant, id, ""));
    (void)unlink(path_of(cx, uploads, tenant, id, ".done"));
    return ERR_OK;
}

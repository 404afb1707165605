#include "desk/people/account/account_breached.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>

#include "base/base64.h"
#include "base/cleanup.h"
#include "crypto/digest.h"

#define LINE_MAX_SIZE ((size_t)2048) // of what is looked at: a password and its LF fit
#define SHA1_HEX      40
#define SHA256_HEX    64

typedef struct Line {
    char bytes[LINE_MAX_SIZE];
    size_t size;    // without LF and what stands behind ":" of a hash
    uint64_t after; // where the next one begins
} Line;

static Err fill(Cx *cx, int fd, uint64_t from, char *bytes, size_t *ret_size)
{
    size_t done = 0;
    while (done < LINE_MAX_SIZE) {
        ssize_t n = pread(fd, bytes + done, LINE_MAX_SIZE - done, (off_t)(from + done));
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) return err_set(cx, ERR_STORE, "cannot read the list of breached passwords");
        if (n == 0) break;
        done += (size_t)n;
    }
    *ret_size = done;
    return ERR_OK;
}

// To behind the next LF, or the end of the file.
static Err skip_line(Cx *cx, int fd, uint64_t *at)
{
    char *bytes = arena_alloc(&cx->arena, LINE_MAX_SIZE);
    for (size_t size = LINE_MAX_SIZE; size == LINE_MAX_SIZE;) {
        TRY(fill(cx, fd, *at, bytes, &size));
        const char *end = memchr(bytes, '\n', size);
        *at += end == NULL ? size : (uint64_t)(end - bytes) + 1;
        if (end != NULL) break;
    }
    return ERR_OK;
}

// The line that begins at `from`. One that is longer than any password is cut: nothing equals it.
static Err line_at(Cx *cx, int fd, uint64_t from, Line *line)
{
    size_t size = 0;
    TRY(fill(cx, fd, from, line->bytes, &size));
    const char *end = memchr(line->bytes, '\n', size);
    line->size = end == NULL ? size : (size_t)(end - line->bytes);
    line->after = from + line->size + (end != NULL);
    if (end == NULL && size == LINE_MAX_SIZE) TRY(skip_line(cx, fd, &line->after));
    if (line->size > 0 && line->bytes[line->size - 1] == '\r') line->size--;
    return ERR_OK;
}

// The first line that begins at `from` or behind it; at the end of the file it is empty and after =
// size.
static Err line_behind(Cx *cx, int fd, uint64_t from, uint64_t size, Line *line)
{
    uint64_t at = from;
    if (from > 0) {
        TRY(line_at(cx, fd, from - 1, line)); // what is left of the one before
        at = line->after;
    }
    if (at >= size) {
        line->size = 0;
        line->after = UINT64_MAX;
        return ERR_OK;
    }
    return line_at(cx, fd, at, line);
}

static size_t hex_of(const Line *line)
{
    size_t size = 0;
    while (size < line->size && strchr("0123456789abcdefABCDEF", line->bytes[size]) != NULL &&
           line->bytes[size] != 0)
        size++;
    bool ends = size == line->size || line->bytes[size] == ':';
    return ends && (size == SHA1_HEX || size == SHA256_HEX) ? size : 0;
}

static int compare(Slice wanted, const Line *line, size_t hex)
{
    Slice here = {line->bytes, line->size};
    if (hex == 0) return slice_compare(wanted, here);
    here = slice_sub(here, 0, hex);
    for (size_t i = 0; i < wanted.size && i < here.size; i++) {
        char c = here.data[i];
        if (c >= 'A' && c <= 'F') c = (char)(c - 'A' + 'a');
        if (wanted.data[i] != c) return wanted.data[i] < c ? -1 : 1;
    }
    return wanted.size < here.size ? -1 : wanted.size > here.size;
}

static Err search(Cx *cx, int fd, uint64_t size, Slice wanted, size_t hex, bool *ret_found)
{
    // Between low and high a line begins that is not yet known to be too small or too great.
    uint64_t low = 0, high = size;
    Line *line = arena_alloc(&cx->arena, sizeof *line);
    while (low < high) {
        uint64_t middle = low + (high - low) / 2;
        TRY(line_behind(cx, fd, middle, size, line));
        int order = line->after == UINT64_MAX ? -1 : compare(wanted, line, hex);
        if (order == 0) {
            *ret_found = true;
            return ERR_OK;
        }
        if (order < 0)
            high = middle;
        else
            low = line->after > middle ? line->after : middle + 1;
    }
    *ret_found = false;
    return ERR_OK;
}

Err account_breached_find(Cx *cx, const char *path, Slice password, bool *ret_found)
{
    AUTO_CLOSE int fd = open(path, O_RDONLY | O_CLOEXEC);
    struct stat info;
    if (fd < 0 || fstat(fd, &info) < 0 || !S_ISREG(info.st_mode))
        return err_set(cx, ERR_MISSING, "cannot open the list of breached passwords '%s'", path);
    Line *first = arena_alloc(&cx->arena, sizeof *first);
    TRY(line_at(cx, fd, 0, first));
    size_t hex = hex_of(first);
    Slice wanted = password;
    if (hex == SHA256_HEX) {
        Digest digest = digest_of(DIGEST_SHA256, password);
        wanted = base64_hex(cx, digest_slice(&digest));
    } else if (hex == SHA1_HEX) {
        uint8_t bytes[DIGEST_SHA1_SIZE];
        digest_sha1(password, bytes);
        wanted = base64_hex(cx, (Slice){(const char *)bytes, sizeof bytes});
    }
    return search(cx, fd, (uint64_t)info.st_size, wanted, hex, ret_found);
}

#include "format/zip/zip_path.h"

#include "base/utf8.h"

static size_t char_size(Slice name, size_t at, bool utf8)
{
    bool pair = !utf8 && (uint8_t)name.data[at] >= 0x81 && at + 1 < name.size &&
                (uint8_t)name.data[at + 1] >= 0x40;
    return pair ? 2 : 1;
}

// The first '/' or '\' from `at` on, which begins a character; name.size when there is none.
static size_t separator(Slice name, size_t at, bool utf8)
{
    while (at < name.size && name.data[at] != '/' && name.data[at] != '\\')
        at += char_size(name, at, utf8);
    return at;
}

Slice zip_path_bare(Slice raw)
{
    bool dotted = slice_starts(raw, SLICE("./")) || slice_starts(raw, SLICE(".\\"));
    return dotted && raw.size > 2 ? slice_sub(raw, 2, SIZE_MAX) : raw;
}

Err zip_path_settle(Cx *cx, Slice raw, Slice *ret_name)
{
    Slice name = zip_path_bare(raw);
    *ret_name = name;
    if (name.size == 0 || memchr(name.data, '\\', name.size) == NULL) return ERR_OK;
    char *settled = arena_try_alloc(&cx->arena, name.size);
    if (settled == NULL) return err_set(cx, ERR_LIMIT, "no room for the names of a zip");
    memcpy(settled, name.data, name.size);
    bool utf8 = utf8_is(name);
    for (size_t at = separator(name, 0, utf8); at < name.size; at = separator(name, at + 1, utf8))
        settled[at] = '/';
    *ret_name = (Slice){settled, name.size};
    return ERR_OK;
}

bool zip_path_is_harmless(Slice name)
{
    if (name.size == 0 || name.data[0] == '/') return false;
    if (memchr(name.data, 0, name.size) != NULL) return false;
    if (name.size >= 2 && name.data[1] == ':') return false;
    Slice rest = name, part = {};
    bool done = false;
    while (slice_cut(&rest, '/', &done, &part))
        if (slice_equal(part, SLICE(".."))) return false;
    return true;
}

// A name byte by byte, ASCII letters without case.
typedef struct Folding {
    Slice name;
    bool utf8;
    size_t at, next; // next: where the next character begins
} Folding;

static uint8_t fold_next(Folding *folding)
{
    bool second = folding->at < folding->next;
    if (!second) folding->next += char_size(folding->name, folding->at, folding->utf8);
    uint8_t c = (uint8_t)folding->name.data[folding->at++];
    if (second) return c;
    if (c == '\\') return '/';
    return c >= 'A' && c <= 'Z' ? (uint8_t)(c + 32) : c;
}

int zip_path_compare(Slice a, Slice b)
{
    Folding left = {.name = a, .utf8 = utf8_is(a)}, right = {.name = b, .utf8 = utf8_is(b)};
    size_t shared = a.size < b.size ? a.size : b.size;
    for (size_t i = 0; i < shared; i++) {
        uint8_t c = fold_next(&left), d = fold_next(&right);
        if (c != d) return c < d ? -1 : 1;
    }
    return a.size < b.size ? -1 : a.size > b.size;
}

bool zip_path_equal(Slice raw, Slice name)
{
    raw = zip_path_bare(raw);
    return raw.size == name.size && zip_path_compare(raw, name) == 0;
}

void zip_path_gather(ZipFolder *folder, Slice name, Slice wanted)
{
    bool utf8 = utf8_is(name);
    size_t end = separator(name, 0, utf8), second = separator(name, end + 1, utf8);
    Slice first = slice_sub(name, 0, end), rest = slice_sub(name, end + 1, SIZE_MAX);
    bool unnamed = end == 0 || (second == end + 1 && second < name.size); // "/a", "a//b"
    if (slice_equal(first, SLICE("__MACOSX")) && end < name.size) return;
    if (slice_equal(first, SLICE(".")) && slice_empty(rest)) return;
    if (slice_empty(folder->name)) folder->name = first;
    bool beside = unnamed || end == name.size || !slice_equal(first, folder->name);
    bool file = second >= name.size && !slice_empty(rest) && rest.data[0] != '.';
    bool is_wanted = file && zip_path_equal(rest, wanted);
    folder->found = folder->found || is_wanted;
    folder->parted = folder->parted || beside || (file && !is_wanted);
}

Slice zip_path_within(const ZipFolder *folder, Slice name)
{
    size_t end = folder->name.size;
    bool inside = name.size > end + 1 && slice_starts(name, folder->name) && name.data[end] == '/';
    return inside ? slice_sub(name, end + 1, SIZE_MAX) : SLICE("./");
}

#include "ledger/canon.h"

#include "base/limits.h"
#include "base/utf8.h"

typedef struct Walk {
    Slice rest;
    Slice wanted; // key of the outermost object
    Slice found;  // raw, between the quotes; data NULL: not there
} Walk;

static bool take(Walk *walk, char c)
{
    if (walk->rest.size == 0 || walk->rest.data[0] != c) return false;
    walk->rest = (Slice){walk->rest.data + 1, walk->rest.size - 1};
    return true;
}

static bool take_word(Walk *walk, Slice word)
{
    if (!slice_starts(walk->rest, word)) return false;
    walk->rest = slice_sub(walk->rest, word.size, SIZE_MAX);
    return true;
}

static int hex_digit(char c)
{
    return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static const char marks[] = "\"\\bfnrt", meanings[] = "\"\\\b\f\n\r\t";

// What the escape at the head of `s` stands for, and its size: 0 when it is not the one spelling.
static size_t escape_head(Slice s, char *meaning)
{
    const char *mark = s.size < 2 ? NULL : memchr(marks, s.data[1], sizeof marks - 1);
    if (mark != NULL) {
        *meaning = meanings[mark - marks];
        return 2;
    }
    if (s.size < 6 || memcmp(s.data, "\\u00", 4) != 0) return 0;
    int high = hex_digit(s.data[4]), low = hex_digit(s.data[5]);
    if (high < 0 || high > 1 || low < 0) return 0;
    *meaning = (char)(high << 4 | low);
    // What has a short escape is spelt so.
    return memchr(meanings, *meaning, sizeof meanings - 1) == NULL ? 6 : 0;
}

// The size of the character at the head of a string's inside, or 0.
static size_t character_head(Slice s, char *meaning)
{
    if (s.data[0] == '\\') return escape_head(s, meaning);
    if ((unsigned char)s.data[0] < 0x20 || s.data[0] == '"') return 0;
    return utf8_head(s, NULL);
}

static bool walk_string(Walk *walk, Slice *ret_raw)
{
    if (!take(walk, '"')) return false;
    Slice all = walk->rest;
    char meaning = 0;
    while (walk->rest.size > 0 && walk->rest.data[0] != '"') {
        size_t size = character_head(walk->rest, &meaning);
        if (size == 0) return false;
        walk->rest = slice_sub(walk->rest, size, SIZE_MAX);
    }
    *ret_raw = slice_sub(all, 0, all.size - walk->rest.size);
    return take(walk, '"');
}

static bool is_key(Slice key)
{
    for (size_t i = 0; i < key.size; i++)
        if (key.data[i] < ' ' || key.data[i] > '~' || key.data[i] == '\\') return false;
    return key.size > 0;
}

static bool walk_value(Walk *walk, int depth);

static bool walk_object(Walk *walk, int depth)
{
    Slice last = {"", 0};
    if (!take(walk, '{')) return false;
    if (take(walk, '}')) return true;
    do {
        Slice key = {}, raw = {};
        if (!walk_string(walk, &key) || !is_key(key) || slice_compare(last, key) >= 0 ||
            !take(walk, ':'))
            return false;
        last = key;
        bool text = walk->rest.size > 0 && walk->rest.data[0] == '"';
        if (!(text ? walk_string(walk, &raw) : walk_value(walk, depth + 1))) return false;
        if (depth == 0 && text && slice_equal(key, walk->wanted)) walk->found = raw;
    } while (take(walk, ','));
    return take(walk, '}');
}

static bool walk_array(Walk *walk, int depth)
{
    if (!take(walk, '[')) return false;
    if (take(walk, ']')) return true;
    do {
        if (!walk_value(walk, depth + 1)) return false;
    } while (take(walk, ','));
    return take(walk, ']');
}

static bool walk_value(Walk *walk, int depth)
{
    Slice raw = {};
    if (depth >= LIMIT_CANON_DEPTH || walk->rest.size == 0) return false;
    if (walk->rest.data[0] == '"') return walk_string(walk, &raw);
    if (walk->rest.data[0] == '{') return walk_object(walk, depth);
    if (walk->rest.data[0] == '[') return walk_array(walk, depth);
    return take_word(walk, SLICE("true")) || take_word(walk, SLICE("false"));
}

static Err walk_all(Cx *cx, Slice canonical, Walk *walk)
{
    walk->rest = canonical;
    if (canonical.size > LIMIT_CANON_BYTES || !walk_object(walk, 0) || walk->rest.size > 0)
        return err_set(cx, ERR_INPUT, "an event of %zu bytes is not in its canonical form",
                       canonical.size);
    return ERR_OK;
}

Err canon_check(Cx *cx, Slice canonical)
{
    Walk walk = {.wanted = {"", 0}};
    return walk_all(cx, canonical, &walk);
}

Err canon_string(Cx *cx, Slice canonical, Slice key, Slice *ret_value)
{
    Walk walk = {.wanted = key};
    TRY(walk_all(cx, canonical, &walk));
    if (walk.found.data == NULL)
        return err_set(cx, ERR_MISSING, "the event has no '" SLICE_FMT "'", SLICE_ARG(key));
    char *value = arena_try_alloc(&cx->arena, walk.found.size + 1);
    if (value == NULL) return err_set(cx, ERR_LIMIT, "no memory for an event's text");
    size_t size = 0;
    for (Slice rest = walk.found; rest.size > 0;) {
        char meaning = 0;
        size_t head = character_head(rest, &meaning);
        if (rest.data[0] == '\\') {
            value[size++] = meaning;
        } else {
            memcpy(value + size, rest.data, head);
            size += head;
        }
        rest = slice_sub(rest, head, SIZE_MAX);
    }
    *ret_value = (Slice){value, size};
    return ERR_OK;
}

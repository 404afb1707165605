#include "store/keys.h"

#include <assert.h>

#include "base/base64.h"
#include "base/text.h"
#include "store/disk.h"

#define KEY_COUNT      4
#define NEXT           KEY_COUNT      // stands behind the others, or not at all
#define KEYS_FILE_SIZE ((size_t)4096) // more than two times five lines ever take

static const Slice first_line = {"fapiao-keys-1", 13};
static const Slice names[KEY_COUNT + 1] = {
    {"page", 4}, {"data", 4}, {"tag", 3}, {"log", 3}, {"page-next", 9}};

static AeadKey *key_of(Keys *keys, size_t i)
{
    AeadKey *const all[] = {&keys->page, &keys->data, &keys->tag, &keys->log, &keys->page_next};
    return all[i];
}

static Slice about(Cx *cx, Slice name)
{
    return cx_printf(cx, "fapiao/keys/v1\n" SLICE_FMT, SLICE_ARG(name));
}

static bool is_named(Slice line, Slice name)
{
    return slice_starts(line, name) && line.size > name.size && line.data[name.size] == ' ';
}

// *ret_fits = it is `kek` that wraps it.
static Err parse_line(Cx *cx, const AeadKey *kek, Slice line, Slice name, AeadKey *ret_key,
                      bool *ret_fits)
{
    uint8_t sealed[AEAD_KEY_SIZE + AEAD_OVERHEAD];
    if (!is_named(line, name) || base64_unhex(cx, slice_sub(line, name.size + 1, line.size), sealed,
                                              sizeof sealed) != ERR_OK)
        return err_set(cx, ERR_CORRUPT, "the keys file is damaged");
    Slice plain;
    Slice bytes = {(const char *)sealed, sizeof sealed};
    *ret_fits = aead_open(cx, kek, about(cx, name), bytes, &plain) == ERR_OK;
    if (*ret_fits) memcpy(ret_key->bytes, plain.data, AEAD_KEY_SIZE);
    if (*ret_fits) explicit_bzero((void *)(uintptr_t)plain.data, plain.size);
    return ERR_OK;
}

// One wrapping: four lines, and a fifth where a change of the page key is under way.
static Err parse_wrapping(Cx *cx, const AeadKey *kek, Slice *rest, bool *done, Keys *keys,
                          bool *ret_fits)
{
    bool all = true, fits = false;
    Slice line;
    for (size_t i = 0; i < KEY_COUNT; i++) {
        if (!slice_cut(rest, '\n', done, &line))
            return err_set(cx, ERR_CORRUPT, "the keys file is cut off");
        TRY(parse_line(cx, kek, line, names[i], key_of(keys, i), &fits));
        all = all && fits;
    }
    Slice after = *rest;
    bool after_done = *done;
    if (slice_cut(&after, '\n', &after_done, &line) && is_named(line, names[NEXT])) {
        TRY(parse_line(cx, kek, line, names[NEXT], &keys->page_next, &fits));
        all = all && fits;
        keys->has_next = true;
        *rest = after;
        *done = after_done;
    }
    *ret_fits = all;
    return ERR_OK;
}

static Err parse(Cx *cx, const AeadKey *kek, Slice text, Keys *ret_keys)
{
    bool done = false, found = false;
    Slice line;
    if (!slice_cut(&text, '\n', &done, &line) || !slice_equal(line, first_line))
        return err_set(cx, ERR_CORRUPT, "it is no keys file");
    size_t count = 0;
    do {
        Keys keys = {};
        bool fits = false;
        if (count == KEYS_WRAPPINGS_MAX)
            return err_set(cx, ERR_CORRUPT, "the keys file has more than was ever written");
        TRY(parse_wrapping(cx, kek, &text, &done, &keys, &fits));
        count++;
        if (fits) *ret_keys = keys;
        found = found || fits;
    } while (text.size > 0);
    if (!found)
        return err_set(cx, ERR_CORRUPT,
                       "the key file is not the one that this data folder was made with");
    ret_keys->wrappings = count;
    return ERR_OK;
}

Err keys_read(Cx *cx, const char *path, const AeadKey *kek, Keys *ret_keys)
{
    Slice text;
    Keys keys = {};
    TRY(disk_read(cx, path, KEYS_FILE_SIZE, &text));
    Err err = parse(cx, kek, text, &keys);
    if (err == ERR_OK) *ret_keys = keys;
    explicit_bzero(&keys, sizeof keys);
    return err;
}

static Err add_wrapping(Cx *cx, Text *text, const AeadKey *kek, Keys *keys)
{
    for (size_t i = 0; i < KEY_COUNT + (keys->has_next ? 1 : 0); i++) {
        Slice sealed;
        TRY(aead_seal(cx, kek, about(cx, names[i]),
                      (Slice){(const char *)key_of(keys, i)->bytes, AEAD_KEY_SIZE}, &sealed));
        text_add(text, names[i]);
        text_byte(text, ' ');
        text_add(text, base64_hex(cx, sealed));
        text_byte(text, '\n');
    }
    return ERR_OK;
}

static Err print(Cx *cx, const AeadKey *keks, size_t kek_count, const Keys *keys, Slice *ret_text)
{
    assert(kek_count >= 1 && kek_count <= KEYS_WRAPPINGS_MAX);
    Keys copy = *keys;
    Text text = text_open(cx, KEYS_FILE_SIZE);
    text_add(&text, first_line);
    text_byte(&text, '\n');
    Err err = ERR_OK;
    for (size_t i = 0; i < kek_count && err == ERR_OK; i++)
        err = add_wrapping(cx, &text, &keks[i], &copy);
    explicit_bzero(&copy, sizeof copy);
    TRY(err);
    return text_done(cx, &text, ret_text);
}

Err keys_create(Cx *cx, const char *path, const AeadKey *kek, Keys *ret_keys)
{
    Keys keys = {.wrappings = 1};
    for (size_t i = 0; i < KEY_COUNT; i++)
        cx_random(cx, key_of(&keys, i)->bytes, AEAD_KEY_SIZE);
    Slice text;
    TRY(print(cx, kek, 1, &keys, &text));
    TRY(disk_write_new(cx, path, text));
    *ret_keys = keys;
    return ERR_OK;
}

Err keys_replace(Cx *cx, const char *path, const AeadKey *keks, size_t kek_count, const Keys *keys)
{
    Slice text;
    TRY(print(cx, keks, kek_count, keys, &text));
    return disk_replace(cx, path, text);
}

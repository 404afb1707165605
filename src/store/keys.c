#include "store/keys.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>

#include "base/base64.h"
#include "base/text.h"
#include "store/disk.h"

#define KEY_COUNT      4
#define KEYS_FILE_SIZE ((size_t)1024) // more than four lines ever take

static const Slice first_line = {"fapiao-keys-1", 13};
static const Slice names[KEY_COUNT] = {{"page", 4}, {"data", 4}, {"tag", 3}, {"log", 3}};

static AeadKey *key_of(Keys *keys, size_t i)
{
    AeadKey *const all[KEY_COUNT] = {&keys->page, &keys->data, &keys->tag, &keys->log};
    return all[i];
}

static Slice about(Cx *cx, Slice name)
{
    return cx_printf(cx, "fapiao/keys/v1\n" SLICE_FMT, SLICE_ARG(name));
}

static Err parse_line(Cx *cx, const AeadKey *kek, Slice line, Slice name, AeadKey *ret_key)
{
    uint8_t sealed[AEAD_KEY_SIZE + AEAD_OVERHEAD];
    if (!slice_starts(line, name) || line.size < name.size + 1 || line.data[name.size] != ' ')
        return err_set(cx, ERR_CORRUPT, "the keys file is damaged");
    if (base64_unhex(cx, slice_sub(line, name.size + 1, line.size), sealed, sizeof sealed) !=
        ERR_OK)
        return err_set(cx, ERR_CORRUPT, "the keys file is damaged");
    Slice plain;
    Slice bytes = {(const char *)sealed, sizeof sealed};
    if (aead_open(cx, kek, about(cx, name), bytes, &plain) != ERR_OK || plain.size != AEAD_KEY_SIZE)
        return err_set(cx, ERR_CORRUPT,
                       "the key file is not the one that this data folder was made with");
    memcpy(ret_key->bytes, plain.data, AEAD_KEY_SIZE);
    return ERR_OK;
}

Err keys_read(Cx *cx, const char *path, const AeadKey *kek, Keys *ret_keys)
{
    Slice text;
    TRY(disk_read(cx, path, KEYS_FILE_SIZE, &text));
    bool done = false;
    Slice line;
    Keys keys = {};
    if (!slice_cut(&text, '\n', &done, &line) || !slice_equal(line, first_line))
        return err_set(cx, ERR_CORRUPT, "'%s' is no keys file", path);
    for (size_t i = 0; i < KEY_COUNT; i++) {
        if (!slice_cut(&text, '\n', &done, &line))
            return err_set(cx, ERR_CORRUPT, "'%s' is cut off", path);
        TRY(parse_line(cx, kek, line, names[i], key_of(&keys, i)));
    }
    *ret_keys = keys;
    return ERR_OK;
}

Err keys_create(Cx *cx, const char *path, const AeadKey *kek, Keys *ret_keys)
{
    Keys keys = {};
    Text text = text_open(cx, KEYS_FILE_SIZE);
    text_add(&text, first_line);
    text_byte(&text, '\n');
    for (size_t i = 0; i < KEY_COUNT; i++) {
        AeadKey *key = key_of(&keys, i);
        cx_random(cx, key->bytes, AEAD_KEY_SIZE);
        Slice sealed;
        TRY(aead_seal(cx, kek, about(cx, names[i]),
                      (Slice){(const char *)key->bytes, AEAD_KEY_SIZE}, &sealed));
        text_add(&text, names[i]);
        text_byte(&text, ' ');
        text_add(&text, base64_hex(cx, sealed));
        text_byte(&text, '\n');
    }
    Slice all;
    TRY(text_done(cx, &text, &all));
    TRY(disk_write_new(cx, path, all));
    *ret_keys = keys;
    return ERR_OK;
}

#include "ledger/note.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>

#include "base/base64.h"
#include "base/limits.h"
#include "base/text.h"
#include "base/utf8.h"

#define DASH         SLICE("\xE2\x80\x94 ") // U+2014 and a space
#define LABEL        SLICE(NOTE_SM2_LABEL)
#define LINE_MAX     ((size_t)1024) // bytes that a line of ours takes, with room to spare
#define TIME_SIZE    8
#define SM2_POINT    0x04 // uncompressed: the one form that is taken
#define COSIGN_HEAD  64   // bytes, at most, of what stands before a cosigned text
#define VKEY_RAW_MAX (1 + sizeof NOTE_SM2_LABEL + SIGNER_PUBLIC_MAX)

// How a type's public key is written: type, label, bytes.
typedef struct TypeRow {
    NoteKeyType type;
    SignerKind kind;
    Slice label;
    size_t size; // bytes of the bare key
} TypeRow;

static const TypeRow types[] = {
    {NOTE_KEY_ED25519, SIGNER_ED25519, {"", 0}, 32},
    {NOTE_KEY_COSIGNATURE, SIGNER_ED25519, {"", 0}, 32},
    {NOTE_KEY_SM2, SIGNER_SM2, {NOTE_SM2_LABEL, sizeof NOTE_SM2_LABEL - 1}, 65},
};

static const TypeRow *row_of(unsigned int type)
{
    for (size_t i = 0; i < sizeof types / sizeof types[0]; i++)
        if ((unsigned int)types[i].type == type) return &types[i];
    return NULL;
}

// ---- keys ----

// White space outside ASCII (Unicode property White_Space), which golang.org/x/mod refuses as well.
static bool is_wide_space(uint32_t point)
{
    return point == 0x85 || point == 0xA0 || point == 0x1680 ||
           (point >= 0x2000 && point <= 0x200A) || point == 0x2028 || point == 0x2029 ||
           point == 0x202F || point == 0x205F || point == 0x3000;
}

static bool is_name(Slice name)
{
    if (name.size == 0 || name.size > NOTE_NAME_MAX || !utf8_is_clean(name)) return false;
    for (size_t at = 0; at < name.size;) {
        uint32_t point = 0;
        at += utf8_head(slice_sub(name, at, SIZE_MAX), &point);
        if (point <= ' ' || point == '+' || is_wide_space(point)) return false;
    }
    return true;
}

// type || label || key, as it goes into the id and the vkey.
static Slice raw_key(const NoteKey *key, char raw[static VKEY_RAW_MAX])
{
    const TypeRow *row = row_of(key->type);
    assert(row != NULL);
    raw[0] = (char)row->type;
    memcpy(raw + 1, row->label.data, row->label.size);
    memcpy(raw + 1 + row->label.size, key->public_key.bytes, row->size);
    return (Slice){raw, 1 + row->label.size + row->size};
}

Err note_key(Cx *cx, Slice name, NoteKeyType type, const SignerPublic *public_key, NoteKey *ret_key)
{
    const TypeRow *row = row_of(type);
    if (row == NULL || row->kind != public_key->kind || row->size != public_key->size)
        return err_set(cx, ERR_INPUT, "no key of type %u has %zu bytes", type, public_key->size);
    if (row->kind == SIGNER_SM2 && public_key->bytes[0] != SM2_POINT)
        return err_set(cx, ERR_INPUT, "a point that begins with %u, not 4", public_key->bytes[0]);
    if (!is_name(name)) return err_set(cx, ERR_INPUT, "this is no name of a key");
    NoteKey key = {.type = type, .public_key = *public_key};
    TRY(cx_copy(cx, name, &key.name));
    char raw[VKEY_RAW_MAX];
    Digest digest =
        digest_of_parts(DIGEST_SHA256, (Slice[]){name, SLICE("\n"), raw_key(&key, raw)}, 3);
    memcpy(key.id, digest.bytes, NOTE_ID_SIZE);
    *ret_key = key;
    return ERR_OK;
}

Err note_key_vkey(Cx *cx, const NoteKey *key, Slice *ret_vkey)
{
    char raw[VKEY_RAW_MAX];
    Slice id = base64_hex(cx, (Slice){(const char *)key->id, NOTE_ID_SIZE});
    Slice text = base64_encode(cx, raw_key(key, raw));
    *ret_vkey = cx_printf(cx, SLICE_FMT "+" SLICE_FMT "+" SLICE_FMT, SLICE_ARG(key->name),
                          SLICE_ARG(id), SLICE_ARG(text));
    return ERR_OK;
}

static Err read_vkey(Cx *cx, Slice vkey, NoteKey *key)
{
    Slice rest = vkey, name = {}, id = {}, raw = {};
    bool done = false;
    if (vkey.size > LINE_MAX || !slice_cut(&rest, '+', &done, &name) ||
        !slice_cut(&rest, '+', &done, &id) || done)
        return err_set(cx, ERR_INPUT, "a key is name+id+base64");
    TRY(base64_decode(cx, rest, true, &raw));
    const TypeRow *row = raw.size == 0 ? NULL : row_of((uint8_t)raw.data[0]);
    if (row == NULL || raw.size != 1 + row->label.size + row->size ||
        !slice_equal(slice_sub(raw, 1, row->label.size), row->label))
        return err_set(cx, ERR_INPUT, "a key of a type that is not known here");
    SignerPublic public_key = {.kind = row->kind, .size = row->size};
    memcpy(public_key.bytes, raw.data + 1 + row->label.size, row->size);
    return note_key(cx, name, row->type, &public_key, key);
}

Err note_key_parse(Cx *cx, Slice vkey, NoteKey *ret_key)
{
    NoteKey key;
    Slice again;
    TRY(read_vkey(cx, vkey, &key));
    TRY(note_key_vkey(cx, &key, &again));
    if (!slice_equal(again, vkey))
        return err_set(cx, ERR_INPUT, "the id of key '" SLICE_FMT "' is not its own",
                       SLICE_ARG(key.name));
    *ret_key = key;
    return ERR_OK;
}

// ---- the note ----

// Where the last empty line begins, or SLICE_NONE.
static size_t find_lines(Slice bytes)
{
    for (size_t at = bytes.size; at >= 2; at--)
        if (bytes.data[at - 1] == '\n' && bytes.data[at - 2] == '\n') return at - 1;
    return SLICE_NONE;
}

static Err read_line(Cx *cx, Slice line, NoteLine *ret_line)
{
    Slice rest = slice_sub(line, DASH.size, SIZE_MAX), name = {}, raw = {};
    bool done = false;
    if (!slice_starts(line, DASH) || !slice_cut(&rest, ' ', &done, &name) || done || !is_name(name))
        return err_set(cx, ERR_INPUT, "a signature line is a dash, a name and base64");
    rest.size--; // LF
    TRY(base64_decode(cx, rest, true, &raw));
    if (raw.size <= NOTE_ID_SIZE)
        return err_set(cx, ERR_INPUT, "a signature of '" SLICE_FMT "' is empty", SLICE_ARG(name));
    *ret_line =
        (NoteLine){.name = name, .payload = slice_sub(raw, NOTE_ID_SIZE, SIZE_MAX), .line = line};
    memcpy(ret_line->id, raw.data, NOTE_ID_SIZE);
    return ERR_OK;
}

static bool has_line_of(const Note *note, const NoteLine *line)
{
    for (size_t i = 0; i < note->line_count; i++)
        if (slice_equal(note->lines[i].name, line->name) &&
            memcmp(note->lines[i].id, line->id, NOTE_ID_SIZE) == 0)
            return true;
    return false;
}

static bool is_text(Slice text)
{
    return text.size > 0 && text.size <= NOTE_TEXT_MAX && slice_ends(text, SLICE("\n")) &&
           utf8_is_clean(text) && memchr(text.data, '\t', text.size) == NULL;
}

Err note_parse(Cx *cx, Slice bytes, Note *ret_note)
{
    if (bytes.size > LIMIT_NOTE_BYTES)
        return err_set(cx, ERR_INPUT, "a note of %zu bytes", bytes.size);
    size_t at = find_lines(bytes);
    if (at == SLICE_NONE || !slice_ends(bytes, SLICE("\n")))
        return err_set(cx, ERR_INPUT, "a note is text, an empty line and signature lines");
    Note *note = arena_try_alloc(&cx->arena, sizeof *note);
    if (note == NULL) return err_set(cx, ERR_LIMIT, "no memory for a note");
    note->text = slice_sub(bytes, 0, at);
    if (!is_text(note->text))
        return err_set(cx, ERR_INPUT, "a note's text is at most %zu bytes of plain UTF-8",
                       NOTE_TEXT_MAX);
    Slice rest = slice_sub(bytes, at + 1, SIZE_MAX);
    while (rest.size > 0) {
        if (note->line_count == NOTE_SIGNATURES_MAX)
            return err_set(cx, ERR_INPUT, "over %d signatures", NOTE_SIGNATURES_MAX);
        size_t size = slice_find(rest, SLICE("\n")) + 1;
        NoteLine line;
        TRY(read_line(cx, slice_sub(rest, 0, size), &line));
        if (has_line_of(note, &line))
            return err_set(cx, ERR_INPUT, "two signatures of one key '" SLICE_FMT "'",
                           SLICE_ARG(line.name));
        note->lines[note->line_count++] = line;
        rest = slice_sub(rest, size, SIZE_MAX);
    }
    if (note->line_count == 0) return err_set(cx, ERR_INPUT, "a note without a signature");
    *ret_note = *note;
    return ERR_OK;
}

Err note_print(Cx *cx, Slice text, const Slice *lines, size_t count, Slice *ret_note)
{
    if (!is_text(text))
        return err_set(cx, ERR_INPUT, "a note's text is at most %zu bytes of plain UTF-8",
                       NOTE_TEXT_MAX);
    Text note = text_open(cx, LIMIT_NOTE_BYTES);
    text_add(&note, text);
    text_byte(&note, '\n');
    for (size_t i = 0; i < count; i++)
        text_add(&note, lines[i]);
    return text_done(cx, &note, ret_note);
}

// ---- signatures ----

// What a key of that type signs: the text, or with the head of a cosignature in `room`.
static Slice message_of(NoteKeyType type, Slice text, uint64_t seconds,
                        char room[static COSIGN_HEAD + NOTE_TEXT_MAX])
{
    if (type != NOTE_KEY_COSIGNATURE) return text;
    assert(text.size <= NOTE_TEXT_MAX);
    int head = snprintf(room, COSIGN_HEAD, "cosignature/v1\ntime %" PRIu64 "\n", seconds);
    assert(head > 0 && head < COSIGN_HEAD);
    memcpy(room + head, text.data, text.size);
    return (Slice){room, (size_t)head + text.size};
}

static bool same_public(const SignerPublic *a, const SignerPublic *b)
{
    return a->kind == b->kind && a->size == b->size && memcmp(a->bytes, b->bytes, a->size) == 0;
}

Err note_sign(Cx *cx, const NoteKey *key, const Signer *signer, Slice text, uint64_t seconds,
              Slice *ret_line)
{
    SignerPublic public_key = signer_public(signer);
    if (!same_public(&key->public_key, &public_key))
        return err_set(cx, ERR_INPUT, "key '" SLICE_FMT "' is not the signer's",
                       SLICE_ARG(key->name));
    if (!is_text(text)) return err_set(cx, ERR_INPUT, "only a plain text with its LF is signed");
    char room[COSIGN_HEAD + NOTE_TEXT_MAX];
    uint8_t raw[NOTE_ID_SIZE + TIME_SIZE + SIGNER_SIGNATURE_MAX];
    size_t at = NOTE_ID_SIZE, size = 0;
    memcpy(raw, key->id, NOTE_ID_SIZE);
    for (size_t i = 0; key->type == NOTE_KEY_COSIGNATURE && i < TIME_SIZE; i++)
        raw[at++] = (uint8_t)(seconds >> (56 - 8 * i));
    TRY(signer_sign(cx, signer, message_of(key->type, text, seconds, room), raw + at, &size));
    Slice coded = base64_encode(cx, (Slice){(const char *)raw, at + size});
    Text line = text_open(cx, LINE_MAX);
    text_add(&line, DASH);
    text_add(&line, key->name);
    text_byte(&line, ' ');
    text_add(&line, coded);
    text_byte(&line, '\n');
    return text_done(cx, &line, ret_line);
}

static bool line_holds(const Note *note, const NoteLine *line, const NoteKey *key,
                       uint64_t *seconds)
{
    char room[COSIGN_HEAD + NOTE_TEXT_MAX];
    Slice signature = line->payload;
    if (key->type == NOTE_KEY_COSIGNATURE) {
        if (signature.size < TIME_SIZE) return false;
        for (size_t i = 0; i < TIME_SIZE; i++)
            *seconds = *seconds << 8 | (uint8_t)signature.data[i];
        signature = slice_sub(signature, TIME_SIZE, SIZE_MAX);
    }
    return signer_verify(&key->public_key, message_of(key->type, note->text, *seconds, room),
                         signature);
}

NoteVerdict note_verify(const Note *note, const NoteKey *key, uint64_t *ret_seconds)
{
    for (size_t i = 0; i < note->line_count; i++) {
        uint64_t seconds = 0;
        if (!note_line_is_of(&note->lines[i], key)) continue;
        if (!line_holds(note, &note->lines[i], key, &seconds)) return NOTE_FAILS;
        if (ret_seconds != NULL) *ret_seconds = seconds;
        return NOTE_HOLDS;
    }
    return NOTE_ABSENT;
}

bool note_line_is_of(const NoteLine *line, const NoteKey *key)
{
    return slice_equal(line->name, key->name) && memcmp(line->id, key->id, NOTE_ID_SIZE) == 0;
}

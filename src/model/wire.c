#include "model/wire.h"

#include "base/limits.h"
#include "base/text.h"
#include "base/utf8.h"
#include "model/draft_canon.h"

// The byte table stands in wire.h. One value has one encoding: what decodes encodes to the same
// bytes (wire_fuzz.c).

#define MAGIC_READING SLICE(WIRE_VERSION)
#define MAGIC_SEAL    SLICE("FPS2")

// seal flags
#define FLAG_ELECTRONIC 1u
#define FLAG_TRUSTED    2u

static void put_number(Text *text, uint64_t number, int bytes)
{
    for (int i = bytes - 1; i >= 0; i--)
        text_byte(text, (char)(unsigned char)(number >> (8 * i)));
}

// What a reader picked up unwashed (a library's message, a certificate's name) is washed here: one
// dirty byte in a side note must not cost the parent the whole reading.
static void put_string(Cx *cx, Text *text, Slice s)
{
    Slice clean = s;
    if (s.size > LIMIT_FIELD_BYTES || !utf8_is_clean(s)) {
        // A bad byte becomes three.
        Err err = draft_canon_text(cx, slice_sub(s, 0, LIMIT_FIELD_BYTES / 3), &clean);
        if (err != ERR_OK) clean = SLICE("");
    }
    put_number(text, clean.size, 4);
    text_add(text, clean);
}

static void put_seal(Cx *cx, Text *text, const Seal *seal)
{
    put_number(text, (uint64_t)seal->state, 1);
    put_number(text,
               (seal->electronic_signature ? FLAG_ELECTRONIC : 0) |
                   (seal->issuer_trusted ? FLAG_TRUSTED : 0),
               1);
    put_string(cx, text, seal->signer);
    size_t count =
        seal->reason_count < LIMIT_SEAL_REASONS ? seal->reason_count : LIMIT_SEAL_REASONS;
    put_number(text, count, 1);
    for (size_t i = 0; i < count; i++)
        put_string(cx, text, seal->reasons[i]);
}

static void put_draft(Cx *cx, Text *text, const Draft *draft)
{
    for (unsigned i = 0; i < DRAFT_FIELD_COUNT; i++)
        put_string(cx, text, draft_get(draft, (Field)i));
    put_number(text, draft->red.is_red, 1);
    for (unsigned i = 0; i < DRAFT_FIELD_COUNT; i++) {
        put_number(text, (uint64_t)draft->origins[i].source, 1);
        put_number(text, draft->origins[i].confidence, 2);
    }
    put_string(cx, text, draft->qr);
    put_seal(cx, text, &draft->seal);
    put_number(text, draft->line_count, 4);
    for (size_t i = 0; i < draft->line_count; i++) {
        const Line *line = &draft->lines[i];
#define PUT(name, json) put_string(cx, text, line->name);
        DRAFT_LINE_FIELDS(PUT)
#undef PUT
    }
    put_number(text, draft->finding_count, 2);
    for (size_t i = 0; i < draft->finding_count; i++) {
        const Finding *finding = &draft->findings[i];
        put_string(cx, text, finding->rule);
        put_number(text, (uint64_t)finding->severity, 1);
        put_string(cx, text, finding->field);
        put_string(cx, text, finding->text);
    }
    put_number(text, draft->extra_count, 2);
    for (size_t i = 0; i < draft->extra_count; i++) {
        put_string(cx, text, draft->extras[i].name);
        put_string(cx, text, draft->extras[i].value);
        put_number(text, (uint64_t)draft->extras[i].source, 1);
    }
}

static void put_files(Cx *cx, Text *text, const Reading *reading)
{
    put_number(text, reading->entry_count, 2);
    for (size_t i = 0; i < reading->entry_count; i++) {
        put_number(text, reading->entries[i].index, 2);
        put_number(text, reading->entries[i].size, 4);
        put_string(cx, text, reading->entries[i].name);
    }
    put_number(text, reading->skipped_count, 2);
    for (size_t i = 0; i < reading->skipped_count; i++)
        put_string(cx, text, reading->skipped[i]);
}

Err wire_encode(Cx *cx, const Reading *reading, Slice *ret_bytes)
{
    Text text = text_open(cx, LIMIT_READING_BYTES);
    text_add(&text, MAGIC_READING);
    put_number(&text, (uint64_t)reading->media, 1);
    put_number(&text, (uint64_t)reading->reason, 1);
    put_string(cx, &text, reading->detail);
    put_number(&text, reading->draft_count, 2);
    for (size_t i = 0; i < reading->draft_count; i++)
        put_draft(cx, &text, &reading->drafts[i]);
    put_files(cx, &text, reading);
    return text_done(cx, &text, ret_bytes);
}

// What is left of the bytes. `bad` is sticky: a read past the end answers 0 or "" and the caller
// looks once, at the end of each part.
typedef struct Take {
    Slice rest;
    bool bad;
} Take;

static uint64_t take_number(Take *take, int bytes)
{
    if (take->bad || take->rest.size < (size_t)bytes) {
        take->bad = true;
        return 0;
    }
    uint64_t number = 0;
    for (int i = 0; i < bytes; i++)
        number = number << 8 | (unsigned char)take->rest.data[i];
    take->rest = slice_sub(take->rest, (size_t)bytes, SIZE_MAX);
    return number;
}

// An enumerator or count that must not pass `most`.
static unsigned take_small(Take *take, int bytes, size_t most)
{
    uint64_t number = take_number(take, bytes);
    if (number > most) take->bad = true;
    return take->bad ? 0 : (unsigned)number;
}

static Slice take_string(Take *take)
{
    uint64_t size = take_number(take, 4);
    Slice s = slice_sub(take->rest, 0, (size_t)size);
    if (take->bad || size > take->rest.size || size > LIMIT_FIELD_BYTES || !utf8_is_clean(s)) {
        take->bad = true;
        return SLICE("");
    }
    take->rest = slice_sub(take->rest, (size_t)size, SIZE_MAX);
    return s;
}

static Err broken(Cx *cx, const Take *take)
{
    return err_set(cx, ERR_INPUT, "a reader's answer is malformed %zu bytes before its end",
                   take->rest.size);
}

// Room for `count` things whose encodings take `least` bytes each; more than what is left can hold
// is refused before anything is allocated.
static Err take_room(Cx *cx, Take *take, size_t count, size_t least, size_t size, void **ret_items)
{
    if (take->bad || count > take->rest.size / least) {
        take->bad = true;
        return broken(cx, take);
    }
    *ret_items = arena_try_array(&cx->arena, count, size);
    return *ret_items == NULL ? err_set(cx, ERR_LIMIT, "no room for %zu items", count) : ERR_OK;
}

static Err take_seal(Cx *cx, Take *take, Seal *seal)
{
    seal->state = (SealState)take_small(take, 1, SEAL_UNCHECKED);
    unsigned flags = take_small(take, 1, FLAG_ELECTRONIC | FLAG_TRUSTED);
    seal->electronic_signature = (flags & FLAG_ELECTRONIC) != 0;
    seal->issuer_trusted = (flags & FLAG_TRUSTED) != 0;
    seal->signer = take_string(take);
    seal->reason_count = take_small(take, 1, LIMIT_SEAL_REASONS);
    void *reasons = NULL;
    TRY(take_room(cx, take, seal->reason_count, 4, sizeof(Slice), &reasons));
    seal->reasons = reasons;
    for (size_t i = 0; i < seal->reason_count; i++)
        seal->reasons[i] = take_string(take);
    return take->bad ? broken(cx, take) : ERR_OK;
}

static Err take_lines(Cx *cx, Take *take, Draft *draft)
{
    void *lines = NULL;
    draft->line_count = draft->line_room = take_small(take, 4, LIMIT_LINES);
    TRY(take_room(cx, take, draft->line_count, 9 * 4, sizeof(Line), &lines));
    draft->lines = lines;
    for (size_t i = 0; i < draft->line_count; i++) {
        Line *line = &draft->lines[i];
#define TAKE(name, json) line->name = take_string(take);
        DRAFT_LINE_FIELDS(TAKE)
#undef TAKE
    }
    return take->bad ? broken(cx, take) : ERR_OK;
}

static Err take_findings(Cx *cx, Take *take, Draft *draft)
{
    void *findings = NULL;
    draft->finding_count = draft->finding_room = take_small(take, 2, LIMIT_FINDINGS);
    TRY(take_room(cx, take, draft->finding_count, 3 * 4 + 1, sizeof(Finding), &findings));
    draft->findings = findings;
    for (size_t i = 0; i < draft->finding_count; i++) {
        Finding *finding = &draft->findings[i];
        finding->rule = take_string(take);
        finding->severity = (Severity)take_small(take, 1, SEVERITY_ERROR);
        finding->field = take_string(take);
        finding->text = take_string(take);
    }
    return take->bad ? broken(cx, take) : ERR_OK;
}

static Err take_extras(Cx *cx, Take *take, Draft *draft)
{
    void *extras = NULL;
    draft->extra_count = draft->extra_room = take_small(take, 2, LIMIT_EXTRAS);
    TRY(take_room(cx, take, draft->extra_count, 2 * 4 + 1, sizeof(Extra), &extras));
    draft->extras = extras;
    for (size_t i = 0; i < draft->extra_count; i++) {
        Extra *extra = &draft->extras[i];
        extra->name = take_string(take);
        extra->value = take_string(take);
        extra->source = (Source)take_small(take, 1, SOURCE_COUNT - 1);
        if (extra_row(extra->name) == NULL) take->bad = true;
    }
    return take->bad ? broken(cx, take) : ERR_OK;
}

static Err take_draft(Cx *cx, Take *take, Draft *draft)
{
    for (unsigned i = 0; i < DRAFT_FIELD_COUNT; i++)
        *draft_field(draft, (Field)i) = take_string(take);
    draft->red.is_red = take_small(take, 1, 1) != 0;
    for (unsigned i = 0; i < DRAFT_FIELD_COUNT; i++) {
        draft->origins[i].source = (Source)take_small(take, 1, SOURCE_COUNT - 1);
        draft->origins[i].confidence = (uint16_t)take_small(take, 2, 1000);
    }
    draft->qr = take_string(take);
    TRY(take_seal(cx, take, &draft->seal));
    TRY(take_lines(cx, take, draft));
    TRY(take_findings(cx, take, draft));
    return take_extras(cx, take, draft);
}

static Err take_entries(Cx *cx, Take *take, Reading *reading)
{
    void *entries = NULL;
    size_t total = 0;
    reading->entry_count = take_small(take, 2, LIMIT_ZIP_ENTRIES);
    TRY(take_room(cx, take, reading->entry_count, 2 + 4 + 4, sizeof(ReadingEntry), &entries));
    reading->entries = entries;
    for (size_t i = 0; i < reading->entry_count; i++) {
        ReadingEntry *entry = &reading->entries[i];
        entry->index = take_small(take, 2, LIMIT_ZIP_ENTRIES - 1);
        entry->size = take_small(take, 4, LIMIT_ZIP_ENTRY_BYTES);
        entry->name = take_string(take);
        total += entry->size;
        if (entry->size == 0 || total > LIMIT_ZIP_TOTAL_BYTES ||
            (i > 0 && entry->index <= reading->entries[i - 1].index))
            take->bad = true;
    }
    return take->bad ? broken(cx, take) : ERR_OK;
}

// The files of a container: only that has any, and it has no invoices itself.
static Err take_files(Cx *cx, Take *take, Reading *reading)
{
    void *skipped = NULL;
    TRY(take_entries(cx, take, reading));
    reading->skipped_count = take_small(take, 2, LIMIT_ZIP_ENTRIES);
    TRY(take_room(cx, take, reading->skipped_count, 4, sizeof(Slice), &skipped));
    reading->skipped = skipped;
    for (size_t i = 0; i < reading->skipped_count; i++)
        reading->skipped[i] = take_string(take);
    bool any = reading->entry_count + reading->skipped_count > 0;
    if (any && (reading->media != MEDIA_ZIP || reading->draft_count > 0)) take->bad = true;
    bool none = reading->draft_count + reading->entry_count == 0;
    if ((reading->reason == REASON_NONE) == none) take->bad = true;
    return take->bad ? broken(cx, take) : ERR_OK;
}

static bool take_magic(Take *take, Slice magic)
{
    if (!slice_starts(take->rest, magic)) return false;
    take->rest = slice_sub(take->rest, magic.size, SIZE_MAX);
    return true;
}

Err wire_decode(Cx *cx, Slice bytes, Reading *ret_reading)
{
    if (bytes.size > LIMIT_READING_BYTES)
        return err_set(cx, ERR_LIMIT, "a reader's answer of %zu bytes", bytes.size);
    Take take = {bytes, false};
    Reading reading = {};
    if (!take_magic(&take, MAGIC_READING)) return broken(cx, &take);
    reading.media = (Media)take_small(&take, 1, MEDIA_COUNT - 1);
    reading.reason = (Reason)take_small(&take, 1, REASON_COUNT - 1);
    reading.detail = take_string(&take);
    size_t count = take_small(&take, 2, LIMIT_DRAFTS);
    if (take.bad || (reading.reason != REASON_NONE && count > 0)) return broken(cx, &take);
    for (size_t i = 0; i < count; i++) {
        Draft *draft = NULL;
        TRY(reading_add_draft(cx, &reading, &draft));
        TRY(take_draft(cx, &take, draft));
    }
    TRY(take_files(cx, &take, &reading));
    if (take.rest.size > 0) return broken(cx, &take);
    *ret_reading = reading;
    return ERR_OK;
}

Err wire_encode_seal(Cx *cx, const Seal *seal, Slice *ret_bytes)
{
    Text text = text_open(cx, LIMIT_READING_BYTES);
    text_add(&text, MAGIC_SEAL);
    put_seal(cx, &text, seal);
    return text_done(cx, &text, ret_bytes);
}

Err wire_decode_seal(Cx *cx, Slice bytes, Seal *ret_seal)
{
    Take take = {bytes, false};
    Seal seal = {};
    if (!take_magic(&take, MAGIC_SEAL)) return broken(cx, &take);
    TRY(take_seal(cx, &take, &seal));
    if (take.bad || take.rest.size > 0) return broken(cx, &take);
    *ret_seal = seal;
    return ERR_OK;
}

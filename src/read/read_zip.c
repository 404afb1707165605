#include "read/read_zip.h"

#include "base/limits.h"
#include "base/utf8.h"
#include "format/xml/xml.h"
#include "format/zip/zip.h"
#include "read/read_put.h"
#include "read/reader.h"

// A zip that is no document itself: the files in it are told one by one, and each is handed in as a
// document of its own (flow/unpack.h). Everything is unpacked once here, so that an archive which
// is damaged or hostile in its last entry is refused before the first is taken out.

static Reason reason_of(ZipTrouble trouble)
{
    if (trouble == ZIP_TROUBLE_HOSTILE) return REASON_HOSTILE;
    return trouble == ZIP_TROUBLE_ENCRYPTED ? REASON_ENCRYPTED : REASON_DAMAGED;
}

// Whether the archive says that a name is UTF-8 is not asked: some say it not though it is. What is
// neither is washed on its way out of here.
static Slice name_of(Cx *cx, Slice raw)
{
    Slice name = raw;
    if (!utf8_is(raw) && xml_from_chinese(cx, raw, &name) != ERR_OK) return raw;
    return name;
}

// What Finder, Explorer and office programs leave in a folder: nobody meant to hand it in.
static bool is_leftover(Slice name)
{
    static const Slice files[] = {SLICE("Thumbs.db"), SLICE("ehthumbs.db"), SLICE("desktop.ini"),
                                  SLICE("Icon\r")};
    Slice rest = name, part = {"", 0};
    for (bool done = false; slice_cut(&rest, '/', &done, &part);)
        if (slice_equal(part, SLICE("__MACOSX"))) return true;
    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++)
        if (slice_equal_nocase(part, files[i])) return true;
    return slice_starts(part, SLICE(".")) || slice_starts(part, SLICE("~$"));
}

static Err read_entry(Cx *cx, Zip *zip, size_t index, Reading *reading, ZipTrouble *trouble)
{
    if (zip_is_folder(zip, index)) return ERR_OK;
    Slice bytes = {}, name = name_of(cx, zip_name(zip, index));
    TRY(zip_read(cx, zip, index, &bytes, trouble));
    if (slice_empty(bytes) || is_leftover(name))
        reading->skipped[reading->skipped_count++] = name;
    else
        reading->entries[reading->entry_count++] =
            (ReadingEntry){.index = (uint32_t)index, .size = (uint32_t)bytes.size, .name = name};
    return ERR_OK;
}

static Err read_entries(Cx *cx, Zip *zip, Reading *reading, ZipTrouble *trouble)
{
    size_t count = zip_count(zip);
    reading->entries = arena_alloc(&cx->arena, (count + 1) * sizeof *reading->entries);
    reading->skipped = arena_alloc(&cx->arena, (count + 1) * sizeof *reading->skipped);
    for (size_t i = 0; i < count; i++)
        TRY(read_entry(cx, zip, i, reading, trouble));
    return ERR_OK;
}

Err read_zip(Cx *cx, const ReadJob *job, Reading *reading)
{
    Zip *zip = NULL;
    ZipTrouble trouble = ZIP_TROUBLE_NONE;
    Err err = zip_open(cx, job->bytes, &zip, &trouble);
    if (err == ERR_OK) err = read_entries(cx, zip, reading, &trouble);
    if (err != ERR_OK) {
        reading->entry_count = reading->skipped_count = 0;
        return read_put_reason(cx, reading, reason_of(trouble), err_text(cx));
    }
    if (reading->entry_count == 0) reading->reason = REASON_NO_FILES;
    return ERR_OK;
}

Err read_zip_entry(Cx *cx, Slice bytes, uint32_t index, Slice *ret_entry)
{
    Zip *zip = NULL;
    TRY(zip_open(cx, bytes, &zip, NULL));
    if (index >= zip_count(zip)) return err_set(cx, ERR_INPUT, "no entry %u", index);
    return zip_read(cx, zip, index, ret_entry, NULL);
}

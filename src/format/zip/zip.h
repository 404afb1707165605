// Zip: the entries of an archive in memory, read so strictly that two programs can't see two
// different archives in the same bytes. Everything lives in the arena; nothing is to be closed.
//
// Names are taken as they are meant (zip_path.h): with '/' where a writer put '\', without "./".
// Refused as hostile: names with "..", a leading '/', a drive letter or NUL; two entries of one
// name (ASCII letters compared without case; a name that is no UTF-8 is taken for GBK); a local
// header that tells another name, method, size or CRC than the central one; entries that overlap;
// two ends of the directory; an entry that unpacks to more than it says, or past LIMIT_ZIP_*.
//
// An index is the position in the central directory: the same in every pass over the same bytes.
// Threads: one a Zip. Callers: format/ofd/, read/.
#pragma once
#include "base/cx.h"

typedef enum ZipTrouble {
    ZIP_TROUBLE_NONE,
    ZIP_TROUBLE_DAMAGED,   // truncated, no archive, a wrong CRC, a method we do not know
    ZIP_TROUBLE_HOSTILE,   // built so that readers disagree, or a bomb
    ZIP_TROUBLE_ENCRYPTED, // an entry needs a password
} ZipTrouble;

typedef struct Zip Zip;

// Without an arena, and nothing checked: which of these names the directory holds, ASCII letters
// without case. Bit i = names[i]; `count` at most 32. false when no directory can be walked to its
// end: then *ret_found says nothing.
bool zip_peek(Slice bytes, const Slice *names, size_t count, unsigned *ret_found);

// The same, of a folder that was packed as it lay there: whether all entries lie in one folder, and
// `name` alone right in it (what begins with '.', and what Finder adds, aside).
bool zip_peek_wrapped(Slice bytes, Slice name);

// Checks the whole directory. ERR_INPUT, or ERR_LIMIT when over LIMIT_ZIP_*; `trouble` (may be
// NULL) then says which sort it is. `bytes` must outlive the Zip.
Err zip_open(Cx *cx, Slice bytes, Zip **ret_zip, ZipTrouble *trouble);
size_t zip_count(const Zip *zip);
// Names of an archive that zip_peek_wrapped holds for are from that folder on; else nothing
// changes. Indexes stay what they are.
void zip_enter(Zip *zip, Slice name);
// The name of an entry, not converted, a folder's with its '/' at the end. `index` < zip_count.
Slice zip_name(const Zip *zip, size_t index);
size_t zip_size(const Zip *zip, size_t index); // unpacked bytes
bool zip_is_folder(const Zip *zip, size_t index);
// By name: exactly, else without ASCII case. One leading '/' is skipped. false when there is none.
bool zip_find(const Zip *zip, Slice name, size_t *ret_index);
// The unpacked bytes, CRC checked; kept, so that a second call is free. `trouble` as above.
Err zip_read(Cx *cx, Zip *zip, size_t index, Slice *ret_bytes, ZipTrouble *trouble);

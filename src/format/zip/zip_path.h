// Zip_path: the names of entries. Only for files of this folder.
//
//   Doc_0/a.xml    as it should be                     APPNOTE 6.3.10, §4.4.17
//   Doc_0\a.xml    old .NET on Windows                 is Doc_0/a.xml
//   ./Doc_0/a.xml  bsdtar, of all names of a folder    is Doc_0/a.xml
//   no UTF-8       taken for GBK, as old programs write it here: the second byte of a pair may look
//                  like a letter or '\', and is neither
// A raw name is one as it stands in the archive; the functions without "raw" take settled ones.
#pragma once
#include "base/cx.h"

// Without "./" before it.
Slice zip_path_bare(Slice raw);
// Of a raw name what is meant: bare, and with '/'. ERR_LIMIT.
Err zip_path_settle(Cx *cx, Slice raw, Slice *ret_name);
// Not "", no ".." in it, not absolute, no drive, no NUL.
bool zip_path_is_harmless(Slice name);
// ASCII letters without case; 0 for names that are the same entry to some program.
int zip_path_compare(Slice a, Slice b);
// Whether a raw name is `name`, compared so.
bool zip_path_equal(Slice raw, Slice name);

// The one folder that all entries lie in, when there is one. Starts as {}.
typedef struct ZipFolder {
    Slice name;  // without a '/'
    bool found;  // the wanted file lies right in it
    bool parted; // something lies elsewhere, or another file right in it
} ZipFolder;

// Told each name, settled or bare. Names that begin with '.' are not counted as files, nor is what
// Finder adds in a folder beside it.
void zip_path_gather(ZipFolder *folder, Slice name, Slice wanted);
// A name from that folder on; "./", which nobody asks for, for the folder itself and what is
// beside.
Slice zip_path_within(const ZipFolder *folder, Slice name);

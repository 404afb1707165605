// Read_ofd_eyes: an OFD read with its pictures looked at; read_ofd (reader.h) reads it without.
//
// What looks is handed to the reader, so that a program which knows no pictures reads OFD, too:
// fapiao-read-xml does where QR codes are left out, and a fork of it costs a third.
#pragma once
#include "format/ofd/ofd.h"
#include "read/reader.h"

typedef struct OfdEyes {
    // read_ofd_qr_find, read_ofd_qr_apply
    Err (*find)(Cx *cx, Ofd *ofd, const OfdDoc *doc, const Draft *draft, size_t *pixels_left,
                Slice *ret_payload, size_t *ret_entry);
    Err (*apply)(Cx *cx, Slice graph_code, size_t *pixels_left, Draft *draft);
    size_t *pixels_left; // as in image_qr
} OfdEyes;

// NULL leaves QR codes alone, but for those that stand as text.
Err read_ofd_with(Cx *cx, const ReadJob *job, const OfdEyes *eyes, Reading *reading);
// With the eyes that there are, unless the job says skip_qr.
ReaderFn read_ofd_eyes;

// The table of readers, and what the reader process does with one document.
#pragma once
#include "read/reader.h"

// What the bytes are, by content alone: a file's name is never asked.
Media readers_sniff(Slice bytes);
// Sniff, read, say why not. Always answers a Reading.
void readers_read(Cx *cx, const ReadJob *job, Reading *ret_reading);
// The seal pass: parses only zip, Signature.xml and DER (OFD), or the signature dictionary (PDF).
// `trust_pem`: certificates, concatenated PEM, may be empty.
void readers_check_seal(Cx *cx, Slice bytes, Slice trust_pem, SealAnswer *ret_answer);
// What must be loaded before the jail closes: iconv modules, fontconfig, poppler's character maps.
void readers_warm(void);

// What a reader is: one row of a table, and what is done around each. Runs in the sandboxed child
// alone.
#pragma once
#include "model/reading.h"
#include "read/seal.h"

typedef struct ReadJob {
    Slice bytes;            // the document
    const SealAnswer *seal; // what the seal pass found; state ABSENT for media without seals
    bool skip_qr;
} ReadJob;

// Fills drafts, or entries, or reason. An Err is ERR_LIMIT (over a limit: REASON_HOSTILE),
// ERR_DENIED (needs a password), else damaged; a reader that knows better sets `reading->reason`
// before it returns the Err. `reading->media` is set already.
typedef Err ReaderFn(Cx *cx, const ReadJob *job, Reading *reading);

ReaderFn read_xml, read_ofd, read_pdf, read_image, read_zip;

// What the bytes are, by content alone: a file's name is never asked.
Media reader_sniff(Slice bytes);
// Sniff, read, say why not. Always answers a Reading. `readers`: one for each Media, NULL where
// this program has none.
void reader_run(Cx *cx, ReaderFn *const *readers, const ReadJob *job, Reading *ret_reading);
// All that a child does with one document: checks the seal, says the verdict before anything reads
// the document (decision 0026), reads, and answers the reading. `job->seal` is not asked.
typedef Err ReaderSay(Cx *cx, Slice answer);
Err reader_answer(Cx *cx, ReaderFn *const *readers, const ReadJob *job, Slice trust_pem,
                  ReaderSay *say, Slice *ret_answer);
// What must be loaded before the jail closes: iconv modules, OpenSSL.
void reader_warm(void);

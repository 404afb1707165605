// fapiao-read-xml: the small reader, for XML, for the files of a zip, and for OFD where QR codes
// are left out. No poppler, no pictures: a fork of it costs a third (decisions 0006, 0023).
//
//   fapiao-read-xml --zygote [--trust DIR]     started by sandbox/ (see sandbox/job.h)
//   fapiao-read-xml --hello                    likewise: which build it is
#include <stdio.h>
#include <string.h>

#include "read/read_zip.h"
#include "read/reader.h"
#include "sandbox/zygote.h"

static ReaderFn *const readers[MEDIA_COUNT] = {
    [MEDIA_XML] = read_xml, [MEDIA_OFD] = read_ofd, [MEDIA_ZIP] = read_zip};

static Err run(Cx *cx, const ZygoteJob *job, Slice *ret_answer)
{
    if (job->mode == JOB_UNPACK) return read_zip_entry(cx, job->document, job->entry, ret_answer);
    const ReadJob read_job = {.bytes = job->document, .skip_qr = job->skip_qr};
    return reader_answer(cx, readers, &read_job, job->trust_pem, zygote_say, ret_answer);
}

int main(int argc, char **argv)
{
    static const ZygoteWork work = {.warm = reader_warm, .sniff = reader_sniff, .run = run};
    const char *trust_dir = NULL;
    bool zygote = false;
    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--hello") == 0) return zygote_hello();
        if (strcmp(argv[i], "--zygote") == 0) zygote = true;
        if (strcmp(argv[i], "--trust") == 0 && i + 1 < argc) trust_dir = argv[++i];
    }
    if (zygote) return zygote_run(&work, trust_dir);
    fprintf(stderr, "fapiao-read-xml is started by fapiao; to read a file: fapiao read FILE\n");
    return 2;
}

#include "read/seal.h"

#include "read/reader.h"
#include "read/seal_ofd.h"
#include "read/seal_pdf.h"

// One reason for the whole document, where no signature could be looked at.
static void say(Cx *cx, SealState state, const char *reason, SealAnswer *ret_answer)
{
    SealVerdict verdict = {.state = SEAL_VALID};
    if (state == SEAL_BROKEN)
        seal_verdict_broken(cx, &verdict, "%s", reason);
    else
        seal_verdict_unchecked(cx, &verdict, "%s", reason);
    seal_verdict_join(cx, &verdict, 1, ret_answer);
}

static Err check_ofd(Cx *cx, Slice bytes, Slice trust_pem, SealAnswer *ret_answer)
{
    Zip *zip = NULL;
    ZipTrouble trouble = ZIP_TROUBLE_NONE;
    if (zip_open(cx, bytes, &zip, &trouble) != ERR_OK) {
        if (trouble == ZIP_TROUBLE_HOSTILE)
            say(cx, SEAL_BROKEN, "压缩包的结构有诈，签章不可信", ret_answer);
        else
            say(cx, SEAL_UNCHECKED, "压缩包已损坏，无法核对签章", ret_answer);
        return ERR_OK;
    }
    SealBox box;
    TRY(seal_ofd_open(cx, zip, &box));
    TRY(seal_ofd_check(cx, &box, trust_pem, ret_answer));
    ret_answer->zip = zip;
    return ERR_OK;
}

void seal_check(Cx *cx, Slice bytes, Slice trust_pem, SealAnswer *ret_answer)
{
    *ret_answer = (SealAnswer){.seal = {.state = SEAL_ABSENT}};
    Err err = ERR_OK;
    switch (reader_sniff(bytes)) {
    case MEDIA_OFD:
        err = check_ofd(cx, bytes, trust_pem, ret_answer);
        break;
    case MEDIA_PDF:
        err = seal_pdf_check(cx, bytes, trust_pem, ret_answer);
        break;
    case MEDIA_UNKNOWN:
    case MEDIA_XML:
    case MEDIA_IMAGE:
    case MEDIA_ZIP:
    case MEDIA_COUNT:
        break;
    }
    if (err != ERR_OK) say(cx, SEAL_UNCHECKED, "签章超出了可核对的大小", ret_answer);
}

#include "read/read_ofd_eyes.h"

#include "base/limits.h"
#include "read/read_ofd_qr.h"

Err read_ofd_eyes(Cx *cx, const ReadJob *job, Reading *reading)
{
    size_t pixels_left = LIMIT_QR_PIXELS;
    OfdEyes eyes = {read_ofd_qr_find, read_ofd_qr_apply, &pixels_left};
    return read_ofd_with(cx, job, job->skip_qr ? NULL : &eyes, reading);
}

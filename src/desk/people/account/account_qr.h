// A short text as a QR code: what an authenticator's camera reads.
#pragma once
#include "base/cx.h"

// An SVG of dark runs on white, with the quiet zone around it. ERR_LIMIT when it does not fit.
Err account_qr_svg(Cx *cx, Slice text, Slice *ret_svg);

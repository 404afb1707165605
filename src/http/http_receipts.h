// Routes of receipts: of a document, as a file and as a picture.
#pragma once
#include "http/routes.h"

RouteFn http_receipts_get, http_receipts_svg;

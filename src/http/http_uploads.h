// Uploads by the tus protocol 1.0.0: creation, termination, checksum, expiration.
#pragma once
#include "http/routes.h"

RouteFn http_uploads_options, http_uploads_create, http_uploads_head, http_uploads_patch,
    http_uploads_delete;

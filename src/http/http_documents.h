// Documents: hand in, ask, get back, try again.
#pragma once
#include "http/routes.h"

RouteFn http_documents_hand_in, http_documents_list, http_documents_get, http_documents_original,
    http_documents_retry;

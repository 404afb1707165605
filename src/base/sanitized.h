// Whether this is built with AddressSanitizer, which brings a malloc and address space of its own.
// gcc and clang say so differently.
#pragma once
#include <stdbool.h>

#if defined(__SANITIZE_ADDRESS__)
#define SANITIZED true
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define SANITIZED true
#endif
#endif
#ifndef SANITIZED
#define SANITIZED false
#endif

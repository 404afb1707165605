// Scope guards: declare with the resource, released on every path out.
#pragma once
#include <dirent.h>
#include <stdio.h>
#include <unistd.h>

#define AUTO_CLOSE __attribute__((cleanup(cleanup_fd)))
static inline void cleanup_fd(const int *fd)
{
    if (*fd >= 0) (void)close(*fd);
}
// Before its scope ends.
static inline void cleanup_fd_now(int *fd)
{
    cleanup_fd(fd);
    *fd = -1;
}

#define AUTO_FCLOSE __attribute__((cleanup(cleanup_file)))
static inline void cleanup_file(FILE **file)
{
    if (*file != NULL) (void)fclose(*file);
}

#define AUTO_CLOSEDIR __attribute__((cleanup(cleanup_dir)))
static inline void cleanup_dir(DIR **dir)
{
    if (*dir != NULL) (void)closedir(*dir);
}

#include "platter.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define SECTOR    512
#define PAGE      4096
#define NAME_SIZE 96
#define PATH_ROOM 1024

typedef struct File { // or folder
    uint64_t inode;   // 0: no name leads to it
    bool folder, mapped;
    size_t within;        // the folder it was named in last
    char name[NAME_SIZE]; // by which it was named last
    char *bytes;          // durable
    size_t size, room;
    char path[PATH_ROOM]; // while a folder is made anew
} File;

typedef struct Name {
    size_t folder, file; // in files
    char text[NAME_SIZE];
} Name;
typedef struct Names {
    Name *all;
    size_t count, room;
} Names;

typedef enum What { WRITE, TRUNCATE, ADD, REMOVE, MOVE } What;
typedef struct Change {
    What what;
    bool settled;   // durable
    bool forgotten; // its sync failed: no later one helps
    size_t file;    // whose bytes, or which is named
    size_t folder;
    uint64_t at, size; // WRITE: offset; TRUNCATE: size
    const char *bytes; // in the shared memory
    char name[NAME_SIZE], from[NAME_SIZE];
} Change;

struct Platter {
    PlatterOptions options;
    File *files; // [0] is the folder itself
    size_t file_count, file_room;
    Names kept, now; // durable names; those a program sees
    Change *changes;
    size_t change_count, change_room;
    bool forgets;  // a sync has failed since the last cut
    uint64_t read; // of the shim's events
};

static void *grown(void *bytes, size_t size, size_t *room, size_t count)
{
    if (count < *room) return bytes;
    *room = *room == 0 ? 64 : *room * 2;
    bytes = realloc(bytes, *room * size);
    if (bytes == NULL) abort();
    return bytes;
}

static size_t add_file(Platter *platter, uint64_t inode, bool folder)
{
    platter->files = grown(platter->files, sizeof(File), &platter->file_room, platter->file_count);
    platter->files[platter->file_count] = (File){.inode = inode, .folder = folder};
    return platter->file_count++;
}

static Change *add_change(Platter *platter, What what, size_t file)
{
    platter->changes =
        grown(platter->changes, sizeof(Change), &platter->change_room, platter->change_count);
    Change *change = &platter->changes[platter->change_count++];
    *change = (Change){.what = what, .file = file};
    return change;
}

// The newest with that number: numbers are used again.
static size_t file_by_inode(const Platter *platter, uint64_t inode)
{
    for (size_t i = platter->file_count; i-- > 0;)
        if (platter->files[i].inode == inode) return i;
    (void)fprintf(stderr, "platter: an unknown file, %llu\n", (unsigned long long)inode);
    abort();
}

static Name *find_name(const Names *names, size_t folder, const char *text)
{
    for (size_t i = 0; i < names->count; i++)
        if (names->all[i].folder == folder && strcmp(names->all[i].text, text) == 0)
            return &names->all[i];
    return NULL;
}

static void set_name(Names *names, size_t folder, const char *text, size_t file)
{
    Name *name = find_name(names, folder, text);
    if (name == NULL) {
        names->all = grown(names->all, sizeof(Name), &names->room, names->count);
        name = &names->all[names->count++];
        name->folder = folder;
        (void)snprintf(name->text, sizeof name->text, "%s", text);
    }
    name->file = file;
}

static void drop_name(Names *names, size_t folder, const char *text)
{
    Name *name = find_name(names, folder, text);
    if (name != NULL) *name = names->all[--names->count];
}

// The folder that a path lies in, as the program sees it; *ret_last its last name.
static size_t folder_of(const Platter *platter, const char *path, const char **ret_last)
{
    size_t folder = 0;
    for (const char *slash; (slash = strchr(path, '/')) != NULL; path = slash + 1) {
        char text[NAME_SIZE];
        (void)snprintf(text, sizeof text, "%.*s", (int)(slash - path), path);
        const Name *name = find_name(&platter->now, folder, text);
        if (name == NULL) abort();
        folder = name->file;
    }
    *ret_last = path;
    return folder;
}

// ---- what a change does to a file or to names ----

static void reach(File *file, size_t size)
{
    if (size > file->room) {
        file->room = size * 2;
        file->bytes = realloc(file->bytes, file->room);
        if (file->bytes == NULL) abort();
    }
    if (size > file->size) {
        memset(file->bytes + file->size, 0, size - file->size);
        file->size = size;
    }
}

static void apply_part(File *file, const Change *change, size_t skip, size_t size)
{
    reach(file, (size_t)change->at + skip + size);
    memcpy(file->bytes + change->at + skip, change->bytes + skip, size);
}

static void apply_to_names(Names *names, const Change *change)
{
    if (change->what == REMOVE || change->what == MOVE)
        drop_name(names, change->folder, change->what == MOVE ? change->from : change->name);
    if (change->what == ADD || change->what == MOVE)
        set_name(names, change->folder, change->name, change->file);
}

static void apply(Platter *platter, const Change *change)
{
    File *file = &platter->files[change->file];
    if (change->what == WRITE)
        apply_part(file, change, 0, (size_t)change->size);
    else if (change->what == TRUNCATE) {
        reach(file, (size_t)change->size);
        file->size = (size_t)change->size;
    } else
        apply_to_names(&platter->kept, change);
}

// ---- following the shim ----

static bool is_of(const Change *change, size_t file, bool folder)
{
    bool names = change->what >= ADD;
    return !change->settled && names == folder && (folder ? change->folder : change->file) == file;
}

static bool is_called(const Platter *platter, const File *file, const char *name)
{
    return strcmp(file->name, name) == 0 || strcmp(platter->files[file->within].name, name) == 0;
}

static bool disk_lies(const Platter *platter, const File *file)
{
    switch (platter->options.loss) {
    case PLATTER_HONEST:
        return false;
    case PLATTER_LIES:
        return true;
    case PLATTER_LIES_FOLDERS:
        return file->folder;
    case PLATTER_LIES_FILES:
        return is_called(platter, file, platter->options.lie_about);
    }
    return false;
}

static void on_sync(Platter *platter, size_t at)
{
    const File *file = &platter->files[at];
    if (disk_lies(platter, file)) return;
    for (size_t i = 0; i < platter->change_count; i++) {
        Change *change = &platter->changes[i];
        if (!is_of(change, at, file->folder) || change->forgotten) continue;
        apply(platter, change);
        change->settled = true;
    }
}

static void on_failed_sync(Platter *platter, size_t at)
{
    platter->forgets = true;
    for (size_t i = 0; i < platter->change_count; i++)
        if (is_of(&platter->changes[i], at, false)) platter->changes[i].forgotten = true;
}

// A page that is written again is dirty again, with all that stands in it.
static void remember_page(Platter *platter, size_t file, uint64_t page)
{
    if (!platter->forgets) return;
    for (size_t i = 0; i < platter->change_count; i++) {
        Change *change = &platter->changes[i];
        if (change->forgotten && change->what == WRITE && change->file == file &&
            change->at / PAGE == page)
            change->forgotten = false;
    }
}

// Page by page: that is how a system writes them out.
static void on_write(Platter *platter, size_t file, uint64_t at, const char *bytes, size_t size)
{
    while (size > 0) {
        size_t part = PAGE - (size_t)(at % PAGE);
        if (part > size) part = size;
        remember_page(platter, file, at / PAGE);
        Change *change = add_change(platter, WRITE, file);
        change->at = at;
        change->size = part;
        change->bytes = bytes;
        at += part;
        bytes += part;
        size -= part;
    }
}

// What a program that opened the file now would read.
static void tell_published(const Platter *platter, size_t at)
{
    File copy = platter->files[at];
    copy.bytes = NULL;
    copy.size = copy.room = 0;
    reach(&copy, platter->files[at].size);
    if (copy.size > 0) memcpy(copy.bytes, platter->files[at].bytes, copy.size);
    for (size_t i = 0; i < platter->change_count; i++) {
        const Change *change = &platter->changes[i];
        if (!is_of(change, at, false)) continue;
        if (change->what == WRITE) apply_part(&copy, change, 0, (size_t)change->size);
        if (change->what == TRUNCATE) copy.size = (size_t)change->size;
    }
    platter->options.published(platter->options.self, copy.bytes, copy.size);
    free(copy.bytes);
}

static void on_name(Platter *platter, const ShimEvent *event, const char *text)
{
    const char *last = NULL, *to = text + strlen(text) + 1;
    size_t folder = folder_of(platter, text, &last), file = 0;
    const Name *name = find_name(&platter->now, folder, last);
    What what = ADD;
    if (event->did == SHIM_DID_CREATE || event->did == SHIM_DID_MKDIR)
        file = add_file(platter, event->file, event->did == SHIM_DID_MKDIR);
    else if (name == NULL)
        abort();
    else
        file = name->file;
    if (event->did == SHIM_DID_UNLINK) what = REMOVE;
    if (event->did == SHIM_DID_RENAME) what = MOVE;
    const char *from = last;
    if (event->did == SHIM_DID_LINK || event->did == SHIM_DID_RENAME) {
        size_t other = folder_of(platter, to, &last);
        if (what == MOVE && other != folder) abort(); // nothing here moves between folders
        folder = other;
    }
    Change *change = add_change(platter, what, file);
    change->folder = folder;
    (void)snprintf(change->name, sizeof change->name, "%s", last);
    (void)snprintf(change->from, sizeof change->from, "%s", from);
    if (what != REMOVE) {
        platter->files[file].within = folder;
        (void)snprintf(platter->files[file].name, NAME_SIZE, "%s", last);
    }
    apply_to_names(&platter->now, change);
    if (what != REMOVE && strcmp(last, "checkpoint") == 0 && platter->options.published != NULL)
        tell_published(platter, file);
}

static void take(Platter *platter, const ShimEvent *event, const char *bytes)
{
    switch ((ShimDid)event->did) {
    case SHIM_DID_CREATE:
    case SHIM_DID_MKDIR:
    case SHIM_DID_LINK:
    case SHIM_DID_RENAME:
    case SHIM_DID_UNLINK:
        on_name(platter, event, bytes);
        return;
    case SHIM_DID_WRITE:
        on_write(platter, file_by_inode(platter, event->file), event->at, bytes, event->size);
        return;
    case SHIM_DID_TRUNCATE:
        add_change(platter, TRUNCATE, file_by_inode(platter, event->file))->size = event->at;
        return;
    case SHIM_DID_SYNC:
        on_sync(platter, file_by_inode(platter, event->file));
        return;
    case SHIM_DID_NOT_SYNC:
        on_failed_sync(platter, file_by_inode(platter, event->file));
        return;
    case SHIM_DID_MAP:
        platter->files[file_by_inode(platter, event->file)].mapped = true;
        return;
    }
}

// Settled changes need no memory.
static void compact(Platter *platter)
{
    size_t kept = 0;
    for (size_t i = 0; i < platter->change_count; i++)
        if (!platter->changes[i].settled) platter->changes[kept++] = platter->changes[i];
    platter->change_count = kept;
}

void platter_follow(Platter *platter)
{
    const ShimShared *shared = platter->options.shared;
    while (platter->read < shared->size) {
        const char *at = shared->events + platter->read;
        ShimEvent event;
        memcpy(&event, at, sizeof event);
        take(platter, &event, at + sizeof event);
        platter->read += (sizeof event + event.size + 7) / 8 * 8;
        if (event.did == SHIM_DID_SYNC) compact(platter);
    }
}

// ---- the cut ----

// One cut is one temper: a disk that wrote nearly all, nearly nothing, in order, in pieces.
typedef struct Temper {
    unsigned keep, tear; // per cent
    size_t in_order;     // changes before are whole; SIZE_MAX = any order
} Temper;

static unsigned roll(WorldFake *dice, unsigned below)
{
    uint64_t random = 0;
    dice->world.random(dice, &random, sizeof random);
    return (unsigned)(random % below);
}

// A disk that lies about syncs keeps at most half: else it would lose too little to be seen.
static Temper temper_of(const Platter *platter, WorldFake *dice)
{
    if (dice == NULL) return (Temper){.in_order = 0}; // nothing at all
    static const unsigned keeps[] = {0, 10, 50, 90, 99}, tears[] = {0, 30, 100};
    bool honest = platter->options.loss == PLATTER_HONEST;
    Temper temper = {keeps[roll(dice, honest ? 5 : 3)], tears[roll(dice, 3)], SIZE_MAX};
    size_t most = honest ? platter->change_count : platter->change_count / 2;
    if (roll(dice, 3) == 0) temper.in_order = roll(dice, (unsigned)most + 1);
    return temper;
}

static void tear(Platter *platter, const Change *change, WorldFake *dice, bool any)
{
    File *file = &platter->files[change->file];
    for (size_t skip = 0; any && skip < change->size;) {
        size_t part = SECTOR - (size_t)((change->at + skip) % SECTOR);
        if (part > change->size - skip) part = (size_t)change->size - skip;
        if (roll(dice, 2) == 0) apply_part(file, change, skip, part);
        skip += part;
    }
    if (roll(dice, 2) == 0) reach(file, (size_t)(change->at + change->size)); // the size came first
}

static void settle(Platter *platter, const Temper *temper, WorldFake *dice, size_t at,
                   uint64_t *lost)
{
    const Change *change = &platter->changes[at];
    bool whole =
        temper->in_order != SIZE_MAX ? at < temper->in_order : roll(dice, 100) < temper->keep;
    if (change->forgotten) whole = false;
    if (whole) {
        apply(platter, change);
        return;
    }
    (*lost)++;
    if (change->what == WRITE && dice != NULL)
        tear(platter, change, dice, roll(dice, 100) < temper->tear);
}

// A file that was written through memory holds anything.
static void scramble(Platter *platter, WorldFake *dice)
{
    for (size_t i = 0; i < platter->file_count; i++) {
        File *file = &platter->files[i];
        if (!file->mapped) continue;
        file->mapped = false;
        if (dice == NULL || roll(dice, 2) == 0) file->size = 0;
        if (dice != NULL && roll(dice, 2) == 0) dice->world.random(dice, file->bytes, file->size);
    }
}

static void remove_below(const char *path)
{
    DIR *dir = opendir(path);
    if (dir == NULL) abort();
    for (const struct dirent *entry; (entry = readdir(dir)) != NULL;) {
        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0) continue;
        char below[PATH_ROOM];
        (void)snprintf(below, sizeof below, "%s/%s", path, entry->d_name);
        struct stat info;
        if (lstat(below, &info) != 0) abort();
        if (S_ISDIR(info.st_mode)) remove_below(below);
        if (remove(below) != 0) abort();
    }
    (void)closedir(dir);
}

static void write_file(const char *path, const File *file)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd < 0) abort();
    for (size_t done = 0; done < file->size;) {
        ssize_t n = write(fd, file->bytes + done, file->size - done);
        if (n <= 0) abort();
        done += (size_t)n;
    }
    (void)close(fd);
}

// Gives each file its new number, and 0 to those that no name leads to.
static void make_below(Platter *platter, size_t folder, const char *path)
{
    for (size_t i = 0; i < platter->kept.count; i++) {
        const Name *name = &platter->kept.all[i];
        if (name->folder != folder) continue;
        File *file = &platter->files[name->file];
        char below[PATH_ROOM];
        (void)snprintf(below, sizeof below, "%s/%s", path, name->text);
        if (file->folder && mkdir(below, 0700) != 0) abort();
        if (file->inode != 0) { // it has a name already
            if (link(file->path, below) != 0) abort();
            continue;
        }
        if (!file->folder) write_file(below, file);
        struct stat info;
        if (stat(below, &info) != 0) abort();
        file->inode = info.st_ino;
        (void)snprintf(file->path, sizeof file->path, "%s", below);
        if (file->folder) make_below(platter, name->file, below);
    }
}

void platter_cut(Platter *platter, WorldFake *dice, uint64_t *ret_lost)
{
    platter_follow(platter);
    uint64_t lost = 0;
    Temper temper = temper_of(platter, dice);
    for (size_t i = 0; i < platter->change_count; i++)
        settle(platter, &temper, dice, i, &lost);
    scramble(platter, dice);
    platter->change_count = 0;
    for (size_t i = 1; i < platter->file_count; i++)
        platter->files[i].inode = 0;
    remove_below(platter->options.shared->root);
    make_below(platter, 0, platter->options.shared->root);
    for (size_t i = 1; i < platter->file_count; i++)
        if (platter->files[i].inode == 0) {
            free(platter->files[i].bytes);
            platter->files[i].bytes = NULL;
            platter->files[i].size = platter->files[i].room = 0;
        }
    platter->forgets = false;
    platter->now.count = 0;
    for (size_t i = 0; i < platter->kept.count; i++)
        set_name(&platter->now, platter->kept.all[i].folder, platter->kept.all[i].text,
                 platter->kept.all[i].file);
    platter->options.shared->size = platter->read = 0;
    *ret_lost = lost;
}

// ---- opening, comparing ----

Platter *platter_open(const PlatterOptions *options)
{
    Platter *platter = calloc(1, sizeof *platter);
    struct stat info;
    if (platter == NULL || stat(options->shared->root, &info) != 0) abort();
    platter->options = *options;
    (void)add_file(platter, info.st_ino, true);
    platter->options.shared->size = 0;
    return platter;
}

void platter_close(Platter *platter)
{
    for (size_t i = 0; i < platter->file_count; i++)
        free(platter->files[i].bytes);
    free(platter->files);
    free(platter->kept.all);
    free(platter->now.all);
    free(platter->changes);
    free(platter);
}

void platter_trust(Platter *platter, PlatterLoss loss, const char *lie_about)
{
    platter->options.loss = loss;
    platter->options.lie_about = lie_about;
}

static bool same(const Platter *platter, const Name *name, const char *path)
{
    const File *file = &platter->files[name->file];
    struct stat info;
    if (stat(path, &info) != 0 || info.st_ino != file->inode) return false;
    if (file->folder || file->mapped) return true;
    File whole = {};
    reach(&whole, file->size);
    if (file->size > 0) memcpy(whole.bytes, file->bytes, file->size);
    for (size_t i = 0; i < platter->change_count; i++) {
        const Change *change = &platter->changes[i];
        if (!is_of(change, name->file, false)) continue;
        if (change->what == WRITE) apply_part(&whole, change, 0, (size_t)change->size);
        if (change->what != TRUNCATE) continue;
        reach(&whole, (size_t)change->size);
        whole.size = (size_t)change->size;
    }
    bool good = (size_t)info.st_size == whole.size;
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    char *bytes = malloc(whole.size + 1);
    if (fd < 0 || bytes == NULL) abort();
    good = good && read(fd, bytes, whole.size) == (ssize_t)whole.size &&
           (whole.size == 0 || memcmp(bytes, whole.bytes, whole.size) == 0);
    (void)close(fd);
    free(bytes);
    free(whole.bytes);
    return good;
}

static size_t count_below(const char *path)
{
    size_t count = 0;
    DIR *dir = opendir(path);
    if (dir == NULL) abort();
    for (const struct dirent *entry; (entry = readdir(dir)) != NULL;)
        if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0) count++;
    (void)closedir(dir);
    return count;
}

static bool matches_below(const Platter *platter, size_t folder, const char *path)
{
    size_t count = 0;
    for (size_t i = 0; i < platter->now.count; i++) {
        const Name *name = &platter->now.all[i];
        if (name->folder != folder) continue;
        count++;
        char below[PATH_ROOM];
        (void)snprintf(below, sizeof below, "%s/%s", path, name->text);
        if (!same(platter, name, below)) {
            (void)fprintf(stderr, "platter: '%s' was changed past the shim\n", below);
            return false;
        }
        if (platter->files[name->file].folder && !matches_below(platter, name->file, below))
            return false;
    }
    if (count == count_below(path)) return true;
    (void)fprintf(stderr, "platter: names in '%s' were changed past the shim\n", path);
    return false;
}

bool platter_matches(const Platter *platter)
{
    return matches_below(platter, 0, platter->options.shared->root);
}

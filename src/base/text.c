#include "base/text.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>

Text text_open(Cx *cx, size_t ceiling)
{
    assert(ceiling > 0);
    return (Text){.arena = &cx->arena, .ceiling = ceiling};
}

static bool make_room(Text *text, size_t room)
{
    if (text->room == 0 || !arena_extend(text->arena, text->data, text->room, room)) {
        char *data = arena_try_alloc(text->arena, room);
        if (data == NULL) return false;
        if (text->size > 0) memcpy(data, text->data, text->size);
        text->data = data;
    }
    text->room = room;
    return true;
}

// Room for `more` bytes, or NULL and full.
static char *room_for(Text *text, size_t more)
{
    if (text->full || more > text->ceiling - text->size) {
        text->full = true;
        return NULL;
    }
    if (more > text->room - text->size) {
        size_t room = text->room == 0 ? 256 : text->room * 2;
        while (room < text->size + more)
            room *= 2;
        if (room > text->ceiling) room = text->ceiling;
        if (!make_room(text, room)) {
            text->full = true;
            return NULL;
        }
    }
    return text->data + text->size;
}

void text_add(Text *text, Slice s)
{
    if (s.size == 0) return;
    char *at = room_for(text, s.size);
    if (at == NULL) return;
    memcpy(at, s.data, s.size);
    text->size += s.size;
}

void text_byte(Text *text, char c)
{
    char *at = room_for(text, 1);
    if (at == NULL) return;
    *at = c;
    text->size++;
}

void text_between(Text *text, char before, Slice s, char after)
{
    char *at = s.size > SIZE_MAX - 2 ? NULL : room_for(text, s.size + 2);
    if (at == NULL) return;
    at[0] = before;
    if (s.size > 0) memcpy(at + 1, s.data, s.size);
    at[s.size + 1] = after;
    text->size += s.size + 2;
}

char *text_take(Text *text, size_t size)
{
    char *at = room_for(text, size);
    if (at != NULL) text->size += size;
    return at;
}

void text_printf(Text *text, const char *format, ...)
{
    char brief[256]; // nearly all fit, and are printed once
    va_list args, again;
    va_start(args, format);
    va_copy(again, args);
    int size = vsnprintf(brief, sizeof brief, format, args);
    va_end(args);
    assert(size >= 0);
    // vsnprintf writes a NUL behind the text; that byte is room, not content.
    char *at = room_for(text, (size_t)size + 1);
    if (at != NULL) {
        if ((size_t)size < sizeof brief)
            memcpy(at, brief, (size_t)size);
        else
            (void)vsnprintf(at, (size_t)size + 1, format, again);
        text->size += (size_t)size;
    }
    va_end(again);
}

Slice text_so_far(const Text *text)
{
    return text->size == 0 ? (Slice){"", 0} : (Slice){text->data, text->size};
}

Err text_done(Cx *cx, const Text *text, Slice *ret_slice)
{
    if (text->full) return err_set(cx, ERR_LIMIT, "text is over %zu bytes", text->ceiling);
    *ret_slice = text_so_far(text);
    return ERR_OK;
}

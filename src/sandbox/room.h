// Room: what a child finds of malloc when the zygote forks it.
//
// Each page that a child writes to costs it a fault and a copy, three microseconds, and warming
// leaves thousands of free pieces strewn over the heap: a child would take its memory from them, a
// page here, a page there. So the zygote takes all of them first, and keeps them: what is left is
// the end of the heap, in one piece, of which each child has the first pages made ready at once.
//
// Callers: zygote.c. Does nothing under a sanitizer, which has a malloc of its own.
#pragma once
#include <stddef.h>

// In the zygote, once, when it is warm and before it has forked.
void room_settle(void);
// In the child, before anything is allocated. `document`: the size of what it is going to read.
void room_ready(size_t document);

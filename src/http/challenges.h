// Challenges: a proof of work against robots, without an outside service and without a picture that
// some people cannot see.
//
// The server hands out a text that it has sealed with a key of this process; whoever wants in finds
// a number so that SHA-256(text "." number) begins with `bits` zero bits, which takes a browser
// 2^bits tries (18: a quarter of a second to two), and shows both. A text works once and for a few
// minutes; what was used is remembered until it has run out. Thread-safe.
#pragma once
#include "base/cx.h"

typedef struct Challenges Challenges;

#define CHALLENGES_BITS 18

Challenges *challenges_open(const World *world, int bits);
void challenges_close(Challenges *challenges); // takes NULL
int challenges_bits(const Challenges *challenges);
// A new text in the arena: printable ASCII, at most 128 bytes.
Slice challenges_new(Cx *cx, Challenges *challenges);
// `answer`: the text, a dot, the number in decimal. Takes it: a second time it is false. False as
// well when too many answers were taken lately.
bool challenges_take(Cx *cx, Challenges *challenges, Slice answer);

// Powercut: a folder is written, the power goes at a random change, and what a disk would still
// hold is opened again. Nothing that was told may be lost, nothing may be there twice, and no two
// roots may ever be published for one size.
//
// One folder lives through many cuts; between them the process is sometimes only killed, so that
// the next one finds what no disk holds yet, and sometimes a sync fails before that. Every choice
// follows from the seed; with one document in flight (two rounds of five) the run does, too.
//
// Control: the same with a disk that only pretends to sync. There the checks must find the loss,
// when nothing is synced in at least POWERCUT_PERCENT of the rounds: a test that can't fail is
// worth nothing.
#pragma once
#include "trial.h"

#define POWERCUT_PERCENT 90

// Dies, and says how to repeat it, when a check fails.
void powercut_run(Trial *trial, uint64_t cuts);
// A kill right after each change of a name in turn, a process that goes on from there, and a cut
// that keeps nothing but what was synced: what the second one built on must have been made durable.
void powercut_names(Trial *trial);
// Many at once, and the power goes as soon as some of them were told: a disk holds what was synced
// and nothing else.
void powercut_rush(Trial *trial, uint64_t rounds);
// Every control, so many rounds each. How many failed; *ret_count of how many.
unsigned powercut_control(Trial *trial, uint64_t rounds, unsigned *ret_count);

// Copies: a file in which the same invoice is printed twice (发票联 and 抵扣联, or printed into one
// file twice by mistake) has its lines as often.
#pragma once
#include "model/draft.h"

// Lines that are nothing but the same list once more are dropped, when one of the lists gives the
// invoice's amount and all of them do not; so is "(详见销货清单)" beside them. A list whose pages
// happen to be alike stays.
void read_copies_drop(Cx *cx, Draft *draft);

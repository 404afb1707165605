// Values of a special business: from elements of their own, or said in the remark
// ("土地增值税项目编号：… 跨地（市）标志：否").
#pragma once
#include "model/draft.h"

// draft_add_extra; long texts are cut, dates of 17 digits (20240131120000000) are made readable.
Err read_extra_put(Cx *cx, Draft *draft, const char *name, Slice raw, Source source);
// What the remark says behind labels of model/extra.h and a colon, up to the next label, a
// semicolon or the end. The source is that of the remark.
Err read_extra_of_remark(Cx *cx, Draft *draft);

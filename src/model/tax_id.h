// Tax ids: 统一社会信用代码 (GB 32100-2015) and older forms.
#pragma once
#include "base/slice.h"

typedef enum TaxIdCheck {
    TAX_ID_OK,
    TAX_ID_BAD_CHECK, // 18 characters whose check character is wrong: a few early legal ones are so
    TAX_ID_NO_CHECK,  // 15, 17 or 20 characters: nothing to check
    TAX_ID_BAD_FORM,  // not 15-20 of [0-9A-Z]
} TaxIdCheck;
TaxIdCheck tax_id_check(Slice tax_id);

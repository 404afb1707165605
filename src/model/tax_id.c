#include "model/tax_id.h"

// GB 32100-2015 §4.4: 31 characters without I O S V Z; weights 3^i mod 31; the last character makes
// the weighted sum a multiple of 31.
static const char alphabet[] = "0123456789ABCDEFGHJKLMNPQRTUWXY";

static bool is_tax_id_char(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z');
}

// Positions 1-17 are a citizen's 18-character id when they hold digits alone: its check character
// is ISO 7064 MOD 11-2, another rule (natural persons and 个体 have such tax ids).
static bool is_personal(Slice tax_id)
{
    static const int weights[17] = {7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2};
    if (!slice_digits(slice_sub(tax_id, 0, 17))) return false;
    int sum = 0;
    for (size_t i = 0; i < 17; i++)
        sum += (tax_id.data[i] - '0') * weights[i];
    return tax_id.data[17] == "10X98765432"[sum % 11];
}

TaxIdCheck tax_id_check(Slice tax_id)
{
    if (tax_id.size < 15 || tax_id.size > 20) return TAX_ID_BAD_FORM;
    for (size_t i = 0; i < tax_id.size; i++)
        if (!is_tax_id_char(tax_id.data[i])) return TAX_ID_BAD_FORM;
    if (tax_id.size != 18) return TAX_ID_NO_CHECK;
    if (is_personal(tax_id)) return TAX_ID_OK;

    int sum = 0, weight = 1, check = 0;
    for (size_t i = 0; i < 18; i++) {
        const char *at = memchr(alphabet, tax_id.data[i], sizeof alphabet - 1);
        if (at == NULL) return TAX_ID_BAD_CHECK;
        int value = (int)(at - alphabet);
        if (i == 17)
            check = value;
        else
            sum += value * weight;
        weight = weight * 3 % 31;
    }
    return check == (31 - sum % 31) % 31 ? TAX_ID_OK : TAX_ID_BAD_CHECK;
}

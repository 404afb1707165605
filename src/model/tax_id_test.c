#include "model/tax_id.h"

#include "base/test.h"

TEST("tax_id: the check character of GB 32100, and what has none")
{
    static const struct {
        Slice tax_id;
        TaxIdCheck check;
    } cases[] = {
        {SLICE("91110302562134916R"), TAX_ID_OK},
        {SLICE("12120000777323722X"), TAX_ID_OK},
        {SLICE("91440104MA59DH4Y5U"), TAX_ID_OK},
        {SLICE("91330108MA27Y5XH5G"), TAX_ID_OK},
        {SLICE("91500106MA2CE71F65"), TAX_ID_BAD_CHECK}, // vendor's test data
        {SLICE("91350100M0001TGQXM"), TAX_ID_BAD_CHECK}, // legal all the same
        {SLICE("91110302562134916S"), TAX_ID_BAD_CHECK}, // S is not in the alphabet
        {SLICE("11010519491231002X"), TAX_ID_OK},        // a citizen's id, ISO 7064
        {SLICE("440300708461136"), TAX_ID_NO_CHECK},
        {SLICE("32040419760706081301"), TAX_ID_NO_CHECK},
        {SLICE("91110302562134916"), TAX_ID_NO_CHECK},
        {SLICE("91110302562134916r"), TAX_ID_BAD_FORM},
        {SLICE("9111000007311XXX北"), TAX_ID_BAD_FORM},
        {SLICE("1234"), TAX_ID_BAD_FORM},
        {SLICE(""), TAX_ID_BAD_FORM},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        EXPECT(tax_id_check(cases[i].tax_id) == cases[i].check);
}

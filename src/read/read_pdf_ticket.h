// Tickets: 铁路电子客票, and what it has in common with others.
#pragma once
#include "read/read_pdf_vat.h"

// ERR_LIMIT only.
Err read_pdf_ticket_rail(Cx *cx, const PageWords *words, Draft *draft);
// The value right of the first such label, into a field of text. ERR_LIMIT only.
Err read_pdf_ticket_text(Cx *cx, const PageWords *words, Label label, Field field, Draft *draft);
// The first word right of such a label that is an amount. ERR_LIMIT only.
Err read_pdf_ticket_money(Cx *cx, const PageWords *words, Label label, Field field, Draft *draft);

// Post: a secret on its way to a person: the ticket and the message that carries it, in one
// transaction; and the way back.
#pragma once
#include "desk/people/account/account_row.h"
#include "desk/people/account/account_ticket.h"

typedef struct AccountPost {
    const Accounts *accounts;
    AccountTicket ticket; // kind NULL = a message without a secret
    Slice sealed;
    AccountMessage message;
} AccountPost;

// To the mail address or phone of the row. ERR_STORE when there is nobody to send by.
Err account_post_make(Cx *cx, Accounts *accounts, const AccountRow *row, AccountOccasion occasion,
                      AccountPost *ret_post);
// In the writer's transaction.
Err account_post_put(Cx *cx, Db *db, const AccountPost *post);

// The live ticket of an occasion and its account. ERR_MISSING.
Err account_post_by_token(Cx *cx, Accounts *accounts, AccountOccasion occasion, Slice token,
                          AccountTicket *ret_ticket, AccountRow *ret_row);
// By a name of the account and the code, of which a try is taken first.
Err account_post_by_code(Cx *cx, Accounts *accounts, AccountOccasion occasion, Slice login,
                         Slice code, AccountTicket *ret_ticket, AccountRow *ret_row);

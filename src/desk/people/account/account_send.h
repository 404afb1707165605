// What accounts say to people, put into the outbox (desk/people/notify). What most programs give
// account_open to send by.
#pragma once
#include "desk/people/account/account.h"

// `self` is the Store.
AccountSend account_send;

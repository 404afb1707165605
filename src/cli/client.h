// Client: a command that finds the folder's lock taken asks the server that holds it, through
// DIR/fapiao.sock, as the local administrator.
#pragma once
#include "desk/invoice/document/document_view.h"

typedef struct Client Client;

typedef struct ClientReply {
    int status;
    Slice body;
    Slice location, reference; // headers Location, Fapiao-Reference; "" when not there
} ClientReply;

// ERR_MISSING when no server answers there.
Err client_open(Cx *cx, const char *folder, Client **ret_client);
void client_close(Client *client); // takes NULL
// All that is asked from now on is asked in that organisation, which is there (cli/cli_tenant.h).
void client_organisation(Client *client, Slice tenant);
// `headers`: "A: b" lines, NULL at the end; may itself be NULL. ERR_STORE when the server went
// away.
Err client_ask(Cx *cx, Client *client, const char *method, const char *target,
               const char *const *headers, Slice body, ClientReply *ret_reply);
// Hands a document in (in chunks when it is large) and waits until it is decided. *ret_document is
// the Document of the API. *ret_refused is why its bytes were not kept (empty, too large, no room),
// and then there is none; any other refusal is an Err with the server's reason.
Err client_hand_in(Cx *cx, Client *client, Slice file_name, Slice bytes, Slice *ret_document,
                   Reason *ret_refused);
// A document as it stands, once it is decided or `wait_ms` have passed.
Err client_document(Cx *cx, Client *client, Slice reference, uint64_t wait_ms, Slice *ret_document);
// A Document of the API as the desk shows it, so that both ways print the same line.
Err client_view(Cx *cx, Slice document, DocumentView *ret_view);
// Of a zip, or a duplicate of one: all that came out of it, zips in it joined (container.h), when
// they are decided, or a while has passed.
Err client_entries(Cx *cx, Client *client, DocumentView *view);

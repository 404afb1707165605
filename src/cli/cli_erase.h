// fapiao erase: a document's content erased for good, by two persons; the local administrator is
// one.
#pragma once

int cli_erase(int argc, char **argv);

// fapiao original --data DIR [--key-file FILE] [--out FILE] REFERENCE: the original bytes, to
// standard output or a new file. Works beside a running server. Exit: 0; 1 when there is no such
// document or it could not be written; 2 wrong usage.
#pragma once

int cli_original(int argc, char **argv);

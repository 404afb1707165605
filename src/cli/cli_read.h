// fapiao read [--json] [--no-qr] [--trust DIR] FILE…: read files, keep nothing.
//
// Standard output: with --json one line a file (model/reading_json.h), else text for people.
// Exit: 0 an invoice was read, 3 readable but none, 4 damaged, encrypted or hostile, 2 wrong usage
// or a file that is not there; of several files the highest.
#pragma once

int cli_read(int argc, char **argv);

// fapiao doctor [--data DIR] [--key-file FILE]: what this machine and this data folder are like.
// Exit: 0 all is well, 1 something is not.
#pragma once

int cli_doctor(int argc, char **argv);

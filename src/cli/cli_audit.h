// fapiao audit --data DIR: is everything in the folder what it was when it was written?
//
// 0 all is well, 1 something was found, 2 called wrongly, 3 it could not be looked at.
#pragma once

int cli_audit(int argc, char **argv);

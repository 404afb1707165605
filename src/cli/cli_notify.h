// fapiao notify list [STATE]        --data DIR [--key-file FILE]
// fapiao notify show ID             … with the text, as long as it is not sent
// fapiao notify retry ID
// fapiao notify test CHANNEL TO     mail sms wecom dingtalk feishu
// fapiao notify set NAME VALUE…     several pairs at once; VALUE "-" = a line of standard input
// fapiao notify settings
//
// Messages to people (docs/operate/notify.md). list prints a JSON line each, newest first, at most
// a hundred. While a server runs, what changes something goes through it, and it sends at once;
// without one a message waits for the next start. Exit: 0, 1 when it can't be done, 2 usage.
#pragma once

int cli_notify(int argc, char **argv);

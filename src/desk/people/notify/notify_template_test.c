#include "desk/people/notify/notify_template.h"

#include "base/limits.h"
#include "base/test.h"

static const Slice languages[] = {SLICE("zh"), SLICE("en")};

// With all that it needs, each value being its own name in upper case brackets.
static NotifyMessage whole(Cx *cx, size_t index, Slice language)
{
    NotifyMessage message = {.tenant = SLICE("t"),
                             .channel = "mail",
                             .template = notify_template_name(index),
                             .language = language};
    Slice rest = slice_of(notify_template_needs(index)), name;
    bool done = false;
    for (size_t i = 0; slice_cut(&rest, ' ', &done, &name); i++) {
        const char *copy = cx_printf(cx, SLICE_FMT, SLICE_ARG(name)).data;
        message.values[i] = (NotifyValue){copy, cx_printf(cx, "[%s]", copy)};
    }
    return message;
}

TEST("notify_template: each says all that it needs in both languages, and leaves no brace")
{
    size_t count = 0;
    for (; notify_template_name(count) != NULL; count++)
        for (int l = 0; l < 2; l++) {
            NotifyMessage message = whole(cx, count, languages[l]);
            Slice subject, text;
            EXPECT_OK(notify_template_print(cx, &message, &subject, &text));
            EXPECT(subject.size > 0 && slice_find(subject, SLICE("\n")) == SLICE_NONE);
            EXPECT(slice_find(subject, SLICE("{")) == SLICE_NONE);
            EXPECT(slice_find(text, SLICE("{")) == SLICE_NONE);
            for (size_t i = 0; message.values[i].name != NULL; i++)
                EXPECT(slice_find(text, message.values[i].value) != SLICE_NONE ||
                       slice_find(subject, message.values[i].value) != SLICE_NONE);
            // One that is missing is told of.
            if (message.values[0].name == NULL) continue;
            message.values[0] = (NotifyValue){};
            EXPECT(notify_template_print(cx, &message, &subject, &text) == ERR_INPUT);
        }
    EXPECT(count == 14);
}

TEST("notify_template: what goes by SMS is one line")
{
    for (size_t i = 0; notify_template_name(i) != NULL; i++) {
        const char *name = notify_template_name(i);
        if (strcmp(name, "confirm_phone") != 0 && strcmp(name, "reset_password_sms") != 0) continue;
        for (int l = 0; l < 2; l++) {
            NotifyMessage message = whole(cx, i, languages[l]);
            Slice subject, text;
            EXPECT_OK(notify_template_print(cx, &message, &subject, &text));
            EXPECT(slice_find(text, SLICE("\n")) == SLICE_NONE);
        }
    }
}

TEST("notify_template: a value begins no line and is no template; a line without its value is left "
     "out")
{
    NotifyMessage message = {
        .tenant = SLICE("t"),
        .channel = "mail",
        .template = "confirm_mail",
        .language = SLICE("en"),
        .values = {{"code", SLICE("12{link}34")},
                   {"minutes", SLICE("10")},
                   {"name", SLICE("Eve\r\nBcc: x\xE2\x80\xA8y\xC2\x85\xFFz")}}};
    Slice subject, text;
    EXPECT_OK(notify_template_print(cx, &message, &subject, &text));
    EXPECT(slice_starts(text, SLICE("Hello Eve  Bcc: x y  z,\n")));
    EXPECT(slice_find(text, SLICE("12{link}34")) != SLICE_NONE);
    EXPECT(slice_find(text, SLICE("Or open")) == SLICE_NONE);
    message.values[3] = (NotifyValue){"link", SLICE("https://f.example/c")};
    EXPECT_OK(notify_template_print(cx, &message, &subject, &text));
    EXPECT(slice_find(text, SLICE("Or open: https://f.example/c\n")) != SLICE_NONE);
    message.values[4] = (NotifyValue){"colour", SLICE("red")};
    EXPECT(notify_template_print(cx, &message, &subject, &text) == ERR_INPUT);
    message.values[4] = (NotifyValue){};
    char long_value[LIMIT_NOTIFY_VALUE + 1];
    memset(long_value, 'x', sizeof long_value);
    message.values[2].value = (Slice){long_value, sizeof long_value};
    EXPECT(notify_template_print(cx, &message, &subject, &text) == ERR_LIMIT);
    message.template = "nonsense";
    EXPECT(notify_template_print(cx, &message, &subject, &text) == ERR_INPUT);
    EXPECT(strcmp(notify_template_language(SLICE("fr")), "zh") == 0);
}

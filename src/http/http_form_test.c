#include "http/http_form.h"

#include "base/test.h"

TEST("http_form: takes what it knows, and says which field is wrong")
{
    static const struct {
        const char *json;
        Err err;
        const char *text;
    } cases[] = {
        {"{\"login\":\"a\",\"days\":30}", ERR_OK, ""},
        {"{\"login\":\"a\"}", ERR_OK, ""},
        {"{}", ERR_INPUT, "login: is required"},
        {"{\"login\":\"\"}", ERR_INPUT, "login: is required"},
        {"{\"login\":true}", ERR_INPUT, "login: is no text"},
        {"{\"login\":{}}", ERR_INPUT, "login: is no text"},
        {"{\"login\":\"a\",\"x_y\":\"b\"}", ERR_INPUT, "x_y: is not known here"},
        {"{\"login\":\"a\",\"x: y\":\"b\"}", ERR_INPUT, "there is a member that is not known here"},
        {"{\"login\":\"a\",\"\":\"b\"}", ERR_INPUT, "there is a member that is not known here"},
        {"[]", ERR_INPUT, "it is no object"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        Slice login, days;
        const HttpField fields[] = {{"login", &login, true}, {"days", &days, false}};
        EXPECT(http_form_parse(cx, slice_of(cases[i].json), fields, 2) == cases[i].err);
        if (cases[i].err != ERR_OK) EXPECT(strcmp(cx->err_text, cases[i].text) == 0);
        if (i == 0) EXPECT(slice_equal(login, SLICE("a")) && slice_equal(days, SLICE("30")));
        if (i == 1) EXPECT(days.data == NULL && days.size == 0);
    }
    Slice login;
    const HttpField field = {"login", &login, false};
    EXPECT_OK(http_form_parse(cx, SLICE("{\"login\":\"\"}"), &field, 1));
    EXPECT(login.data != NULL && login.size == 0); // emptied, not left out
    char text[HTTP_FORM_TEXT + 32];
    int size = snprintf(text, sizeof text, "{\"login\":\"%0*d\"}", (int)HTTP_FORM_TEXT + 1, 0);
    EXPECT(http_form_parse(cx, (Slice){text, (size_t)size}, &field, 1) == ERR_INPUT);
}

#include "desk/people/notify/notify_address.h"

#include "base/limits.h"
#include "base/utf8.h"

// RFC 5321 4.5.3.1
#define LOCAL_MAX  64
#define DOMAIN_MAX 253
#define LABEL_MAX  63
#define ROBOT_MAX  64
#define PHONE_MIN  5
#define PHONE_MAX  15

static bool is_alnum(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool is_one_of(char c, const char *set)
{
    return c != '\0' && strchr(set, c) != NULL;
}

// atext of RFC 5322, with single dots inside.
static bool is_local(Slice local)
{
    if (local.size == 0 || local.size > LOCAL_MAX) return false;
    for (size_t i = 0; i < local.size; i++) {
        char c = local.data[i];
        bool dot = c == '.' && i > 0 && i + 1 < local.size && local.data[i - 1] != '.';
        if (!dot && !is_alnum(c) && !is_one_of(c, "!#$%&'*+-/=?^_`{|}~")) return false;
    }
    return true;
}

static bool is_domain(Slice domain)
{
    if (domain.size == 0 || domain.size > DOMAIN_MAX) return false;
    Slice rest = domain, label;
    bool done = false;
    while (slice_cut(&rest, '.', &done, &label)) {
        if (label.size == 0 || label.size > LABEL_MAX || label.data[0] == '-' ||
            label.data[label.size - 1] == '-')
            return false;
        for (size_t i = 0; i < label.size; i++)
            if (!is_alnum(label.data[i]) && label.data[i] != '-') return false;
    }
    return true;
}

static bool is_mail(Slice text)
{
    size_t at = slice_find(text, SLICE("@"));
    return at != SLICE_NONE && is_local(slice_sub(text, 0, at)) &&
           is_domain(slice_sub(text, at + 1, text.size));
}

static bool is_line(Slice text)
{
    return utf8_is_clean(text) && slice_find(text, SLICE("\n")) == SLICE_NONE &&
           slice_find(text, SLICE("\t")) == SLICE_NONE;
}

static Err no_address(Cx *cx, Slice text, const char *what)
{
    // What is no line is not repeated: it would end up in somebody's log.
    return is_line(text) ? err_set(cx, ERR_INPUT, "'" SLICE_FMT "' is no %s",
                                   SLICE_ARG(slice_sub(text, 0, 100)), what)
                         : err_set(cx, ERR_INPUT, "that is no %s", what);
}

Err notify_address_mail(Cx *cx, Slice text)
{
    return is_mail(text) ? ERR_OK : no_address(cx, text, "mail address");
}

Err notify_address_parse(Cx *cx, Slice text, NotifyAddress *ret_address)
{
    NotifyAddress address = {.name = SLICE(""), .mail = text};
    size_t open = slice_find(text, SLICE("<"));
    if (open != SLICE_NONE && text.data[text.size - 1] == '>') {
        address.name = slice_trim(slice_sub(text, 0, open));
        address.mail = slice_sub(text, open + 1, text.size - open - 2);
        size_t size = address.name.size;
        if (size >= 2 && address.name.data[0] == '"' && address.name.data[size - 1] == '"')
            address.name = slice_sub(address.name, 1, size - 2);
    }
    if (!is_line(text) || !is_mail(address.mail) || address.name.size > LIMIT_NOTIFY_NAME ||
        slice_find(address.name, SLICE("\"")) != SLICE_NONE)
        return no_address(cx, text, "mail address");
    *ret_address = address;
    return ERR_OK;
}

Err notify_address_phone(Cx *cx, Slice text)
{
    Slice digits = slice_starts(text, SLICE("+")) ? slice_sub(text, 1, text.size) : text;
    if (slice_digits(digits) && digits.size >= PHONE_MIN && digits.size <= PHONE_MAX) return ERR_OK;
    return no_address(cx, text, "phone number");
}

Err notify_address_label(Cx *cx, Slice text)
{
    if (text.size <= ROBOT_MAX && is_line(text)) return ERR_OK;
    return no_address(cx, text, "name of a group");
}

// host[:port] of "scheme://host[:port][/…]", or nothing when it is otherwise.
static Slice authority(Slice url, Slice scheme)
{
    if (!slice_starts(url, scheme)) return (Slice){"", 0};
    Slice rest = slice_sub(url, scheme.size, url.size);
    size_t size = 0;
    while (size < rest.size && !is_one_of(rest.data[size], "/?#"))
        size++;
    return slice_sub(rest, 0, size);
}

static bool is_host_port(Slice text)
{
    if (slice_starts(text, SLICE("["))) {
        size_t end = slice_find(text, SLICE("]"));
        if (end == SLICE_NONE || end < 3) return false;
        for (size_t i = 1; i < end; i++)
            if (!is_alnum(text.data[i]) && text.data[i] != ':' && text.data[i] != '.') return false;
        text = slice_sub(text, end + 1, text.size);
        if (text.size == 0) return true;
        return text.data[0] == ':' && slice_digits(slice_sub(text, 1, text.size)) && text.size < 7;
    }
    size_t colon = slice_find(text, SLICE(":"));
    if (colon != SLICE_NONE) {
        Slice port = slice_sub(text, colon + 1, text.size);
        if (!slice_digits(port) || port.size > 5) return false;
        text = slice_sub(text, 0, colon);
    }
    return is_domain(text);
}

static bool is_here(Slice host_port)
{
    static const Slice here[] = {SLICE("127.0.0.1"), SLICE("localhost"), SLICE("[::1]")};
    for (size_t i = 0; i < sizeof here / sizeof here[0]; i++)
        if (slice_starts(host_port, here[i]) &&
            (host_port.size == here[i].size || host_port.data[here[i].size] == ':'))
            return true;
    return false;
}

Err notify_address_web(Cx *cx, Slice url)
{
    Slice there = authority(url, SLICE("https://")), open = authority(url, SLICE("http://"));
    bool good = url.size <= LIMIT_FIELD_BYTES && (is_host_port(there) || is_host_port(open));
    for (size_t i = 0; good && i < url.size; i++)
        good = url.data[i] > ' ' && url.data[i] <= '~' && !is_one_of(url.data[i], "#\"<>\\^`|");
    // An address like these has its own secret in it: none is repeated.
    if (!good) return err_set(cx, ERR_INPUT, "that is no https address");
    if (open.size > 0 && !is_here(open))
        return err_set(cx, ERR_INPUT, "an address that is not on this machine must be https");
    return ERR_OK;
}

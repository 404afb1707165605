// Words: amounts in Chinese capitals (大写). 130864.19 -> 壹拾叁万零捌佰陆拾肆圆壹角玖分.
#pragma once
#include "base/money.h"

// As tax-control software prints it. Negative amounts begin with （负数）.
Slice words_print(Cx *cx, Money money);
// 圆=元=园, 整=正, 整 and 零 before 角 optional, （负数） or (负数) or 负. ERR_INPUT when it is no
// amount.
Err words_parse(Cx *cx, Slice words, Money *ret_money);

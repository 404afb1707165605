"""invoices.py COUNT [SEED]: drafts of an imagined group of companies over three years, one JSON a line.

Always the same for the same numbers: six in ten received, four issued; some 60,000 sellers and 40,000
buyers a million, a few with many; amounts over seven powers of ten; nine kinds; one in fifty reddens
an earlier one.
"""
import datetime
import json
import math
import random
import sys

CITIES = "北京 上海 广州 深圳 杭州 南京 苏州 成都 重庆 武汉 西安 天津 长沙 郑州 青岛 宁波 东莞 佛山 合肥 厦门 福州 济南 大连 沈阳 昆明 无锡 南昌 贵阳 南宁 石家庄".split()
BRANDS = "安保邦博才昌畅超辰诚驰川创春达道德鼎东恩发方飞丰峰福富高冠光广贵国海浩和恒宏华辉汇慧佳嘉建杰捷金锦京晶景聚君凯康科坤蓝乐力立联良林龙隆美明铭纳宁鹏启强勤庆荣瑞润森山尚升盛世顺思泰腾天通万旺维伟文祥欣新信兴星雄旭雅亚阳一益毅银英永优宇裕元源远悦云泽展振正志中众卓"
TRADES = "贸易 科技 餐饮管理 酒店管理 物流 建材 医药 电子 食品 信息技术 广告 商务服务 汽车销售 物业管理 机械设备 印刷 家具 服饰 环保科技 教育咨询".split()
OWN = 13
KINDS = [("32", 48), ("31", 24), ("10", 8), ("04", 5), ("01", 4), ("08", 3), ("51", 4), ("61", 2), ("14", 2)]
KIND_CODES, KIND_WEIGHTS = [k for k, _ in KINDS], [w for _, w in KINDS]
DIGITAL = {"31", "32", "51", "61"}
DAYS = 1095
BEGIN = datetime.date(2023, 1, 1)
LAST_DAY = 20  # an invoice comes that many days after its date, on average
SPREAD = 1_000_000
PARTIES = 60_000, 40_000


def money(fen: int) -> str:
    return f"{'-' if fen < 0 else ''}{abs(fen) // 100}.{abs(fen) % 100:02d}"


def party(side: str, n: int) -> dict:
    """The same name and number for the same side and n."""
    own = random.Random(f"{side}{n}")
    name = f"{own.choice(CITIES)}{own.choice(BRANDS)}{own.choice(BRANDS)}{own.choice(TRADES)}有限公司"
    if side == "own":
        name = f"测试集团{own.choice(CITIES)}第{n + 1}有限公司"
    return {"name": name, "tax_id": f"91{own.randrange(10**6):06d}MA{own.randrange(36**8) % 10**8:08d}", "address_phone": f"某路{n % 900 + 1}号 010-{own.randrange(10**8):08d}",
            "bank_account": f"某银行 {own.randrange(10**12):012d}"}


class Parties:
    """Few have many invoices, most a few: the n-th with a weight of 1/(n + 40)."""

    def __init__(self, side: str, count: int):
        self.side, self.count, self.made = side, count, {}

    def take(self, dice: random.Random) -> dict:
        n = min(self.count - 1, int(40 * (math.exp(dice.random() * math.log(1 + self.count / 40)) - 1)))
        if n not in self.made:
            self.made[n] = party(self.side, n)
        return self.made[n]


def number_of(kind: str, i: int, year: int) -> tuple[str, str]:
    if kind in DIGITAL:
        return "", f"{year % 100}{11 + i * 7 % 54}2{i * 2654435761 % 10**9:09d}{i % 10**6:06d}"
    code = f"0{11 + i % 40}00{year % 100}{i * 31 % 100000:05d}"
    return code if kind != "01" else code[:10], f"{i * 48271 % 10**8:08d}"


def facts(i: int, dice: random.Random) -> dict:
    """What a red-letter invoice must know of an earlier one, too: of i alone."""
    day = min(DAYS - 1, max(0, int(i / SPREAD * DAYS - dice.expovariate(1 / LAST_DAY))))
    date = BEGIN + datetime.timedelta(days=day)
    kind = dice.choices(KIND_CODES, KIND_WEIGHTS)[0]
    code, number = number_of(kind, i, date.year)
    return {"date": date.isoformat(), "kind": kind, "code": code, "number": number, "net": int(math.exp(dice.gauss(11, 2))) + 100, "rate": dice.choice((1, 3, 6, 9, 13))}


def draft(i: int, sides: dict, seed: str = "invoice") -> dict:
    dice = random.Random(f"{seed}{i}")
    own = facts(i, dice)
    net, rate = own["net"], own["rate"]
    red = {"is_red": False, "original_code": "", "original_number": "", "confirmation_number": ""}
    if i % 50 == 49:
        blue = facts(i - 40, random.Random(f"{seed}{i - 40}"))
        net, rate = -(blue["net"] if i % 100 == 49 else blue["net"] // 2), blue["rate"]
        red = {"is_red": True, "original_code": blue["code"], "original_number": blue["number"], "confirmation_number": f"{i:016d}"}
    tax = abs(net) * rate // 100 * (1 if net > 0 else -1)
    ours = sides["own"][dice.randrange(OWN)]
    seller, buyer = (sides["seller"].take(dice), ours) if dice.random() < 0.6 else (ours, sides["buyer"].take(dice))
    known = ("kind", "number", "issue_date", "amount", "tax", "total", "seller.name", "seller.tax_id", "buyer.name", "buyer.tax_id") + (("code",) if own["code"] else ())
    return {"kind": own["kind"], "code": own["code"], "number": own["number"], "issue_date": own["date"], "amount": money(net), "tax": money(tax), "total": money(net + tax),
            "check_code": f"{i * 7919 % 10**6:06d}" if own["kind"] in ("04", "10", "14") else "", "machine_number": "", "seller": seller, "buyer": buyer,
            "lines": [{"name": "*餐饮服务*餐费", "spec": "", "unit": "次", "quantity": "1", "price": money(net), "amount": money(net), "tax_rate": f"{rate}%", "tax": money(tax), "tax_code": "3070401000000000000"}],
            "remark": "", "payee": "", "reviewer": "", "issuer": "张三", "red": red, "fields": {f: {"source": "xml", "confidence": 1} for f in known},
            "seal": {"state": "absent", "signer": "", "issuer": "unchecked", "reasons": []}, "findings": []}


def sides_of(count: int) -> dict:
    """The companies of so many; their dates fill the three years, however few they are."""
    global SPREAD
    SPREAD = count
    share = max(count, 1) / 1_000_000
    return {"own": [party("own", n) for n in range(OWN)], "seller": Parties("seller", max(20, int(PARTIES[0] * share))), "buyer": Parties("buyer", max(20, int(PARTIES[1] * share)))}


def drafts(count: int, seed: str = "invoice"):
    sides = sides_of(count)
    for i in range(count):
        yield draft(i, sides, seed)


if __name__ == "__main__":
    for each in drafts(int(sys.argv[1]), *sys.argv[2:3]):
        print(json.dumps(each, ensure_ascii=False, separators=(",", ":")))

"""Spreads the 160 invented service points over the five stations:
`python -m huiyin.demo.draw_points` writes world/service_points.yaml. Always the same list."""

import json
import random
from pathlib import Path

import yaml

WORLD = Path(__file__).parent / "world"
STATIONS = {
    "001": "fz-liuwan",
    "002": "fz-nantang",
    "003": "fz-shiqiao",
    "004": "fz-beichen",
    "005": "fz-heming",
}
SHARES = {"001": 33, "002": 30, "003": 38, "004": 29, "005": 30}

# kind of service | hours | names
TRADES = """
便民理发|8:30—20:00|阿桂理发铺 柳芽理发 老街剃头铺 一剪清爽理发 邻里发屋 青丝理发店
修鞋配钥匙|8:00—18:00|老蒋修鞋摊 顺路配匙修鞋 巷口修鞋铺 快手配匙 银杏树下修鞋摊
家电维修|8:30—19:00|亮堂家电维修 工友家电铺 好声音响电视修理 职校义修点 冷暖空调维修
水电维修|24 小时电话|顺水管道维修 一把扳手水电 邻里水电服务部 江畔水电急修 通达疏通
电动车修理|8:00—20:00|飞鸽车铺 小轮电动车行 老纺机车行 转角修车铺 安途电动车维修
便民早餐|5:30—10:00|阿婆米浆铺 南塘豆浆店 桥头早点 一碗热汤早餐 书声早餐店 暖胃包子铺
社区助餐|10:30—13:00，16:30—18:00|石桥老年食堂 柳湾助餐点 南塘长者饭桌 教工新村助餐点 鹤鸣邻里饭桌
便民菜店|6:00—20:00|南塘路菜店 青叶菜篮 江边鱼菜店 北辰菜屋 山脚菜店
便民超市|7:00—22:30|惠邻超市 好日子便利店 江畔小超市 书声便利 云栖便利店 六号院小卖部
药店|8:00—22:00|百草药房 仁心药店 康宁大药房 邻安药店 晨光药房
社区诊所|8:00—20:00|柳湾卫生服务站 南塘中医诊所 石桥口腔诊所 北辰卫生室 鹤鸣康复诊所
健康小屋|8:30—11:30，14:30—17:30|柳湾健康小屋 南塘血压测量点 石桥健康小屋 教工健康小屋 鹤鸣健康小屋
家政服务|8:00—18:00|巧手家政 阿姨到家 洁净保洁部 安心月嫂服务部 山庄家政
缝纫改衣|9:00—19:00|阿珍裁缝铺 针线人家 裁衣街改衣铺 巧姐改衣 一尺布缝纫
洗衣|8:30—20:30|清泉洗衣 白鸽干洗 雅集洗衣 鹤鸣洗衣房 双喜洗衣店
快递代收|8:30—21:00|柳湾快递代收点 望江驿站 裁衣街驿站 北辰路快递驿站 云栖驿站 南塘新村代收点
废品回收|8:00—17:30|绿色回收站 老周回收点 旧书旧报回收 南塘旧物回收 分好类回收站
送水送气|7:30—20:00|甘泉送水站 稳稳送气点 清源水站 鹤鸣水站 南塘送气点
开锁换锁|24 小时电话|安心锁业 金盾锁匙 平安开锁服务部 老门锁业
打印复印|8:00—21:00|书声图文 桥头打印 一页复印店 望江图文 求知文印
儿童看护|7:30—18:30|春晖幼儿园 柳湾托育点 银杏托育园 小书包看护点 枫林托育园
课后看护|16:00—19:00|柳湾小学课后班 九中自习室 教工四点半课堂 鹤鸣四点半课堂 南塘放学小站
老年活动|8:00—17:30|柳湾老人活动室 罐头厂老宿舍活动室 石桥棋牌室 教工活动室 松岭老人之家
图书阅览|9:00—20:30|柳湾书屋 南塘图书角 石桥图书室 职校图书馆开放点 鹤鸣书房
健身场地|6:00—21:00|渡口公园健身点 南塘健身角 戏台广场健身点 九中操场开放点 松岭健身步道
法律咨询|周二、周四 14:30—17:30|柳湾法律咨询点 南塘法律咨询点 石桥律师问诊室 北辰法律咨询点 鹤鸣法律咨询点
就业招工|8:30—17:30|柳湾招工角 南塘用工信息点 石桥零工驿站 北辰就业服务点 鹤鸣招工角
缴费代办|8:30—17:30|柳湾代办点 南塘水电缴费点 石桥帮办点 北辰代办点 鹤鸣代办点
治安岗亭|24 小时|渡口治安岗亭 蜜桔路治安岗亭 石桥市场岗亭 铁道边路岗亭 松岭岗亭
歇脚驿站|7:00—21:00|老渡口驿站 南塘环卫驿站 石桥骑手驿站 北辰护学驿站 公交首末站司机驿站
充电停车|24 小时|柳湾里充电棚 南塘新村充电棚 银杏坊充电棚 北辰花园充电棚 枫林园充电棚 安置房充电棚
手机教学|周三、周六 9:00—11:00|柳湾手机课堂 南塘手机课堂 石桥手机课堂 北辰手机课堂 鹤鸣手机课堂
"""
MARKS = [
    ("001", "柳湾 渡口 江 老街 巷 老纺机 望江"), ("002", "南塘 蜜桔 罐头厂 工友 春晖"),
    ("003", "石桥 桥头 裁衣 银杏 戏台"), ("004", "北辰 书声 职校 教工 九中 铁道 雅集"),
    ("005", "鹤鸣 云栖 枫林 松岭 山庄 山脚 安置房 公交"),
]  # fmt: skip


def home_of(name: str) -> str | None:
    """The community that a name already speaks of."""
    return next((c for c, words in MARKS if any(word in name for word in words.split())), None)


def spread() -> list[dict]:
    dice = random.Random(160)
    stock = [
        (kind, hours, name)
        for kind, hours, names in (line.split("|") for line in TRADES.strip().splitlines())
        for name in names.split()
    ]
    free = [row for row in stock if home_of(row[2]) is None]
    bound = [row for row in stock if home_of(row[2])]
    dice.shuffle(free)
    chosen = [(home_of(row[2]), row) for row in bound]
    for community, share in SHARES.items():
        room = share - sum(c == community for c, _ in chosen)
        chosen += [(community, free.pop()) for _ in range(min(room, len(free)))]
    return chosen


def main() -> None:
    dice = random.Random(161)
    places = yaml.safe_load((WORLD / "places.yaml").read_text())["places"]
    by_name = {p["name"]: p for p in places}
    lines = ["# 160 个便民服务网点，由 draw_points.py 写出。全部虚构。", "points:"]
    for number, (community, (kind, hours, name)) in enumerate(sorted(spread(), key=lambda r: r[0]), 1):
        near = [p for p in places if p["grid"].startswith(str(int(community)))]
        spot = by_name.get(name) or dice.choice(near)
        row = {
            "code": f"WD{number:03d}", "name": name, "station": STATIONS[community], "service": kind,
            "grid": spot["grid"], "address": spot["address"] if spot["name"] == name else f"{spot['name']}旁",
            "hours": hours, "phone": f"0000-600 {1000 + number}",
        }  # fmt: skip
        lines.append(f"  - {json.dumps(row, ensure_ascii=False)}")
    (WORLD / "service_points.yaml").write_text("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()

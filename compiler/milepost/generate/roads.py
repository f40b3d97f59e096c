"""National trunk expressways: number and the name that the road plan gives them. Data, and nothing else.

Source of the numbers and end points: the National Trunk Highway System (7-11-18 network). A number that is not here
is a provincial expressway (S), which has a number and no name of its own.
"""

from __future__ import annotations

NATIONAL = {
    "G1": "Beijing–Harbin",
    "G2": "Beijing–Shanghai",
    "G3": "Beijing–Taipei",
    "G4": "Beijing–Hong Kong–Macau",
    "G5": "Beijing–Kunming",
    "G6": "Beijing–Lhasa",
    "G7": "Beijing–Urumqi",
    "G10": "Suifenhe–Manzhouli",
    "G11": "Hegang–Dalian",
    "G12": "Hunchun–Ulanhot",
    "G15": "Shenyang–Haikou",
    "G16": "Dandong–Xilinhot",
    "G18": "Rongcheng–Wuhai",
    "G20": "Qingdao–Yinchuan",
    "G22": "Qingdao–Lanzhou",
    "G25": "Changchun–Shenzhen",
    "G30": "Lianyungang–Khorgas",
    "G35": "Jinan–Guangzhou",
    "G36": "Nanjing–Luoyang",
    "G40": "Shanghai–Xi'an",
    "G42": "Shanghai–Chengdu",
    "G45": "Daqing–Guangzhou",
    "G50": "Shanghai–Chongqing",
    "G55": "Erenhot–Guangzhou",
    "G56": "Hangzhou–Ruili",
    "G59": "Hohhot–Beihai",
    "G60": "Shanghai–Kunming",
    "G65": "Baotou–Maoming",
    "G69": "Yinchuan–Baise",
    "G70": "Fuzhou–Yinchuan",
    "G72": "Quanzhou–Nanning",
    "G75": "Lanzhou–Haikou",
    "G76": "Xiamen–Chengdu",
    "G78": "Shantou–Kunming",
    "G80": "Guangzhou–Kunming",
    "G85": "Yinchuan–Kunming",
}


def road_name(code: str) -> str:
    """What people call the road, such as ``Beijing–Hong Kong–Macau Expressway``."""
    return f"{NATIONAL[code]} Expressway" if code in NATIONAL else f"Provincial Expressway {code}"

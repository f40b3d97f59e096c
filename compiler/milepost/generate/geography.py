"""Provinces: the 29 of mainland China with tolled expressways (all but Hainan and Tibet). Data, and nothing else.

``short`` and ``code`` are the letters and digits of GB/T 2260. Roads and towns are real; ``weight`` is a rough share
of the country's stations, the largest about three times the average.
"""

from __future__ import annotations

from milepost.model.record import by_value


@by_value
class SampleProvince:
    """A province: names, size relative to the others, its usual line, its expressways and towns along them."""

    name: str
    title: str
    short: str
    code: int
    weight: int
    access: str
    roads: tuple[str, ...]
    towns: tuple[str, ...]


def _province(head: str, roads: str, towns: str) -> SampleProvince:
    name, title, short, code, weight, access = head.split("|")
    return SampleProvince(
        name, title, short, int(code), int(weight), access, tuple(roads.split()), tuple(towns.split())
    )


PROVINCES = (
    _province(
        "hunan|Hunan|hn|43|130|private-20m",
        "G4 G60 G72 G55 G65 G56 S20 S50",
        "linxiang yueyang miluo changsha xiangtan zhuzhou hengshan hengyang leiyang yongxing chenzhou yizhang "
        "liling loudi shaoyang longhui huaihua anren chaling yiyang changde jishou",
    ),
    _province(
        "guangdong|Guangdong|gd|44|300|private-100m",
        "G4 G15 G25 G35 G45 G55 G78 G80 S3 S6 S17 S32",
        "pingshi ruyuan shaoguan yingde qingyuan conghua guangzhou dongguan shenzhen huizhou heyuan meizhou "
        "chaozhou shantou shanwei haifeng foshan jiangmen kaiping enping yangjiang maoming zhanjiang zhaoqing",
    ),
    _province(
        "qinghai|Qinghai|qh|63|30|public-4g-3m",
        "G6 G30 S14",
        "minhe ledu pingan xining datong huangyuan daotanghe gonghe dulan golmud delingha guide",
    ),
    _province(
        "jiangsu|Jiangsu|js|32|150|private-100m",
        "G2 G15 G25 G30 G40 G42 S5 S38",
        "xuzhou pizhou xinyi lianyungang guanyun huaian baoying gaoyou yangzhou zhenjiang danyang changzhou wuxi "
        "suzhou kunshan taicang nantong rugao haian dongtai yancheng",
    ),
    _province(
        "sichuan|Sichuan|sc|51|160|private-20m",
        "G5 G42 G65 G75 G76 G85 S2 S40",
        "guangyuan jiange zitong mianyang deyang chengdu meishan leshan yaan hanyuan xichang neijiang zigong yibin "
        "luzhou suining nanchong guangan dazhou bazhong ziyang",
    ),
    _province(
        "shandong|Shandong|sd|37|160|private-20m",
        "G2 G3 G15 G18 G20 G22 G25 G35 S29",
        "dezhou yucheng jinan taian qufu zoucheng tengzhou zaozhuang linyi rizhao qingdao weifang zibo binzhou "
        "dongying yantai weihai laiyang liaocheng heze jining",
    ),
    _province(
        "henan|Henan|ha|41|150|private-20m",
        "G4 G30 G36 G40 G45 G55 S1 S49",
        "anyang hebi xinxiang zhengzhou xuchang luohe zhumadian xinyang shangqiu kaifeng luoyang sanmenxia "
        "pingdingshan nanyang zhoukou puyang jiaozuo jiyuan",
    ),
    _province(
        "hebei|Hebei|he|13|150|private-20m",
        "G1 G2 G3 G4 G5 G6 G7 G18 G20 G45 S9",
        "shanhaiguan qinhuangdao luannan tangshan langfang cangzhou hejian baoding dingzhou zhengding shijiazhuang "
        "xingtai handan zhangjiakou xuanhua chengde hengshui",
    ),
    _province(
        "zhejiang|Zhejiang|zj|33|150|private-100m",
        "G15 G25 G50 G56 G60 S26 S28",
        "jiaxing tongxiang hangzhou xiaoshan shaoxing shangyu ningbo fenghua sanmen taizhou wenling wenzhou ruian "
        "jinhua yiwu quzhou jiangshan lishui jinyun huzhou",
    ),
    _province(
        "hubei|Hubei|hb|42|120|private-20m",
        "G4 G42 G45 G50 G55 G59 G70 S38",
        "dawu xiaogan wuhan xianning chibi huangshi daye macheng huanggang suizhou xiangyang shiyan jingmen yichang "
        "zhijiang jingzhou xiantao enshi lichuan",
    ),
    _province(
        "guangxi|Guangxi|gx|45|110|proxy-10m",
        "G72 G75 G76 G78 G80 S22 S31",
        "quanzhou xingan guilin yangshuo luzhai liuzhou laibin binyang nanning chongzuo pingxiang wuzhou cenxi yulin "
        "guigang qinzhou beihai hechi baise",
    ),
    _province(
        "yunnan|Yunnan|yn|53|110|public-4g-3m",
        "G5 G56 G60 G78 G80 G85 S10",
        "shuifu zhaotong huize songming kunming anning chuxiong nanhua xiangyun dali yongping baoshan longling ruili "
        "qujing luliang shilin mile kaiyuan yuxi",
    ),
    _province(
        "guizhou|Guizhou|gz|52|110|public-4g-3m",
        "G56 G60 G75 G76 G69 S25 S55",
        "tongren yuping zhenyuan kaili majiang guiding guiyang qingzhen anshun zhenning guanling panzhou zunyi "
        "tongzi xifeng duyun dushan bijie dafang liupanshui",
    ),
    _province(
        "fujian|Fujian|fj|35|100|private-20m",
        "G15 G25 G70 G72 G76 S35",
        "fuding xiapu ningde luoyuan fuzhou fuqing putian xianyou quanzhou jinjiang xiamen zhangzhou zhangpu longyan "
        "sanming shaxian nanping wuyishan",
    ),
    _province(
        "jiangxi|Jiangxi|jx|36|100|private-20m",
        "G35 G45 G56 G60 G70 G72 S36",
        "jiujiang yongxiu nanchang fengcheng zhangshu xinyu yichun pingxiang yushan shangrao yingtan dongxiang "
        "fuzhou nancheng jian taihe ganzhou longnan ruijin",
    ),
    _province(
        "anhui|Anhui|ah|34|95|private-20m",
        "G3 G35 G36 G40 G42 G50 G56 S11",
        "huaibei suzhou bengbu fengyang dingyuan hefei lujiang tongcheng anqing tongling wuhu xuancheng ningguo "
        "huangshan chuzhou quanjiao luan fuyang bozhou",
    ),
    _province(
        "shanxi|Shanxi|sx|14|90|proxy-10m",
        "G5 G18 G20 G22 G55 G59 S60",
        "datong huairen shuozhou yuanping xinzhou taiyuan yuci qixian pingyao jiexiu huozhou linfen houma yuncheng "
        "changzhi jincheng yangquan lvliang",
    ),
    _province(
        "shaanxi|Shaanxi|sn|61|90|proxy-10m",
        "G5 G20 G22 G30 G40 G65 G70 G85",
        "yulin jingbian zhidan yanan huangling tongchuan xian weinan tongguan xianyang baoji hanzhong mianxian "
        "ningqiang ankang shangluo shanyang",
    ),
    _province(
        "neimenggu|Inner Mongolia|nm|15|80|proxy-10m",
        "G6 G7 G10 G16 G18 G45 G55 G65",
        "xinghe jining zhuozi hohhot baotou linhe wuhai ordos ulanqab chifeng tongliao xilinhot hailar manzhouli "
        "ulanhot erenhot",
    ),
    _province(
        "chongqing|Chongqing|cq|50|75|proxy-10m",
        "G42 G50 G65 G75 G85 S9",
        "wushan fengjie yunyang wanzhou liangping dianjiang changshou yubei banan qijiang nanchuan wulong pengshui "
        "qianjiang fuling fengdu hechuan dazu",
    ),
    _province(
        "liaoning|Liaoning|ln|21|75|private-20m",
        "G1 G11 G15 G16 G25 S10",
        "suizhong xingcheng huludao jinzhou panjin haicheng anshan liaoyang shenyang tieling kaiyuan benxi fengcheng "
        "dandong yingkou wafangdian dalian fuxin chaoyang",
    ),
    _province(
        "xinjiang|Xinjiang|xj|65|70|public-4g-3m",
        "G7 G30 S21",
        "xingxingxia hami shanshan turpan dabancheng urumqi changji shihezi kuitun wusu jinghe khorgas korla kuqa "
        "aksu kashgar",
    ),
    _province(
        "gansu|Gansu|gs|62|65|public-4g-3m",
        "G6 G22 G30 G70 G75 G85",
        "tianshui gangu dingxi yuzhong lanzhou yongdeng tianzhu wuwei yongchang zhangye jiuquan jiayuguan guazhou "
        "pingliang qingyang baiyin longnan",
    ),
    _province(
        "heilongjiang|Heilongjiang|hl|23|60|proxy-10m",
        "G1 G10 G11 G45",
        "shuangcheng harbin acha shangzhi yabuli hailin mudanjiang suifenhe zhaodong anda daqing qiqihar jiamusi "
        "hegang jixi suihua",
    ),
    _province(
        "jilin|Jilin|jl|22|55|proxy-10m",
        "G1 G11 G12 G25 G45",
        "siping gongzhuling changchun dehui fuyu jilin jiaohe dunhua antu yanji hunchun songyuan baicheng tonghua "
        "meihekou liaoyuan",
    ),
    _province(
        "beijing|Beijing|bj|11|45|private-100m",
        "G1 G2 G3 G4 G5 G6 G7 G45",
        "tongzhou majuqiao daxing doudian liangxiang fangshan changping nankou badaling yanqing shunyi miyun huairou "
        "pinggu",
    ),
    _province(
        "shanghai|Shanghai|sh|31|45|private-100m",
        "G2 G15 G40 G42 G50 G60 S20 S32",
        "anting jiading nanxiang jiangqiao qingpu zhujiajiao songjiang xinqiao fengxian jinshan pudong chongming",
    ),
    _province(
        "tianjin|Tianjin|tj|12|40|private-20m",
        "G1 G2 G3 G18 G25 S6 S40",
        "wuqing yangcun beichen jinghai tangguantun dagang tanggu hangu ninghe baodi jizhou xiqing",
    ),
    _province(
        "ningxia|Ningxia|nx|64|25|proxy-10m",
        "G6 G20 G22 G70 G85",
        "huinong shizuishan pingluo yinchuan lingwu wuzhong zhongning zhongwei tongxin haiyuan guyuan yanchi",
    ),
)
"""In the order in which a fleet takes them: the first three show every way to sync and every kind of line."""

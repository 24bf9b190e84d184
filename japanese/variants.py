"""Old and variant forms of kanji, each folded to the one form that search keys and era names use.

Unicode's NFKC leaves 髙, 﨑 and 國 alone, so a table is needed. Sources: the 康熙字典体 beside each entry of
the 常用漢字表 (2010) and of the 人名用漢字 list; 拡張新字体 that JIS fonts print (鴎 for 鷗); and the forms that
family registers carry in names (髙, 﨑, 邉, 濵, 𠮷). Forms that were merged in 1946 stay merged (辨・瓣・辯 are 弁),
and so do 斎・斉・齋・齊: a clerk who types 斎藤 must find 斉藤.
"""

from __future__ import annotations

# Each word: the form folded to, then its variants. By the reading of the first, as the 常用漢字表 goes.
_JOYO = """
亜亞 悪惡 圧壓 囲圍 医醫 為爲 壱壹 稲稻 飲飮 隠隱 営營 栄榮 衛衞 駅驛 悦悅 閲閱 円圓 縁緣 艶艷 塩鹽 奥奧
応應 横橫 欧歐 殴毆 黄黃 温溫 穏穩 仮假 価價 画畫畵 会會 回囘 壊壞 懐懷 絵繪 概槪 拡擴 殻殼 覚覺 学學斈 岳嶽
楽樂 渇渴 勧勸 巻卷 寛寬 歓歡懽 缶罐 観觀 関關 陥陷 館舘 顔顏 既旣 帰歸 気氣 亀龜 偽僞 戯戲 犠犧 却卻 糾糺
旧舊 拠據 挙擧 虚虛 峡峽 挟挾 教敎 強强 狭狹 郷鄕鄉 暁曉 区區 駆驅駈 勲勳 薫薰 群羣 径徑 恵惠 掲揭 携攜
渓溪谿 経經 継繼 茎莖 蛍螢 軽輕 鶏鷄雞 芸藝 撃擊 欠缺 倹儉 剣劍剱劔劒釼 圏圈 検檢 権權 献獻 研硏 県縣 険險
顕顯 験驗 厳嚴 戸戶 呉吳 娯娛 効效 広廣 恒恆 鉱鑛礦砿 号號 国國囯圀 黒黑 歳歲 済濟 砕碎 斉齊斎齋 剤劑 桜櫻
冊册 雑雜 産產 参參叄 惨慘 桟棧 蚕蠶 賛贊 残殘 姉姊 糸絲 歯齒 児兒 辞辭 湿濕 実實 舎舍 写寫冩 釈釋 寿壽 収收
従從 渋澁 獣獸 縦縱 粛肅 処處 緒緖 叙敍敘 奨奬獎 尚尙 将將 床牀 渉涉 焼燒 称稱 証證 乗乘 剰剩 壌壤 嬢孃 条條
浄淨 状狀 畳疊疉 穣穰 譲讓 醸釀 嘱囑 触觸 寝寢 慎愼 晋晉 真眞 刃刄 尽盡 図圖圗 粋粹 酔醉 随隨 髄髓 数數 枢樞
瀬瀨 清淸 青靑 声聲 静靜 税稅 跡蹟迹 説說 摂攝 窃竊 絶絕 専專 戦戰 浅淺 潜潛 繊纖 践踐 銭錢 禅禪 曽曾 双雙
壮壯 捜搜 挿插揷 巣巢 争爭 痩瘦 総總緫 窓窗窻牕 聡聰 荘莊 装裝 騒騷 増增 臓臟 蔵藏 即卽 属屬 続續 堕墮
体體躰軆 対對 帯帶 滞滯 台臺 滝瀧 択擇 沢澤 単單 担擔 胆膽 団團 弾彈 断斷 痴癡 遅遲 昼晝 虫蟲 鋳鑄 庁廳 徴徵
聴聽 勅敕 鎮鎭 逓遞 鉄鐵鐡銕 転轉 点點 伝傳 党黨 盗盜 灯燈 当當 闘鬪鬭 徳德悳 独獨 読讀 届屆 縄繩 弐貳貮 悩惱
脳腦 覇霸 廃廢 拝拜 梅楳 売賣 麦麥 発發 髪髮 抜拔 晩晚 蛮蠻 秘祕 浜濱濵 瓶甁 払拂 仏佛 併倂 並竝 変變 辺邊邉
弁辨瓣辯 歩步 穂穗 宝寶寳 褒襃 豊豐 没沒 翻飜 毎每 万萬 満滿 麺麵 黙默 餅餠 戻戾 弥彌 薬藥 訳譯 予豫 余餘
与與 誉譽 揺搖 様樣 謡謠 来來 頼賴 乱亂 覧覽 竜龍龒 両兩 猟獵 緑綠 塁壘 涙淚 励勵 礼禮 隷隸 霊靈灵 齢齡 暦曆
歴歷 恋戀 錬鍊 炉爐 労勞 楼樓 郎郞 禄祿 録錄 湾灣 賎賤 頬頰 剥剝 填塡 叱𠮟 遥遙 尭堯 槙槇 凜凛 瑶瑤 祷禱
弯彎 撹攪 惧懼 柿杮 鬱欝 曇昙 舗舖鋪 厩廐廏 脱脫 鋭銳 冒冐
"""

# Printed with JIS fonts (拡張新字体), or written so in books and labels.
_PRINTED = """
鴎鷗 焔焰 噛嚙 侠俠 躯軀 蝉蟬 騨驒 箪簞 掴摑 顛顚 涜瀆 嚢囊 溌潑 醗醱 莱萊 蝋蠟 攅攢 呑吞 嘘噓 倶俱 繋繫
唖啞 頴穎 麹麴 鹸鹼 繍繡 蒋蔣 醤醬 掻搔 屏屛 并幷 桝枡 芦蘆 鯵鰺 鴬鶯 蛎蠣 竃竈 潅灌 諌諫 頚頸 壷壺 砺礪
梼檮 涛濤 迩邇 蝿蠅 桧檜 侭儘 薮藪籔 篭籠 靱靭 篠筱 鵞鵝 煙烟 秋龝穐 略畧 野埜 島嶋嶌㠀 峰峯 鑑鑒 草艸 裏裡
毘毗 考攷 函凾 讃讚 酬酧 船舩 橋槗 鼠鼡 猫貓 蓑簑 針鍼 杯盃 棋碁棊 鎖鏁 線綫 繭蠒 蘇蘓 鼓皷 靴鞾 筆笔 巌巖嵒
翠翆 耀燿 晃晄 雁鴈 蛇虵 淵渊渕 閑閒 恥耻 豚豘 襟衿 刈苅 隣鄰 稿稾 鉢盋 紙帋 往徃 器噐 侯矦 喪䘮 喜㐂 松枩枀
州刕 卒卆 職耺 第㐧 内內 姫姬 氷冰 涼凉 況况 減减 決决 準凖 凡凢 兎兔莵 呪咒 妙玅 庵菴 柏栢 煕熙凞 爾尓 牆墻
砲炮 禰祢 稚穉 竪豎 算筭 綿緜 罰罸 婿壻聟 脈脉 臥卧 葬塟 衆眾 贋贗 軟輭 村邨 酢醋 址阯 映暎 昇曻 旗籏 蕊蘂 達逹
曹曺 汚污 疎踈 崖崕 迺廼 雑襍
"""

# In family registers and signatures: the forms that people insist on, and that a search must not.
_NAMES = """
高髙 崎﨑嵜㟢 吉𠮷 柳栁桺 桑桒 鶴靏靍鸖 角⻆ 富冨 土圡𡈽 遠逺 斉斊 祇祗 昂昻 彦彥 歳嵗
"""


def _table() -> dict[int, str]:
    """Code point of each variant -> the form it folds to."""
    words = f"{_JOYO} {_PRINTED} {_NAMES}".split()
    return {ord(variant): word[0] for word in words for variant in word[1:]}


VARIANTS = _table()


def fold_variants(text: str) -> str:
    """The text with every old or variant kanji in its usual form: 髙﨑 -> 高崎, 國會 -> 国会. Length is kept."""
    return text.translate(VARIANTS)

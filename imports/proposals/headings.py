"""What columns are called in ledgers and exports, noun by noun: field → headings, the more telling first.

Headings of museums' and libraries' systems in Japan and abroad, and of spreadsheets; the fields' own labels are known beside
these. Compared by `heading_key`: kana, width, case, brackets and signs make no difference.
"""

from __future__ import annotations

import re

from japanese.keys import search_key

_ITEM = {
    "accession_number": "資料番号 資料No 台帳番号 登録番号 受入番号 整理番号 作品番号 遺物番号 機関管理番号 管理番号 目録番号 文書番号 資料コード "
    "objectnumber accessionnumber accessionno accessionnum accno inventorynumber inventoryno identifier objectno recordnumber catalognumber "
    "収蔵番号 遺跡番号 資料ID 通し番号 通番 番号 No NO ID objectid",
    "branch_number": "枝番 枝番号 補助番号 branch partnumber",
    "group": "資料群 資料群名 コレクション コレクション名 文庫 家文書名 コレクション文庫 collection collectionname series",
    "title": "資料名 資料名称 作品名 名称 品名 題名 標題 表題 文書名 史料名 資料件名 件名 タイトル title objectname objname objecttitle name "
    "遺物名 器種 遺跡名 nameofobject",
    "title_reading": "資料名よみ 名称よみ 名称カナ 資料名称カナ 資料名カナ 資料名ふりがな 作品名よみ 作品名カナ タイトルよみ タイトルカナ よみ ふりがな "
    "よみがな カナ kana reading titlekana",
    "other_names": "別名 別称 旧称 通称 他の名称 異名 alternativetitle othernames othername othertitles alternatetitle",
    "object_type": "資料種別 種別 大分類 分類 種類 区分 ジャンル 文化財分類 classification objecttype objecttypes category type genre",
    "object_count": "点数 数量 員数 件数 個数 員数(数) 数 numberofobjects count quantity pieces itemcount",
    "rank": "ランク 重要度 等級 rank grade",
    "period": "年代 時代 製作年 制作年 製作年代 制作年代 成立年代 成立年 作成年 作成年代 作成年月日 時代世紀 時代・世紀 時期 和暦 年号 年月日 製作時期 制作時期 "
    "objectdate creationdate datecreated datemade date_made productiondate displaydate datetext dating date period era",
    "maker": "作者 作者名 作家 作家名 製作者 製作者名 制作者 制作者名 著者 筆者 作成者 差出・作成者 差出人 差出 作者・製作者 artistdisplayname creator "
    "artist artistname maker madeby made_by author artistmaker producer attribution",
    "maker_reading": "作者よみ 作者カナ 作家名よみ 作家名カナ 作家よみ 作者名よみ makerreading",
    "place_made": "製作地 制作地 産地 生産地 製作地・出土地 出土地 出土地点 出土地名 採集地 発見地 placemade place_made placeoforigin productionplace "
    "findspot placefound origin place 所在地",
    "materials": "材質 材質・技法 技法・材質 材質技法 技法材質 品質形状 品質・形状 素材 技法 材料 medium materials material materialsandtechniques "
    "technique mediumtechnique",
    "dimensions_note": "寸法の補足 寸法備考 法量備考 dimensionsnote",
    "location": "収蔵場所 保管場所 収納場所 保管先 収蔵庫 収蔵位置 棚番号 箱番号 配架場所 現在地 現在の場所 配架 所在 currentlocation physicallocation "
    "storagelocation storage homelocation normallocation location shelf bin",
    "acquisition_method": "受入区分 受入方法 取得方法 入手方法 収集方法 受入種別 取得区分 acquisitionmethod acqmethod acq_method methodofacquisition "
    "区分 acquisitiontype",
    "acquisition_date": "受入年月日 受入日 受入年度 受入年 取得年月日 取得日 取得年度 収集年月日 収集日 寄贈年月日 寄贈日 購入日 購入年月日 入手日 "
    "acquisitiondate dateacquired acqdate acq_date accessiondate dateofacquisition accessionyear acquisitionyear",
    "acquisition_price": "受入価格 購入価格 購入金額 取得価格 取得価額 価格 金額 評価額 price purchaseprice acquisitionprice cost valuation",
    "credit_line": "クレジット クレジットライン creditline credit",
    "description": "解説 説明 内容 概要 資料解説 作品解説 内容記述 description publicdescription physicaldescription briefdescription summary abstract",
    "provenance": "来歴 伝来 由来 provenance provenancetext ownershiphistory",
    "notes": "備考 メモ 注記 特記事項 摘要 その他 notes remarks memo note comments",
    "web_address": "URL 関連URL objecturl weburl link linkresource permalink",
    "input_status": "入力状況",
}
_DONOR = {
    "donor_number": "寄贈者番号 寄贈者ID 寄託者番号 寄贈者コード 番号 No ID donorid donornumber constituentid code",
    "name": "寄贈者名 寄贈者氏名 寄託者名 寄託者氏名 氏名・名称 氏名 名称 名前 お名前 団体名 寄贈者 寄託者 fullname displayname donorname donor depositor name",
    "name_reading": "よみ ふりがな よみがな 氏名よみ 氏名カナ カナ氏名 氏名ふりがな カナ 名前かな reading kana",
    "standing": "区分 寄贈寄託 寄贈・寄託の別 種別 standing donortype",
    "party": "個人・団体 個人団体 個人団体区分 個人法人 法人区分 type partytype constituenttype",
    "postcode": "郵便番号 〒 郵便 postcode postalcode zip zipcode",
    "address": "住所 現住所 連絡先住所 所在地 自宅住所 住所1 address addressline1 streetaddress mailingaddress",
    "telephone": "電話番号 電話 TEL 連絡先電話 連絡先電話番号 自宅電話 固定電話 携帯 携帯電話 連絡先 phone telephone phonenumber",
    "email": "メール メールアドレス E-mail email mail emailaddress",
    "notes": "備考 メモ 特記事項 notes remarks comments memo",
}
_PATRON = {
    "cardnumber": "利用者番号 利用者コード 利用者ID 利用カード番号 カード番号 図書館カード番号 貸出券番号 会員番号 cardnumber patronbarcode memberid "
    "membernumber patronid borrowernumber 番号 No ID barcode",
    "surname": "姓 氏 苗字 surname lastname familyname",
    "firstname": "名 firstname givenname forename",
    "surname_reading": "姓よみ 姓カナ セイ 姓かな カナ姓 姓フリガナ surnamekana",
    "firstname_reading": "名よみ 名カナ メイ 名かな カナ名 名フリガナ firstnamekana",
    "dateofbirth": "生年月日 誕生日 dateofbirth birthdate dob birthday",
    "sex": "性別 sex gender",
    "zipcode": "郵便番号 〒 郵便 zipcode postcode postalcode zip",
    "address": "現住所 住所 自宅住所 住所1 address streetaddress address1",
    "B_address": "帰省先 帰省先住所 実家住所 住所2 b_address",
    "phone": "電話 電話番号 自宅電話 自宅電話番号 固定電話 TEL 連絡先 連絡先電話 phone telephone homephone",
    "mobile": "携帯 携帯電話 携帯番号 携帯電話番号 mobile cellphone mobilephone",
    "email": "メール メールアドレス E-mail email mail emailaddress",
    "categorycode": "利用者区分 利用者種別 区分 種別 categorycode category patroncategory patrontype membertype",
    "dateenrolled": "登録日 登録年月日 入会日 利用登録日 カード発行日 発行日 dateenrolled enrolmentdate registrationdate joindate",
    "dateexpiry": "有効期限 カード有効期限 有効期限日 有効期間 期限 dateexpiry expirydate expirationdate expires",
    "use_count": "利用累計 累計貸出数 累計利用回数 貸出累計 利用回数 累計貸出冊数 totalcheckouts usecount",
    "lastseen": "最終利用日 最終利用年月日 最終貸出日 最終来館日 lastseen lastactivity lastuse",
    "notes": "備考 メモ 連絡事項 特記事項 notes borrowernotes remarks opacnote",
}
_BOOK = {
    "barcode": "図書番号 資料コード 資料番号 図書ID バーコード 登録番号 所蔵番号 蔵書番号 受入番号 barcode itembarcode accessionno accessionnumber "
    "個別資料ID copynumber ローカルID 番号 No ID",
    "title": "書名 タイトル 本タイトル 資料名 題名 title bookname maintitle",
    "title_reading": "書名よみ 書名カナ タイトルのヨミ 書名のよみ タイトルよみ タイトルカナ タイトル読み 書名読み ヨミ titlereading titlekana",
    "subtitle": "副書名 副題 サブタイトル 副タイトル subtitle remainderoftitle",
    "volume": "巻次 巻号 巻 巻冊 巻数 巻冊次 volume vol enumeration partnumber",
    "author": "著者 著者名 作者 著者標目 責任表示 編著者 編著者名 著者等 author authors creator",
    "author_reading": "著者よみ 著者のヨミ 著者カナ 著者名よみ 著者名カナ 著者読み authorreading",
    "publisher": "出版社 出版者 発行所 発行者 出版社名 publisher publishercode publishername",
    "publication_year": "出版年 出版年月 出版年月日 発行年 発行年月 発行日 出版日 刊行年 publicationyear yearofpublication copyrightdate pubyear year",
    "isbn": "ISBN ISBN13 ISBN10 ISBNコード isbncode",
    "ndc": "NDC NDC分類 分類(NDC) 分類番号 分類記号 日本十進分類 分類",
    "subject": "件名 件名標目 主題 キーワード subject subjects subjectheadings",
    "call_number": "請求記号 背ラベル ラベル 図書記号 callnumber itemcallnumber shelfmark callno",
    "shelf": "排架場所 配架場所 本棚 本棚の名称 配架 置き場所 所在 書架 棚 場所 location shelf shelvinglocation",
    "book_status": "状態 資料状態 所蔵状態 status itemstatus",
    "price": "価格 本体価格 定価 購入価格 金額 price replacementprice cost",
    "notes": "備考 メモ 注記 個別資料の注記 notes itemnotes remarks",
}
_LOAN = {
    "loan_number": "貸借番号 貸出番号 借用番号 貸出No 借用No 受付番号 申請番号 loannumber loanno loanid 番号 No ID",
    "direction": "区分 貸借区分 貸出借用 種別 direction loantype",
    "borrower": "相手先 貸出先 借用先 貸出先名 借用先名 借受者 借用者 申請者 貸出機関 機関名 borrower lender borrowinginstitution institution",
    "borrowers_contact": "担当者 担当者名 相手先担当者 先方担当者 contactperson contact contactname",
    "contact_telephone": "担当者の電話 担当者電話 担当者電話番号 連絡先電話 連絡先 電話番号 電話 TEL contactphone contacttelephone phone",
    "loan_purpose": "目的 貸出目的 借用目的 利用目的 使用目的 展覧会名 purpose loanpurpose reason",
    "loan_out_date": "開始日 貸出日 借用日 貸出年月日 借用年月日 貸出開始日 借用期間開始 貸出期間開始 期間(自) 期間自 loanoutdate loandate startdate "
    "dateout loaninginstart",
    "loan_return_date": "返却予定日 返却期限 期限 貸出終了日 借用期間終了 貸出期間終了 期間(至) 期間至 duedate loanreturndate enddate returndue",
    "returned_on": "返却日 返却年月日 返却済日 returned datereturned returnedon returndate",
    "loan_status": "状況 状態 進捗 loanstatus status",
    "conditions": "条件 貸出条件 借用条件 特記条件 conditions specialconditions loanconditions",
    "notes": "備考 メモ 特記事項 notes remarks",
}
_EXHIBITION = {
    "exhibition_number": "展覧会番号 展覧会ID 展示番号 exhibitionnumber exhibitionid 番号 No ID",
    "title": "展覧会名 展覧会名称 名称 展示名 タイトル title exhibitionname exhibitiontitle name",
    "title_reading": "よみ ふりがな 展覧会名よみ 展覧会名カナ",
    "venue": "会場 場所 展示場所 venue location gallery",
    "begins_on": "開始日 会期開始 会期開始日 会期(自) 開会日 期間開始 初日 begins startdate begindate openingdate",
    "ends_on": "終了日 会期終了 会期終了日 会期(至) 閉会日 期間終了 最終日 ends enddate closingdate",
    "exhibition_status": "状況 状態 status",
    "description": "趣旨 概要 内容 解説 説明 description summary",
    "notes": "備考 メモ notes remarks",
}
OF_NOUN = {
    "item": _ITEM, "donor": _DONOR, "patron": _PATRON, "book": _BOOK, "loan": _LOAN, "exhibition": _EXHIBITION,
}  # fmt: skip
OF_DONOR = {
    "number": "寄贈者番号 寄託者番号 donornumber",
    "name": "寄贈者 寄贈者名 寄贈者氏名 寄託者 寄託者名 寄託者氏名 受入先 受入先(寄贈者・寄託者) 提供者 旧所蔵者 所有者 所有者等 donor donorname "
    "depositor acquisitionsource source vendor",
    "reading": "寄贈者よみ 寄贈者カナ 寄贈者フリガナ 寄贈者名カナ 寄贈者名よみ donorreading",
    "address": "寄贈者住所 寄託者住所 受入先住所 donoraddress sourceaddress 住所 address",
    "postcode": "寄贈者郵便番号 寄託者郵便番号 donorpostcode donorzip 郵便番号 〒 postcode zip",
    "telephone": "寄贈者電話 寄贈者電話番号 寄贈者TEL 寄託者電話 寄託者電話番号 donortelephone donorphone sourcephone 電話番号 電話 TEL 連絡先 telephone phone",
}
"""What a row of items can tell of a donor → headings. Those without a word of whose they are hold beside the donor's name."""
ANYBODY = frozenset(
    [
        "住所",
        "address",
        "郵便番号",
        "〒",
        "postcode",
        "zip",
        "電話番号",
        "電話",
        "TEL",
        "連絡先",
        "telephone",
        "phone",
    ]
)
SIZES = "寸法 法量 大きさ サイズ 計測値 size sizes dimensions measurements dimensionstext"
MEASURES = {
    "height": "縦 高さ 高 タテ たて 器高 総高 像高 height itemheight",
    "width": "横 幅 ヨコ よこ 最大幅 width itemwidth",
    "depth": "奥行 奥行き 厚さ 厚 厚み 最大厚 depth itemdepth thickness",
    "diameter": "径 直径 口径 最大径 胴径 底径 diameter itemdiameter",
    "length": "長さ 長 全長 最大長 length itemlength",
    "weight": "重さ 重量 weight itemweight mass",
}
GATHERED = (
    "状態 保存状態 資料状態 参考文献 文献 掲載文献 出品歴 展覧会歴 展示歴 署名 銘文 印章 付属品 附属品 形態 condition conditionnotes inscription "
    "inscriptions marks exhibitionhistory bibliography references"
)
"""Kept in an item's notes behind their label: no field is theirs."""
NAMES = "氏名 名前 お名前 利用者名 氏名(漢字) fullname name patronname"
NAME_READINGS = (
    "氏名カナ カナ氏名 氏名よみ 氏名ふりがな 名前かな ふりがな フリガナ 名前よみ なまえ(かな) カナ"
)
"""A patron's whole name in one column, divided at its space."""


WEAK = frozenset(
    [
        "番号",
        "No",
        "NO",
        "ID",
        "資料ID",
        "図書ID",
        "通し番号",
        "通番",
        "objectid",
        "constituentid",
        "borrowernumber",
        "code",
    ]
)
"""A number of the record only where no other column is called a number."""


GENERIC = "区分 種別 状態 状況 type status category direction grade"
"""Such a column fills a field of a vocabulary only where it has words of it."""


def heading_key(text: str) -> str:
    """By what headings are compared."""
    return re.sub(r"[\s_()\[\].:/#,;-]", "", search_key(text))

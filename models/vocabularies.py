"""The controlled terms: code → (Japanese, English). Data, not code: seeds put them into the store's first use."""

from __future__ import annotations

from models.data_classes import Words

VOCABULARIES: dict[str, dict[str, Words]] = {
    "object_type": {
        "document": ("古文書・文書", "Documents"),
        "book": ("典籍・図書", "Books and manuscripts"),
        "painting": ("絵画", "Paintings"),
        "print": ("版画", "Prints"),
        "drawing": ("素描・水彩", "Drawings and watercolours"),
        "photograph": ("写真", "Photographs"),
        "sculpture": ("彫刻", "Sculpture"),
        "craft": ("工芸", "Decorative arts"),
        "calligraphy": ("書跡", "Calligraphy"),
        "archaeology": ("考古資料", "Archaeology"),
        "folk": ("民俗資料", "Folk materials"),
        "site": ("遺跡・地点", "Sites"),
        "map": ("地図・絵図", "Maps"),
        "moving_image": ("映像", "Film and video"),
        "other": ("その他", "Other"),
    },
    "rank": {
        "A": ("A 特に重要", "A Outstanding"),
        "B": ("B 貴重", "B Valuable"),
        "C": ("C 一般", "C General"),
        "D": ("D 参考", "D Reference"),
    },
    "rank_group": {"AB": ("A・B", "A and B"), "CD": ("C・D", "C and D")},
    "input_status": {
        "not_started": ("未着手", "Not started"),
        "in_progress": ("入力中", "In progress"),
        "awaiting_check": ("点検待ち", "Awaiting check"),
        "sent_back": ("差戻し", "Sent back"),
        "done": ("完了", "Done"),
    },
    "acquisition_method": {
        "purchase": ("購入", "Purchase"),
        "gift": ("寄贈", "Gift"),
        "deposit": ("寄託", "Held in trust"),
        "loan": ("借用", "Loan"),
        "transfer": ("移管", "Transfer"),
        "collected": ("採集", "Collected"),
        "made": ("製作", "Made"),
        "unknown": ("不明", "Unknown"),
    },
    "dimension": {
        "height": ("高さ・縦", "Height"),
        "width": ("幅・横", "Width"),
        "depth": ("奥行・厚さ", "Depth"),
        "diameter": ("径", "Diameter"),
        "length": ("長さ", "Length"),
        "weight": ("重さ", "Weight"),
    },
    "unit": {
        "cm": ("cm", "cm"),
        "mm": ("mm", "mm"),
        "m": ("m", "m"),
        "in": ("インチ", "in"),
        "g": ("g", "g"),
        "kg": ("kg", "kg"),
        "shaku": ("尺", "shaku"),
        "sun": ("寸", "sun"),
    },
    "accuracy": {
        "about": ("約", "About"),
        "least": ("最小", "At least"),
        "most": ("最大", "At most"),
    },
    "certainty": {
        "exact": ("確定", "Exact"),
        "about": ("頃", "About"),
        "uncertain": ("推定", "Uncertain"),
    },
    "donor_standing": {
        "donor": ("寄贈者", "Donor"),
        "depositor": ("寄託者", "Depositor"),
        "both": ("寄贈者・寄託者", "Donor and depositor"),
    },
    "party": {"person": ("個人", "Person"), "body": ("団体", "Body")},
    "purpose": {
        "donation": ("寄贈・寄託の手続きと連絡", "Acquisition and correspondence"),
        "deposit": ("寄託の管理と返還", "Management and return of deposits"),
        "library_card": ("図書館カードの発行と貸出の連絡", "Library card and lending"),
    },
    "collected_from": {
        "person": ("本人", "The person"),
        "with_leave": ("本人の同意を得て第三者", "A third party, with the person's leave"),
        "heir": ("相続人・家族", "Heirs or family"),
        "public_source": ("公になっている資料", "A public source"),
    },
    "sex": {
        "female": ("女", "Female"),
        "male": ("男", "Male"),
        "other": ("その他", "Other"),
        "unanswered": ("回答しない", "Not answered"),
    },
    "patron_category": {
        "general": ("一般", "General"),
        "student": ("学生", "Student"),
        "child": ("児童", "Child"),
        "body": ("団体", "Body"),
    },
    "book_status": {
        "available": ("在架", "Available"),
        "repair": ("修理中", "In repair"),
        "missing": ("所在不明", "Missing"),
        "withdrawn": ("除籍", "Withdrawn"),
    },
    "media_view": {
        "front": ("正面", "Front"),
        "back": ("背面", "Back"),
        "detail": ("部分", "Detail"),
        "inscription": ("銘・落款", "Inscription"),
        "storage": ("収蔵の様子", "In storage"),
        "other": ("その他", "Other"),
    },
    "media_rights": {
        "own": ("館が撮影・権利保有", "Taken and held by the institution"),
        "cleared": ("許諾済み", "Cleared"),
        "restricted": ("利用制限あり", "Restricted"),
        "public_domain": ("パブリックドメイン", "Public domain"),
        "unknown": ("未確認", "Not checked"),
    },
    "loan_direction": {"out": ("貸出", "Loan out"), "in": ("借用", "Loan in")},
    "loan_status": {
        "requested": ("申請中", "Requested"),
        "agreed": ("承認", "Agreed"),
        "on_loan": ("貸借中", "On loan"),
        "returned": ("返却済み", "Returned"),
        "declined": ("不承認", "Declined"),
    },
    "exhibition_status": {
        "planned": ("計画中", "Planned"),
        "open": ("開催中", "Open"),
        "closed": ("終了", "Closed"),
    },
    "use_purpose": {
        "desk": ("日常の業務", "Daily work"),
        "check": ("内容の点検", "Content check"),
        "exhibition": ("展覧会・貸借の準備", "Exhibitions and loans"),
        "research": ("調査・レファレンス", "Research and reference"),
        "report": ("報告・統計", "Reports and statistics"),
        "notice": ("本人への連絡・通知", "Contact with the person"),
        "enquiry": ("本人からの照会", "An enquiry from the person"),
        "disclosure": ("本人からの開示請求", "A person's request to see their data"),
        "return": ("資料の返還の手続き", "Return of an object"),
        "inspection": ("監査", "Audit and inspection"),
        "transfer": ("システムの移行", "Transfer of data to another system"),
    },
    # Of earlier versions: no longer offered, and still named in the ledgers.
    "former_purpose": {
        "contact": ("寄贈・貸出の連絡", "Contact about a gift or loan"),
        "audit": ("監査", "Audit"),
    },
    "takeout_medium": {
        "download": ("ファイル(端末に保存)", "File on a terminal"),
        "usb": ("USBメモリ", "USB memory"),
        "disc": ("CD・DVD", "Disc"),
        "drive": ("外付けドライブ", "External drive"),
        "paper": ("紙", "Paper"),
        "sent": ("送信", "Sent over a network"),
    },
    "takeout_end": {
        "returned": ("返却", "Returned"),
        "erased": ("消去・裁断", "Erased or shredded"),
        "handed_over": ("引渡し", "Handed over"),
    },
    "handler_standing": {
        "responsible": ("取扱責任者", "Responsible person"),
        "handler": ("取扱者", "Handler"),
    },
    "work_place": {
        "machine_room": ("機械室", "Machine room"),
        "desk": ("執務室・机上", "Office or desk"),
    },
    "work_status": {
        "requested": ("承認待ち", "Awaiting approval"),
        "approved": ("承認", "Approved"),
        "refused": ("不承認", "Refused"),
        "withdrawn": ("取消し", "Withdrawn"),
        "finished": ("完了", "Finished"),
    },
    "institution_kind": {
        "section": ("課", "Section"),
        "museum": ("博物館", "Museum"),
        "library": ("図書館", "Library"),
    },
    "originals": {
        "keep": ("保管する", "Keep"),
        "discard": ("保管しない", "Do not keep"),
    },
    "colour": {
        "indigo": ("藍", "Indigo"),
        "moss": ("苔", "Moss"),
        "plum": ("梅", "Plum"),
        "amber": ("琥珀", "Amber"),
        "slate": ("墨", "Slate"),
    },
    "role_kind": {
        "administrator": ("システム管理者", "Administrator"),
        "manager": ("管理(所管課)", "Manager"),
        "staff": ("学芸員・職員", "Museum staff"),
        "librarian": ("図書館員", "Librarian"),
        "auditor": ("監査", "Auditor"),
        "contractor": ("委託事業者", "Contractor"),
    },
    "second_factor": {"none": ("求めない", "Not asked for"), "required": ("必須", "Required")},
    "language": {"ja": ("日本語", "Japanese"), "en": ("英語", "English")},
}


def terms(vocabulary: str) -> dict[str, Words]:
    """The codes and labels of a vocabulary.

    Raises:
        KeyError: no such vocabulary.
    """
    return VOCABULARIES[vocabulary]

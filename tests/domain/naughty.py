"""Texts nobody means to send: garbage, monsters, and what fonts, keyboards and encodings make of Vietnamese."""

SENTENCE = "Sở đề nghị bổ sung 12,5 tỷ đồng tại khoản 3 Điều 5. "

# Legacy fonts read as Unicode, wrong encodings, and what stands where a reply should: with the variant that says so.
UNREADABLE = {
    "TCVN3": ("§Ò nghÞ thùc hiÖn theo quy ®Þnh.", "legacy_font"),
    "TCVN3, agreeing": ("Së Tµi chÝnh thèng nhÊt víi dù th¶o.", "legacy_font"),
    "VNI": ("Ñeà nghò thöïc hieän theo quy ñònh.", "legacy_font"),
    "VNI, agreeing": ("Sôû Taøi chính thoáng nhaát vôùi döï thaûo.", "legacy_font"),
    "UTF-8 as CP1252": ("Ä‘á» nghá»‹ thá»±c hiá»‡n", "misread"),
    "UTF-8 as Latin-1": ("Sở thống nhất với dự thảo".encode().decode("latin-1"), "misread"),
    "replacement characters": ("S\ufffd th\ufffdng nh\ufffdt v\ufffdi d\ufffd th\ufffdo.", "misread"),
    "letters lost": ("S? th?ng nh?t v?i d? th?o.", "misread"),
    "Telex keys": ("Sowr Taif chinhs thoongs nhaats vowis duwj thaor", "keystrokes"),
    "VNI keys": ("So73 Ta2i chi1nh tho61ng nha61t vo71i du75 tha3o", "keystrokes"),
    "emoji": ("👍👍👍", "signs"),
    "emoji around a word": ("💥" * 50 + " dự thảo " + "💥" * 50, "signs"),
    "control characters": ("\x00\x01\x02\x03", "no_words"),
    "English": ("We have read the draft and support it without further comments.", "foreign"),
    "French": ("Nous sommes d'accord avec le projet de plan.", "foreign"),
    "Chinese": ("同意该草案的内容", "foreign"),
    "Hebrew": ("שלום עליכם", "foreign"),
    "turned round": ("\u202eoảht ựd iớv tấhn gnốht ởS\u202c", "reordered"),
    "no words": ("… / 1. 2. 3.", "no_words"),
    "blank": ("  \n\t ", "no_words"),
    "unseen characters": ("\u200b\u200d\ufeff", "no_words"),
    "attachment": ("Sở Tài chính có ý kiến tại Phụ lục kèm theo.", "attachment"),
    "attachment, politely": (
        "Kính gửi: Sở Y tế.\nSau khi nghiên cứu dự thảo, Sở Tài chính gửi ý kiến góp ý tại Phụ lục kèm theo."
        "\nTrân trọng./.",
        "attachment",
    ),
    "attachment, in short": ("xem file đính kèm", "attachment"),
    "attachment, without diacritics": ("Noi dung gop y theo file dinh kem.", "attachment"),
}

# What only looks strange and can be read: none of these may be called unreadable.
READABLE = (
    "So Tai chinh thong nhat voi du thao.",
    "SỞ TÀI CHÍNH THỐNG NHẤT VỚI DỰ THẢO.",
    "ok anh, xã đồng ý",
    "Phường ko đồng ý vì thiếu kinh phí, xin lùi sang quý III.",
    "| STT | Nội dung | Ý kiến |\n| 1 | Điều 3 | Thống nhất |\n| 2 | Điều 5: 12,5 tỷ đồng | Thống nhất |",
    "Thống nhất dùng nền tảng Cloud, API và Dashboard của Viettel; thêm backup.",
    "Lượng bụi 50 µg/m³ vượt QCVN, đề nghị không cấp phép 800 m² đất.",
    "«Thống nhất»",
    "👍 Sở đồng ý với dự thảo 👍",
    "Thống nhất; danh sách theo phụ lục kèm theo.",
    "Không đồng ý, lý do tại phụ lục kèm theo.",
    "Đề nghị bỏ Điều 8, chi tiết tại phụ lục kèm theo.",
    "Thống nhất\ufeff với\u200b dự thảo.",
    "\u202eThống nhất với dự thảo\u202c",
)

# Size and shape: nothing to judge, everything to survive.
MONSTERS = {
    "ten megabytes": SENTENCE * 200_000,
    "ten megabytes without a space": "a" * 10_000_000,
    "a million marks": "a" + "\u0323\u0302" * 500_000,
    "a million marks, nothing under them": "\u0323\u0302" * 500_000,
    "a hundred thousand words": "thống nhất " * 50_000,
    "a hundred thousand lines": "Điều 3\n" * 100_000,
    "halves of characters": "\ud800\udfff Thống nhất \udc00" * 5_000,
    "NUL": "\x00" * 100_000,
    "unseen characters": "\u200b\u202e" * 100_000,
    "quotation marks": '"“”«»' * 20_000,
    "brackets": "([{<" * 25_000,
    "full stops": ". " * 50_000,
    "doubled letters": "khoonng " * 20_000,
    "figures": "1.234.567,89 " * 10_000,
    "markup": "<b>{{7*7}}</b> #read('/etc/passwd') ${x} %s " * 2_000,
}

"""Who opens which page of the demonstration province: every room, empty and full, with long Vietnamese names."""

C = "c-minh-hoa-"
# Account → pages. `nobody`: without signing in.
VISITS: dict[str, tuple[str, ...]] = {
    "nobody": (
        "/dang-nhap",
        "/tinh-han",
        "/tinh-han?ngay=2026-04-22&gio=09:00&n=5&don_vi=working_day",
        "/huong-dan",
        "/dien-tap",
        "/khong-co-trang-nay",
    ),
    "cv.sgddt": (
        "/",
        "/soan",
        "/lay-y-kien",
        f"/lay-y-kien/{C}10",
        f"/lay-y-kien/{C}10/ma-tran",
        f"/lay-y-kien/{C}34/tong-hop",
        f"/lay-y-kien/{C}34/tong-hop/ban-in",
        f"/lay-y-kien/{C}10/dien-bien",
        f"/lay-y-kien/{C}10/so-cai",
        "/tai-khoan",
        "/tim?q=truong+lop",
        "/tim?q=zxqwv",
    ),
    "gd.sgddt": ("/", f"/lay-y-kien/{C}01"),
    "gd.stc": ("/", "/duoc-hoi", "/duoc-hoi?tat_ca=true", f"/duoc-hoi/{C}14/tra-loi", f"/lay-y-kien/{C}36"),
    "vt.stc": ("/", "/duoc-hoi"),
    "pct1": ("/", "/lanh-dao", "/lanh-dao/diem-tin", "/lanh-dao/da-quyet-dinh"),
    "ct": ("/", "/lanh-dao"),
    "vpub": ("/", "/lay-y-kien", "/lay-y-kien?so-dong=100", "/theo-doi", "/theo-doi/man-hinh", f"/lay-y-kien/{C}32"),
    "snv": ("/", "/theo-doi"),
    "thanhtra": ("/", "/so-cai", f"/lay-y-kien/{C}38", f"/lay-y-kien/{C}38/so-cai"),
    "quantri": (
        "/",
        "/quan-tri",
        "/quan-tri/danh-ba",
        "/quan-tri/danh-ba/SNNMT",
        "/quan-tri/lanh-dao",
        "/quan-tri/lich",
        "/quan-tri/lich/2026-11-24",
        "/quan-tri/quy-tac",
        "/quan-tri/quy-tac/trung-uong",
        "/quan-tri/quy-tac/loai-du-thao",
        "/quan-tri/uy-quyen",
        "/quan-tri/suc-khoe",
        "/quan-tri/tai-khoan",
        "/quan-tri/phien",
    ),
}
# Pages whose address is only known from another page: (account, where from, what leads there).
FOLLOWED: tuple[tuple[str, str, str], ...] = (
    ("gd.stc", "/duoc-hoi", 'main a[href^="/duoc-hoi/c-"]'),
    ("pct1", "/lanh-dao", 'main a[href^="/vu-viec/"]'),
    ("cv.sgddt", f"/lay-y-kien/{C}14", 'main a[href*="/co-quan/"]'),
)

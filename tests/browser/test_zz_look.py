from tests.browser.people import Street, NARROW, WIDE, violations, overflowing
from pathlib import Path

OUT = Path("/tmp/finding-shots")
OUT.mkdir(exist_ok=True)


def test_look(street: Street) -> None:
    found = []
    for language, size, scheme in (
        ("ja", WIDE, "light"),
        ("en", NARROW, "dark"),
        ("ja", NARROW, "light"),
        ("en", WIDE, "dark"),
    ):
        page = street.person("staff.shinjuku", language, size)
        page.emulate_media(color_scheme=scheme)
        tag = f"{language}-{size[0]}-{scheme}"
        page.goto("/admin/item/?institution=shinjuku&f.rank.any=A,B")
        page.locator(
            "details.drop > summary", has_text="絞り込み" if language == "ja" else "Filter"
        ).first.click()
        page.screenshot(path=OUT / f"filters-{tag}.png")
        found.append(("filters", tag, violations(page), overflowing(page)))
        page.keyboard.press("Escape")
        page.goto("/admin/item/?institution=shinjuku")
        page.locator("[name=rowid]").first.check(force=True)
        page.locator("#batch [name=action]").select_option("change")
        page.screenshot(path=OUT / f"batch-{tag}.png")
        found.append(("batch", tag, violations(page), overflowing(page)))
        page.locator("#batch [name=value]").fill("第9収蔵庫")
        page.locator("#batch [name=field]").select_option("location")
        page.locator("#batch [name=all]").check()
        page.locator("#batch button.primary").click()
        page.screenshot(path=OUT / f"preview-{tag}.png")
        found.append(("preview", tag, violations(page), overflowing(page)))
        page.goto("/admin/item/export/")
        page.screenshot(path=OUT / f"export-{tag}.png", full_page=True)
        found.append(("export", tag, violations(page), overflowing(page)))
        page.goto("/admin/loan/")
        page.locator("a.open").first.click()
        page.locator("dd ul.lines a").first.click()
        page.screenshot(path=OUT / f"uses-{tag}.png", full_page=True)
        found.append(("uses", tag, violations(page), overflowing(page)))
        page.goto("/admin/item/print-list/")
        page.screenshot(path=OUT / f"print-{tag}.png")
        found.append(("print", tag, violations(page), overflowing(page)))
    (OUT / "found.txt").write_text("\n".join(map(str, found)))

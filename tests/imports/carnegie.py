"""Three hundred rows in the columns and habits of Carnegie Museum of Art's published file, invented."""

import csv
from pathlib import Path

COLUMNS = (
    "accession_number", "title", "creator", "nationality", "creation_date", "creation_date_earliest",
    "creation_date_latest", "medium", "classification", "department", "credit_line", "date_acquired",
    "physical_location", "item_width", "item_height", "item_depth", "item_diameter", "provenance_text", "web_url",
    "images",
)  # fmt: skip
MAPPING = Path(__file__).resolve().parents[2] / "seeds" / "mappings" / "carnegie.toml"


def rows(count: int = 300) -> list[dict[str, str]]:
    """Good rows: accession number unique, nothing too long."""
    return [_made(at) for at in range(count)]


def _made(at: int) -> dict[str, str]:
    cells = (
        f"{at % 100:02d}.{at}", f"A view of river {at}", "Somebody | Another", "American", f"c. {1850 + at % 100}",
        f"{1845 + at % 100}-01-01", f"{1855 + at % 100}-01-01", "oil on canvas", "paintings", "Fine Arts",
        "Gift of a friend", f"19{at % 90 + 10}-02-02", "Not on View", "46.0", "38.0", "0.0", "0.0",
        "A friend, Pittsburgh", f"http://collection.example.org/{at}", "",
    )  # fmt: skip
    return dict(zip(COLUMNS, cells, strict=True))


def written(path: Path, those: list[dict[str, str]]) -> Path:
    """The rows as a CSV with BOM, as the museum's spreadsheet saves it."""
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS)
        writer.writeheader()
        writer.writerows(those)
    return path

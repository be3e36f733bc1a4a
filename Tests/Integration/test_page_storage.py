"""The page: what a worker keeps on its disk."""

import time

import pytest
from playwright.sync_api import expect


@pytest.mark.extensions
def test_a_workers_disk_is_shown_by_kind_and_cleaned_up_by_a_button(visit, demo):
    name = "disk-worker"
    demo.api.call("workers.register", worker=name, timeout=600)
    usage = [
        {"kind": "models", "bytes": 3 << 30, "count": 2, "bytes_in_use": 1 << 30},
        {"kind": "logs", "bytes": 5 << 20, "count": 40},
        {"kind": "images", "bytes": 0, "count": 0},
    ]

    def report(**members):
        return demo.api.call("workers.status_report", worker=name, timestamp=int(time.time() * 1000), **members)

    assert report(storage=usage).get("clean") is None
    page = visit.go(f"workers/{name}")
    card = page.locator("section.storage")
    expect(card).to_contain_text("3.0 GB")
    expect(card).to_contain_text("1.0 GB in use")
    expect(card.get_by_role("row")).to_have_count(2)

    card.get_by_role("button", name="Clean up").click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_role("checkbox", name="Models")).to_be_checked()
    expect(dialog.get_by_role("checkbox", name="Logs")).not_to_be_checked()
    dialog.get_by_label("Of these").select_option("7")
    dialog.get_by_role("button", name="Clean up").click()
    expect(card).to_contain_text("Cleaning up")

    order = report()["clean"]
    assert order["kinds"] == ["models"]
    assert order["unused_days"] == 7
    assert report(cleaned=order["id"], storage=usage[1:]).get("clean") is None
    expect(card).not_to_contain_text("3.0 GB")
    expect(card.get_by_role("button", name="Clean up")).to_be_visible()

"""The page: from an empty server to a first task."""

import re

from playwright.sync_api import expect

from harness.agent import Agent
from harness.browser import Browsing
from harness.sdk import SDK


def test_three_steps_turn_green_as_they_happen(browser, own_server, tmp_path):
    newcomer = Browsing(browser, own_server).sign_in()
    page = newcomer.page
    expect(page.get_by_role("heading", name="Getting started")).to_be_visible()
    steps = page.locator(".guide > li")
    expect(steps).to_have_count(3)
    for number in (1, 2, 3):
        expect(steps.nth(number - 1)).to_have_attribute("aria-label", f"Step {number}, to do")

    page.get_by_role("button", name="Create an access key").click()
    expect(steps.nth(0)).to_have_attribute("aria-label", "Step 1, done")
    text = steps.nth(0).locator("pre").nth(1).inner_text()
    configuration = tmp_path / "clearml.conf"
    configuration.write_text(text)
    example = steps.nth(1).locator("pre").inner_text()

    agent = None
    try:
        sdk = SDK(own_server, tmp_path)
        sdk.environment["CLEARML_CONFIG_FILE"] = str(configuration)
        sdk.run(example)
        expect(steps.nth(1)).to_have_attribute("aria-label", "Step 2, done")
        expect(steps.nth(2)).to_have_attribute("aria-label", "Step 3, to do")
        assert re.search("stint agent daemon --queue default", steps.nth(2).inner_text())
        (tmp_path / "agent").mkdir()
        agent = Agent(own_server, tmp_path / "agent", "default", config_file=configuration).start()
        expect(steps.nth(2)).to_have_attribute("aria-label", "Step 3, done")
        page.get_by_role("link", name="first").click()
        expect(page.get_by_role("log", name="Console").get_by_text("hello from the agent", exact=True)).to_be_visible(timeout=120_000)
    finally:
        if agent:
            agent.end()
    newcomer.end()

"""Opens the dashboards in a browser; ends well if charts are drawn: look.py ADDRESS"""

import sys

from playwright.sync_api import sync_playwright

from tests.e2e.dashboards.conftest import CHROMIUM, QUIET, Dashboards

with sync_playwright() as playwright:
    browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
    visit = Dashboards(browser.new_page(), sys.argv[1]).open(page="overview", period="all")
    drawn = visit.shown(".chart[data-drawn]").count()
    if visit.problems or not drawn:
        sys.exit(f"{drawn} charts are drawn; {visit.problems}")

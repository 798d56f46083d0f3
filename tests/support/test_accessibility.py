"""The page check finds what is planted, and nothing on a sound page."""

import pytest
from playwright.sync_api import Page

from tests.support.accessibility import check_page, watch

pytestmark = pytest.mark.browser

SOUND = """<!doctype html><html lang="en"><head><title>Sound</title>
<meta name="viewport" content="width=device-width"></head><body><main><h1>Sound</h1>
<p>Read <a href="/a">the first page</a> and go on.</p>{planted}
</main></body></html>"""

PLANTED = {
    "axe image-alt": '<img src="data:image/gif;base64,R0lGODlhAQABAAAAACw=">',
    "axe label": "<input>",
    "structure: 2 h1 headings": "<h1>Again</h1>",
    "structure: id twin twice": '<p id="twin">1</p><p id="twin">2</p>',
    "structure: aria-describedby names nothing": '<button aria-describedby="nothing">Save this now</button>',
    "structure: the error summary links to #gone": '<div class="error-summary"><a href="#gone">Enter a day</a></div>',
    "inline style": '<p style="color: black">Styled</p>',
    "inline script": '<button onclick="go()">Go on with it</button>',
    "target 12 by": '<a href="/b"><svg width="12" height="12" role="img" aria-label="Next"></svg></a>',
    'link text "open"': '<a href="/c">Open</a> <a href="/d">Open</a>',
    "keyboard: no visible focus": "<style>a, button {outline: none !important}</style>",
    "keyboard: focus is off the screen": '<button style="position: fixed; left: -400px">Save this now</button>',
    "at 320 px: runs off the side": '<div style="inline-size: 600px">wide</div>',
    "script error": "<script>nothing.here()</script>",
    "console error": "<script>console.error('this went wrong')</script>",
}


def test_a_sound_page_has_no_findings(page: Page):
    watch(page)
    page.set_content(SOUND.format(planted=""))
    assert check_page(page) == []


@pytest.mark.parametrize("finding", PLANTED)
def test_a_planted_fault_is_found(page: Page, finding: str):
    watch(page)
    page.set_content(SOUND.format(planted=PLANTED[finding]))
    findings = check_page(page)
    assert any(found.startswith(finding) for found in findings), findings


def test_what_is_allowed_is_left_out(page: Page):
    watch(page)
    page.set_content(SOUND.format(planted=PLANTED['link text "open"']))
    assert check_page(page, allow=("link text", "target")) == []
